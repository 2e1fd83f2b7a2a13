import * as pulumi from "@pulumi/pulumi";
import type { Inputs } from "../provider/core/inputs";
import type { Outputs } from "../provider/core/outputs";
import type { Unknown } from "../provider/core/unknown";
import { readProcfile } from "./procfile-path";

type Known<T> = T extends Unknown ? never : T extends object ? { [K in keyof T]: Known<T[K]> } : T;
type Deep<T> = { [K in keyof T]: pulumi.Input<Known<T[K]>> };

export type ProcessArgs = Known<NonNullable<Inputs["processes"]>[string]>;
export type HostArgs = Known<NonNullable<Inputs["hosts"]>[number]>;

/** The inputs as schema.json describes them, and `procfilePath`. */
export type FormationArgs = Omit<Deep<Inputs>, "app" | "env" | "scale"> & {
  readonly app?: string;
  /** Values may be secret. */
  readonly env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  readonly scale?: pulumi.Input<Record<string, pulumi.Input<number>>>;
  /** A Procfile in the program's folder, read when the program runs. */
  readonly procfilePath?: string;
};

const TYPE = "pulumi-nodejs:dynamic/formation:Formation";
// Kept in every state: it must never change. It loads whatever version of the package is installed.
const PROVIDER = 'exports.handler=()=>require("pulumi-formation/provider")';

/** The processes of one app: how many of each type run, and on which hosts. */
export class Formation extends pulumi.CustomResource {
  /** The full desired formation: a quantity for every process type. */
  declare readonly formation: pulumi.Output<Outputs["formation"]>;
  /** The formation in one line. */
  declare readonly summary: pulumi.Output<string>;
  /** How many processes of each type were seen running after the last change. */
  declare readonly running: pulumi.Output<Outputs["running"]>;
  /** One record for each process. */
  declare readonly instances: pulumi.Output<Outputs["instances"]>;
  /** `address:port` of each published process, by type. */
  declare readonly endpoints: pulumi.Output<Outputs["endpoints"]>;
  /** Every `address:port` that a process may have, now or in the course of a release, by type. */
  declare readonly backends: pulumi.Output<Outputs["backends"]>;
  /** The short name of the app's image and configuration. */
  declare readonly release: pulumi.Output<string>;
  /** The last 100 audit lines, oldest first. */
  declare readonly log: pulumi.Output<string[]>;

  /** @throws when `procfilePath` cannot be read, or stands beside `procfile` */
  constructor(name: string, args: FormationArgs, options?: pulumi.CustomResourceOptions) {
    const { procfilePath, ...inputs } = args;
    if (procfilePath !== undefined && inputs.procfile !== undefined) {
      throw new Error("procfilePath and procfile are both given: give one of them");
    }
    super(
      TYPE,
      name,
      {
        ...{ formation: undefined, summary: undefined, running: undefined, instances: undefined },
        ...{ endpoints: undefined, backends: undefined, release: undefined, log: undefined },
        ...inputs,
        ...(procfilePath === undefined ? {} : { procfile: readProcfile(procfilePath, process.cwd()) }),
        __provider: PROVIDER,
        __urn: pulumi.createUrn(name, TYPE, options?.parent),
        __key: undefined,
      },
      pulumi.mergeOptions(options, { additionalSecretOutputs: ["__key", "__former"] }),
    );
  }
}
