import * as pulumi from "@pulumi/pulumi";
import type { FormationArgs } from "./args";
import { withSecretMaterial } from "./host-material";
import type { FormationOutputs } from "./outputs";
import { readProjectFile } from "./project-file";
import { withSecretCredentials } from "./registry-credentials";
import { secretPaths } from "./secret-paths";

const TYPE = "pulumi-nodejs:dynamic/formation:Formation";
// Recorded in every state, so it must never change. It loads the installed version of the package.
const PROVIDER = 'exports.handler=()=>require("pulumi-formation/provider")';

/**
 * The processes of one app: how many of each type run, and on which hosts.
 *
 * @example
 *   const app = new Formation("shop", {
 *     image: "shop:1",
 *     procfilePath: "./Procfile",
 *     processes: { web: { port: 8080, health: { path: "/" } } },
 *     scale: { web: 2, worker: 1 },
 *   });
 *   export const endpoints = app.endpoints;
 */
export class Formation extends pulumi.CustomResource {
  /** The full desired formation: a quantity for every process type. */
  declare readonly formation: pulumi.Output<FormationOutputs["formation"]>;
  /** The formation in one line. */
  declare readonly summary: pulumi.Output<string>;
  /** Number of running processes of each type, as observed after the last change. */
  declare readonly running: pulumi.Output<FormationOutputs["running"]>;
  /** Records of all processes. */
  declare readonly instances: pulumi.Output<FormationOutputs["instances"]>;
  /** `address:port` of each published process, by type. */
  declare readonly endpoints: pulumi.Output<FormationOutputs["endpoints"]>;
  /** Every `address:port` that a process may have, now or during a release, by type. */
  declare readonly backends: pulumi.Output<FormationOutputs["backends"]>;
  /** Every `address:port` that a process may have, now or during a release, by type and host. */
  declare readonly backendsByHost: pulumi.Output<FormationOutputs["backendsByHost"]>;
  /** Connections needed and allowed, by backing service. */
  declare readonly budgets: pulumi.Output<FormationOutputs["budgets"]>;
  /** The short name of the app's image and configuration. */
  declare readonly release: pulumi.Output<string>;
  /** The last 100 audit lines, oldest first. */
  declare readonly log: pulumi.Output<string[]>;

  /** @throws when `procfilePath` or `appJsonPath` cannot be read, or stands beside the text of the same file */
  constructor(name: string, args: FormationArgs, options?: pulumi.CustomResourceOptions) {
    const { procfilePath, appJsonPath, ...inputs } = args;
    super(
      TYPE,
      name,
      {
        formation: undefined,
        summary: undefined,
        running: undefined,
        instances: undefined,
        endpoints: undefined,
        backends: undefined,
        backendsByHost: undefined,
        budgets: undefined,
        release: undefined,
        log: undefined,
        ...inputs,
        ...(inputs.hosts === undefined ? {} : { hosts: withSecretMaterial(inputs.hosts) }),
        ...(inputs.registryAuth === undefined ? {} : { registryAuth: withSecretCredentials(inputs.registryAuth) }),
        ...textOf("procfile", procfilePath, inputs.procfile),
        ...textOf("appJson", appJsonPath, inputs.appJson),
        __provider: PROVIDER,
        __secrets: secretPaths(inputs),
        __urn: pulumi.createUrn(name, TYPE, options?.parent),
        __key: undefined,
        ...(isAlone(args, options) ? { __alone: true } : {}),
      },
      // The new resource of a replacement must not run beside the old one. This holds for `--replace` and taints, too,
      // about which Pulumi does not ask the provider.
      pulumi.mergeOptions(options, { additionalSecretOutputs: ["__key", "__former"], deleteBeforeReplace: true }),
    );
  }
}

/** True when the formation cannot depend on a network or an image that another resource has to create first. */
function isAlone(
  { image, network, networks, processes = {} }: FormationArgs,
  { dependsOn }: pulumi.CustomResourceOptions = {},
): boolean {
  const isGiven = (value: unknown) => !pulumi.Output.isInstance(value) && !(value instanceof Promise);
  const ofTypes = Object.values(processes).map((own: unknown) =>
    isGiven(own) ? (own as { readonly networks?: unknown } | null)?.networks : own,
  );
  return dependsOn === undefined && isGiven(processes) && [image, network, networks, ofTypes].every(isWhole);

  function isWhole(value: unknown): boolean {
    if (!isGiven(value)) return false;
    return typeof value !== "object" || value === null || Object.values(value).every(isWhole);
  }
}

function textOf(input: "procfile" | "appJson", path: string | undefined, text: unknown) {
  if (path === undefined) return {};
  if (text !== undefined) throw new pulumi.RunError(`${input}Path and ${input} are both given: give one of them`);
  return { [input]: readProjectFile(input, path, process.cwd()) };
}
