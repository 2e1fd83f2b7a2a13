/** The entry that Pulumi's dynamic-provider host loads. */
import "./pulumi/uncompiled-shapes"; // before any shape is made
export { check, configure, create, diff, read, remove as delete, update } from "./pulumi/dynamic";
