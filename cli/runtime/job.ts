import type { RecordedResource } from "../state";

/** What the process that stands in for the program is to do. Of secrets it holds nothing but where they are. */
export interface Job {
  /** Where Pulumi.yaml lies. */
  readonly folder: string;
  readonly project: string;
  readonly stack: string;
  /** The resource that is updated. */
  readonly target: string;
  /** What Pulumi has to be told of, as it is recorded: everything after all that it depends on. */
  readonly resources: readonly RecordedResource[];
  /** The names of the plugins that the stack's other resources are managed by. */
  readonly bystanders: readonly string[];
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}
