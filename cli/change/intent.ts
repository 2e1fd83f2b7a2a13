import type { Formation } from "../../provider/core/values/formation";
import type { Edit } from "../project/stack-config";

/** A change that is asked for, resolved against the current formation. */
export interface Intent {
  readonly after: Formation;
  readonly edit: Edit;
  readonly scale: readonly string[];
  readonly restart: readonly string[];
  /** Types, among those in `scale`, whose quantity is given back to the program. */
  readonly reset?: readonly string[];
}
