import { FormationError } from "../../provider/core/values/errors";
import { sortTypes, type Formation } from "../../provider/core/values/formation";
import type { Outputs } from "../../provider/core/record/outputs";
import type { Env } from "../project/env";
import type { Project } from "../project/project";
import { isEncrypted, readResources, unsealed, type RecordedResource } from "./checkpoint";

type Properties = Readonly<Record<string, unknown>>;

/** A Formation as recorded in the state. A secret that was not decrypted is `SEALED`. */
export interface RecordedFormation {
  readonly urn: string;
  readonly name: string;
  readonly app: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** Reasons why the last update left something undone, if it did. */
  readonly initErrors?: readonly string[];
}

const TYPES: ReadonlySet<string> = new Set(["pulumi-nodejs:dynamic/formation:Formation", "formation:index:Formation"]);

/**
 * Reads every Formation of the stack.
 *
 * @param needed properties that must be decrypted if they are secret or contain a secret; Pulumi is started only then,
 * unless the state is not in files
 */
export type FormationReader = (needed?: readonly string[]) => Promise<readonly RecordedFormation[]>;

/**
 * Reads the formations anew at each call. Secrets are decrypted again only when the state has changed: a command that
 * keeps running would decrypt them twice a minute, and a secrets service may log each decryption.
 */
export function formationReader(project: () => Project, env: Env): FormationReader {
  let open: { readonly sealed: string; readonly formations: readonly RecordedFormation[] } | undefined;
  return async (needed = []) => {
    const read = (decrypted: boolean) => readResources(project(), env, decrypted);
    const resources = await read(false);
    const found = formationsIn(resources);
    const isMissing = ({ inputs, outputs }: RecordedFormation) =>
      needed.some((key) => isEncrypted(inputs[key]) || isEncrypted(outputs[key]));
    if (!found.some(isMissing)) return found;
    const sealed = JSON.stringify(resources.filter(isFormation));
    if (open?.sealed !== sealed) open = { sealed, formations: formationsIn(await read(true)) };
    return open.formations;
  };
}

function formationsIn(resources: readonly RecordedResource[]): RecordedFormation[] {
  return resources
    .filter((resource) => isFormation(resource) && resource.delete !== true)
    .map(({ urn, inputs = {}, outputs = {}, initErrors }) => {
      const name = nameOf(urn);
      const plain = { inputs: unsealed(inputs) as Properties, outputs: unsealed(outputs) as Properties };
      const left = initErrors === undefined ? {} : { initErrors };
      return { urn, name, app: appOf(urn, plain.inputs), ...plain, ...left };
    })
    .sort((a, b) => (a.app < b.app ? -1 : 1));
}

export function isFormation(resource: { readonly type: string } | undefined): boolean {
  return resource !== undefined && TYPES.has(resource.type);
}

export function appOf(urn: string, inputs: Properties): string {
  return typeof inputs["app"] === "string" ? inputs["app"] : nameOf(urn);
}

/** Reads the name from a URN: `urn:pulumi:stack::project::type::name`. */
function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** Chooses a formation by its app's name or its resource name; without a name, the only one that there is. */
export function chooseApp<F extends Pick<RecordedFormation, "app" | "urn">>(
  formations: readonly F[],
  app: string | undefined,
  project: Pick<Project, "stack">,
): F {
  const apps = formations.map((one) => one.app).join(", ");
  if (formations.length === 0) {
    throw new FormationError("NotFound", `stack ${project.stack} has no formation yet`, {
      hint: "deploy it with pulumi up, or choose another stack with --stack",
    });
  }
  const [only] = formations;
  if (app === undefined && only !== undefined && formations.length === 1) return only;
  const found = formations.find((one) => one.app === app) ?? formations.find(({ urn }) => nameOf(urn) === app);
  if (found !== undefined) return found;
  if (app === undefined) {
    throw new FormationError("InvalidInput", `stack ${project.stack} has several apps: ${apps}`, {
      hint: "say which with --app",
    });
  }
  throw new FormationError("InvalidInput", `stack ${project.stack} has no app ${app}: it has ${apps}`);
}

/** The full formation that was last declared, with types in the app's own order, as in its summary. */
export function quantitiesOf({ inputs }: Pick<RecordedFormation, "inputs">): Formation {
  const formation = (inputs["formation"] ?? {}) as Formation;
  const { summary } = inputs as { readonly summary?: string };
  const order = (summary ?? "").split(", ").map((part) => part.split("=")[0] ?? "");
  return Object.fromEntries(sortTypes(Object.keys(formation), order).map((type) => [type, formation[type] ?? 0]));
}

/** Instances as the last update recorded them. */
export function instancesOf({ outputs }: Pick<RecordedFormation, "outputs">): Outputs["instances"] {
  return (outputs["instances"] ?? []) as Outputs["instances"];
}
