import type { RecordedResource } from "../state/checkpoint";

/** Orders for the process that stands in for the program. They tell where secrets are, but not their values. */
export interface Job {
  /** The folder of Pulumi.yaml. */
  readonly folder: string;
  readonly project: string;
  readonly stack: string;
  /** The resource that is updated. */
  readonly target: string;
  /** Recorded resources to register with Pulumi, each after all that it depends on. */
  readonly resources: readonly RecordedResource[];
  /** Names of the plugins that manage the stack's other resources. */
  readonly bystanders: readonly string[];
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}
