import * as z from "zod";
import { formatFormation, type Formation } from "../values/formation";

/** The variable in which the `formation` command tells the provider what an operator asks for. */
export const REQUEST_VARIABLE = "FORMATION_REQUEST";

/**
 * An operator's request to one formation between two deployments. Everything else about it stays as it was deployed,
 * whatever the program says by now; the numbers and times themselves stand in stack config.
 */
export const request = z.strictObject({
  urn: z.string(),
  /** The quantities that the operator knew. */
  before: z.record(z.string(), z.int()),
  /** The types that `formation:scale` is to change. */
  scale: z.array(z.string()),
  /** Types among these that are given back to the program. */
  reset: z.array(z.string()).optional(),
  /** The types and processes that are to be replaced by new ones; absent or empty unless it is a restart. */
  restart: z.array(z.string()).optional(),
  /** True when the operator knows that running processes are stopped. */
  mayStop: z.boolean(),
  /** No further change is begun once this file is there. */
  stopFile: z.string(),
});

export type Request = z.infer<typeof request>;

/** True when all running processes stay as they are: a scale, unlike a restart, only adds and removes. */
export function keepsReleases(request: Request | undefined): boolean {
  return request !== undefined && (request.restart ?? []).length === 0;
}

/** Words in the fault of a request on a formation that has changed since: the command can be run again. */
export const OVERTAKEN = "somebody has changed the formation meanwhile";
/** Words in the fault of a request that stops processes without the operator's knowing. */
export const STOPS_UNASKED = "running processes would be stopped";

/** Reason why a request cannot be carried out on the recorded formation, if so. */
export function requestFault({ before }: Request, now: Formation | undefined): string | undefined {
  if (now === undefined) return "the formation is not deployed yet: run pulumi up first";
  const text = (formation: Formation) => formatFormation(formation, Object.keys(before));
  if (text(now) === text(before)) return undefined;
  return `${OVERTAKEN}: it is ${text(now)}, no longer ${text(before)}; run the command again`;
}

/** Stack config with an object of entries for each app. */
export type ByApp = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** True for an object of objects: any other entry would belong to no app, and be passed over silently. */
export function isByApp(config: unknown): config is ByApp {
  return isObject(config) && Object.values(config).every(isObject);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Selects the named entries of an object. */
export function only(config: ByApp[string], names: readonly string[]): ByApp[string] {
  return Object.fromEntries(Object.entries(config).filter(([name]) => names.includes(name)));
}
