/** The entry that Pulumi's dynamic-provider host loads. */
export { check, configure, create, diff, read, remove as delete, update } from "./dynamic";
