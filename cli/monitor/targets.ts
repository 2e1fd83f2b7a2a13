import { isLoopback } from "../../provider/core/values/addresses";
import { compare } from "../../provider/core/values/formation";
import type { Outputs } from "../../provider/core/record/outputs";
import { optional } from "../../provider/core/inputs/process-type";

/** An entry of Prometheus' file-based discovery. */
interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** The app, project and stack that own a series or file. */
export type Whose = Readonly<{ app: string; project?: string; stack?: string }>;

/** Labels in the order of the metrics. */
export function labelsOf({ project, stack, app }: Whose): Readonly<Record<string, string>> {
  return { ...optional("project", project), ...optional("stack", stack), app };
}

/** Creates an entry for each published process that can be reached, so that each has labels of its own. */
export function targetsOf(
  whose: Whose,
  instances: Outputs["instances"],
  elsewhere: readonly string[] = [],
): TargetGroup[] {
  const away = new Set(unreachableOf(instances, elsewhere));
  return [...instances]
    .sort((a, b) => compare(a.type, b.type) || a.index - b.index)
    .flatMap(({ endpoint, type, name, host, release }) =>
      endpoint === undefined || away.has(name)
        ? []
        : [{ targets: [endpoint], labels: { ...labelsOf(whose), type, process: name, host, release } }],
    );
}

/** Names of processes published on the loopback of another machine, which cannot be reached from here. */
export function unreachableOf(instances: Outputs["instances"], elsewhere: readonly string[]): readonly string[] {
  return instances.flatMap(({ endpoint, name, host }) => {
    const address = endpoint?.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
    return address !== undefined && isLoopback(address) && elsewhere.includes(host) ? [name] : [];
  });
}

export function exporterOf(exporter: string): TargetGroup[] {
  return [{ targets: [exporter], labels: {} }];
}
