import type { Formation } from "../provider/core/formation";
import type { Edit } from "./stack-config";

/** What is to be done to the formation as it is now. */
export interface Intent {
  readonly after: Formation;
  readonly edit: Edit;
  readonly scale: readonly string[];
  readonly restart: readonly string[];
  /** Types among those to scale that are given back to the program. */
  readonly reset?: readonly string[];
}
