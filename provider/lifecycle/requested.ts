import { isTypeOrProcess, processTypeOf } from "../core/values/names";
import { FormationError } from "../core/values/errors";
import { only, REQUEST_VARIABLE } from "../core/inputs/operator-request";
import { resolveScale, type Resolution, type Scaled } from "../core/scale";
import type { Formation } from "../core/values/formation";
import { entryOf } from "../core/values/entry";
import type { Spec } from "../core/inputs/spec";
import { declaredIn, formationIn, type Properties } from "../core/record/properties";
import type { HookContext } from "../orchestrators/hook-context";

// The effects of an operator's request: whatever the program has changed waits for the next deployment.

/** The inputs to go by: under a request the recorded ones, else the program's. */
export function effectiveInputs(olds: Properties, news: Properties, { request }: HookContext): Properties {
  return request === undefined ? news : declaredIn(olds);
}

/** Resolves every quantity and its source. @param scaled see `scaledIn` */
export function resolve(spec: Spec, previous: Formation | undefined, context: HookContext, scaled: Scaled): Resolution {
  const { request } = context;
  const config = entryOf(context.scaleConfig, spec.app);
  if (request === undefined) return resolveScale(spec, previous, config, scaled);
  const scale = only(spec.scale, request.reset ?? []) as Spec["scale"];
  return resolveScale({ ...spec, scale }, previous, config && only(config, request.scale));
}

/**
 * Hidden input with the quantities that an operator has set: they stay whether or not the next deployment's config has
 * them.
 */
const SCALED = "__scaled";

export function scaledIn(properties: Properties): Scaled {
  const scaled = properties[SCALED];
  if (typeof scaled !== "object" || scaled === null) return {};
  const isQuantity = ([, quantity]: [string, unknown]) => typeof quantity === "number" || quantity === null;
  return Object.fromEntries(Object.entries(scaled).filter(isQuantity));
}

/** Operator's quantities that still hold: they were carried out, and the program has not set another number since. */
export function scaledBefore(olds: Properties, given: Properties): Scaled {
  const now = formationIn(olds) ?? {};
  const [was, is] = [olds["scale"], given["scale"]].map((scale) => (scale ?? {}) as Readonly<Record<string, unknown>>);
  return Object.fromEntries(
    Object.entries(scaledIn(olds)).filter(
      ([type, quantity]) =>
        (entryOf(now, type) ?? quantity) === quantity &&
        (entryOf(is, type) === undefined || entryOf(is, type) === entryOf(was, type)),
    ),
  );
}

/**
 * Adds the quantities that an operator has set until now. A number that stack config has set since wins over an earlier
 * one.
 */
export function withScaled(
  inputs: Properties,
  scaled: Scaled,
  formation: Resolution["formation"],
  { app }: Spec,
  { request, scaleConfig }: HookContext,
): Properties {
  const { [SCALED]: _, ...rest } = inputs;
  const config = entryOf(scaleConfig, app) ?? {};
  const asked = request?.scale.filter((type) => !(request.reset ?? []).includes(type)) ?? [];
  const kept = Object.entries(scaled).flatMap(([type, quantity]): (readonly [string, number | null])[] => {
    if (request?.scale.includes(type) === true) return [];
    // The type is remembered without a quantity: stack config may still name it.
    if (!Object.hasOwn(formation, type)) return [[type, null]];
    const said = request === undefined ? entryOf(config, type) : undefined;
    return quantity === null || (said !== undefined && said !== quantity) ? [] : [[type, quantity]];
  });
  const all = Object.fromEntries([...kept, ...asked.map((type) => [type, formation[type]] as const)]);
  return Object.keys(all).length === 0 ? rest : { ...rest, [SCALED]: all };
}

/**
 * Adds the times of restarts: as stack config has them, else the program, else as recorded. So a restart is done once,
 * wherever the next deployment comes from.
 */
export function withRestarts(
  given: Properties,
  olds: Properties,
  { app, types }: Spec,
  context: HookContext,
): Properties {
  const known = new Set(types.map((type) => type.name));
  const isOurs = (name: string) => known.has(processTypeOf(name)) && isTypeOrProcess(name);
  const ofConfig = Object.entries(entryOf(context.restartConfig, app) ?? {}).filter(([name]) => isOurs(name));
  const ofProgram = entriesOf(given["restartedAt"]);
  // The program's own restarts are known only at `up`.
  if (ofProgram === undefined) return given;
  const former = Object.fromEntries((entriesOf(olds["restartedAt"]) ?? []).filter(([name]) => isOurs(name)));
  const said = { ...Object.fromEntries(ofProgram), ...Object.fromEntries(ofConfig) };
  const restarts = Object.entries(said).filter(([name, text]) => isAnother(text, former[name]));
  const restartedAt = { ...former, ...Object.fromEntries(restarts) };
  return Object.keys(restartedAt).length === 0 ? given : { ...given, restartedAt };
}

function entriesOf(restarts: unknown): (readonly [string, unknown])[] | undefined {
  if (restarts === undefined || restarts === null) return [];
  return typeof restarts === "object" ? Object.entries(restarts) : undefined;
}

const TIME = /^\d{4}-\d\d-\d\dT/;

/** True when a restart is a new one. An earlier time comes from somebody who does not know of the later restart. */
function isAnother(text: unknown, former: unknown): boolean {
  if (text === "") return false;
  if (typeof text !== "string" || typeof former !== "string" || !TIME.test(text) || !TIME.test(former)) return true;
  return !(Date.parse(text) < Date.parse(former));
}

/** Refuses to create or delete under an operator's request, which is for formations that are deployed. */
export function refuseUnderRequest(env: Readonly<Record<string, string | undefined>>, what: "create" | "delete"): void {
  if (env[REQUEST_VARIABLE] === undefined) return;
  throw new FormationError(
    "InvalidInput",
    `formation scale and restart change what is deployed, and never ${what} it`,
    {
      hint: "nothing was touched; run pulumi up, which shows what it would do",
    },
  );
}
