export type { FormationArgs, HostArgs, NetworksArgs, ProcessArgs, RegistryArgs } from "./args";
export { Formation } from "./formation";
