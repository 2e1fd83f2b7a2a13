export type { FormationArgs, HostArgs, ProcessArgs, RegistryArgs } from "./args";
export { Formation } from "./formation";
