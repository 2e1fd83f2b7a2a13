import { entryOf } from "../../provider/core/values/entry";
import { HIDDEN } from "../../provider/core/record/hidden";
import { declaredSecrets } from "../../provider/core/record/secrets";
import { typeOrder, type Formation } from "../../provider/core/values/formation";
import { RELEASE } from "../../provider/core/values/names";
import { parseProcfile } from "../../provider/core/inputs/procfile";
import type { Command } from "../../provider/core/inputs/process-type";
import { quantitiesOf, type RecordedFormation } from "../state/formations";
import { isEncrypted, ENCRYPTED } from "../state/checkpoint";

/** A process as the last update recorded it. */
interface Remembered {
  readonly type: string;
  readonly index: number;
  readonly host: string;
  readonly container: string;
}

/** The part of an app's state that observing it needs. Parsing all of it would take longer than observing. */
export interface App {
  readonly name: string;
  /** Identity in the labels of the app's containers; absent in states of version 0.1. */
  readonly identity?: string;
  /** `project/stack`, by which containers of version 0.1 are recognized. */
  readonly owner: string;
  readonly formation: Formation;
  /** Process types in the app's own order, including those at 0. */
  readonly types: readonly string[];
  /** Declared commands by type; those that the program made secret are hidden. */
  readonly commands: ReadonlyMap<string, string>;
  /** True when the command of a type that is no longer declared may be secret. */
  readonly hidesFormer?: boolean;
  readonly instances: readonly Remembered[];
  /** Audit lines, oldest first. */
  readonly log: readonly string[];
  /** The id of each engine, by the address where the formation was last observed. */
  readonly engines: Readonly<Record<string, string>>;
  /** The id of the Swarm, if the app runs on one. */
  readonly cluster?: string;
}

export function appOf(recorded: RecordedFormation, owner: string): App {
  const { inputs, outputs, app: name } = recorded;
  const procfile = parseProcfile(typeof inputs["procfile"] === "string" ? inputs["procfile"] : "", "procfile");
  const settings = (inputs["processes"] ?? {}) as Readonly<Record<string, { readonly command?: unknown }>>;
  const isSecret = secrecyOf(inputs);
  const commands = new Map<string, string>(procfile.ok ? procfile.commands : []);
  if (isSecret("procfile")) for (const type of commands.keys()) commands.set(type, HIDDEN);
  for (const [type, { command }] of Object.entries(settings)) {
    if (isSecret("processes", type, "command")) commands.set(type, HIDDEN);
    else if (typeof command === "string" || Array.isArray(command)) commands.set(type, commandText(command as Command));
  }
  const formation = quantitiesOf(recorded);
  return {
    name,
    owner,
    formation,
    commands,
    hidesFormer: isSecret("procfile") || isSecret("processes"),
    types: typeOrder(procfile.ok ? procfile.commands.keys() : [], [
      ...Object.keys(settings),
      ...Object.keys(formation),
    ]).filter((type) => type !== RELEASE),
    instances: (outputs["instances"] ?? []) as readonly Remembered[],
    log: (outputs["log"] ?? []) as readonly string[],
    engines: (outputs["__engines"] ?? {}) as Readonly<Record<string, string>>,
    ...(typeof outputs["__identity"] === "string" ? { identity: outputs["__identity"] } : {}),
    ...(typeof outputs["__cluster"] === "string" ? { cluster: outputs["__cluster"] } : {}),
  };
}

/** Returns a predicate for paths of inputs: true when the program made the value secret, decrypted here or not. */
function secrecyOf(inputs: RecordedFormation["inputs"]): (...path: string[]) => boolean {
  const declared = declaredSecrets(inputs);
  return (...path) => {
    const above = (secret: readonly string[]) => secret.every((step, at) => at >= path.length || step === path[at]);
    const inner = path.reduce<unknown>(
      (value, step) =>
        value === ENCRYPTED ? value : entryOf(value as Readonly<Record<string, unknown>> | undefined, step),
      inputs,
    );
    return isEncrypted(inner) || declared.some(above);
  };
}

/** True when the container is the app's: by its identity, or in version 0.1 by its owner or its id in the state. */
export function isOwn(
  { identity, owner, instances }: Pick<App, "identity" | "owner" | "instances">,
  one: { readonly identity?: string; readonly owner: string; readonly container: string },
): boolean {
  if (one.identity !== undefined && identity !== undefined) return one.identity === identity;
  return one.owner === owner || instances.some(({ container }) => container === one.container);
}

/** Formats a command as it would be typed in a shell. */
function commandText(command: Command): string {
  if (typeof command === "string") return command;
  return command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");
}
