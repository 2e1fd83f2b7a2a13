import { compare } from "../../provider/core/formation";
import type { Outputs } from "../../provider/core/outputs";

/** An entry of Prometheus' file-based discovery. */
interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** One entry for each published process, so that each has labels of its own. */
export function targetsOf(app: string, instances: Outputs["instances"]): TargetGroup[] {
  return [...instances]
    .sort((a, b) => compare(a.type, b.type) || a.index - b.index)
    .flatMap(({ endpoint, type, name, host, release }) =>
      endpoint === undefined ? [] : [{ targets: [endpoint], labels: { app, type, process: name, host, release } }],
    );
}

export function exporterOf(exporter: string): TargetGroup[] {
  return [{ targets: [exporter], labels: {} }];
}
