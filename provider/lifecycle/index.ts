// The hooks of the resource, for any adapter.
export { check, checkAndLook, type Checked } from "./check";
export { remove } from "./delete";
export { diff } from "./diff";
export { read } from "./read";
export { create, PartialFailure, update } from "./update";
