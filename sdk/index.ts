export * from "./args";
// Names that version 0.1 gave them.
export type { ProcessTypeArgs as ProcessArgs, RegistryAuthArgs as RegistryArgs } from "./args";
export * from "./outputs";
export { Formation } from "./formation";
