// What every formation of an organisation has to keep, whatever its program says:
//   pulumi preview --policy-pack ../policy
import { PolicyPack } from "@pulumi/policy";
import { backingServices, singletonsRunOnce } from "./rules";

new PolicyPack("formation", { policies: [singletonsRunOnce, backingServices] });
