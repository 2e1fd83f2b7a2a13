export { Formation, type FormationArgs, type HostArgs, type ProcessArgs, type RegistryArgs } from "./formation";
