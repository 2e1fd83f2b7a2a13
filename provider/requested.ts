import { isTypeOrProcess, processTypeOf } from "./core/names";
import { FormationError } from "./core/errors";
import { only, REQUEST_VARIABLE } from "./core/request";
import { resolveScale, type Resolution } from "./core/scale";
import type { Formation } from "./core/formation";
import { entryOf } from "./core/entry";
import type { Spec } from "./core/spec";
import { declaredIn, type Properties } from "./properties";
import type { Surroundings } from "./world";

// Where an operator's request makes a difference: what the program says now waits for the next deployment.

/** The inputs to go by. */
export function givenInputs(olds: Properties, news: Properties, { request }: Surroundings): Properties {
  return request === undefined ? news : declaredIn(olds);
}

/** Every quantity, and where it comes from. */
export function resolve(spec: Spec, previous: Formation | undefined, around: Surroundings): Resolution {
  const { request } = around;
  const config = entryOf(around.scaleConfig, spec.app);
  if (request === undefined) return resolveScale(spec, previous, config);
  return resolveScale({ ...spec, scale: {} }, previous, config && only(config, request.scale));
}

/**
 * When each was restarted: as stack config has it, else the program, else as it was. So a restart is done once, wherever
 * the next deployment comes from.
 */
export function withRestarts(
  given: Properties,
  olds: Properties,
  { app, types }: Spec,
  around: Surroundings,
): Properties {
  const known = new Set(types.map((type) => type.name));
  const isOurs = (name: string) => known.has(processTypeOf(name)) && isTypeOrProcess(name);
  const ofConfig = Object.entries(entryOf(around.restartConfig, app) ?? {}).filter(([name]) => isOurs(name));
  const ofProgram = entriesOf(given["restartedAt"]);
  // Nothing is known of it yet.
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

/** An earlier time is told by somebody who does not know of the later restart. */
function isAnother(text: unknown, former: unknown): boolean {
  if (text === "") return false;
  if (typeof text !== "string" || typeof former !== "string" || !TIME.test(text) || !TIME.test(former)) return true;
  return !(Date.parse(text) < Date.parse(former));
}

/** An operator's request is for what is there: whoever asks, it neither begins a formation nor ends one. */
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
