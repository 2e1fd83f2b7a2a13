import type { RecordedResource } from "../state";

/** Orders for the process that stands in for the program. Of secrets they hold nothing but where they are. */
export interface Job {
  /** Where Pulumi.yaml lies. */
  readonly folder: string;
  readonly project: string;
  readonly stack: string;
  /** The resource that is updated. */
  readonly target: string;
  /** The resources that Pulumi has to be told of, as they are recorded: each after all that it depends on. */
  readonly resources: readonly RecordedResource[];
  /** The names of the plugins that the stack's other resources are managed by. */
  readonly bystanders: readonly string[];
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}
