import { compare } from "../../provider/core/formation";
import type { Contract } from "../contract";

/** Prometheus' file-based discovery: one entry for each published process, so that each has labels of its own. */
export interface TargetGroup {
  readonly targets: readonly [string];
  readonly labels: Readonly<Record<string, string>>;
}

export function targetsOf(app: string, instances: Contract["instances"]): TargetGroup[] {
  return [...instances]
    .sort((a, b) => compare(a.type, b.type) || a.index - b.index)
    .flatMap(({ endpoint, type, name, host, release }) =>
      endpoint === undefined
        ? []
        : [{ targets: [endpoint] as const, labels: { app, type, process: name, host, release } }],
    );
}
