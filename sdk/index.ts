export { Formation, type FormationArgs, type HostArgs, type ProcessArgs } from "./formation";
