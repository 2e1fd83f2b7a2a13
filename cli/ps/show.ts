import { processTypeOf } from "../../provider/core/values/names";
import type { CliContext } from "../context";
import type { App } from "../observe/app";
import { lossesIn, type Observation } from "../observe/observe";
import { select } from "../observe/select";
import { gather, glance } from "./gather";
import { psJson, type HostRecord } from "./json";
import { rowsOf, running, typesIn, type Row } from "./rows";
import { counts, psLines } from "./text";

export interface Options {
  readonly wide?: boolean;
  readonly json?: boolean;
}

export interface Shown {
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
  /** True when a host was unreachable. */
  readonly isPartial: boolean;
}

/** Output of `ps` for the processes that were named. */
export async function shown(
  app: App,
  looks: readonly Observation[],
  names: readonly string[],
  options: Options,
  context: CliContext,
): Promise<Shown> {
  const all = rowsOf(app, glance(looks));
  const isMeant = select(names, typesIn(app, all), all);
  const asked = { details: options.json === true, usage: options.wide === true, isMeant };
  const rows = rowsOf(app, await gather(looks, asked, Date.now() / 1000)).filter(isMeant);
  const named = names.map(processTypeOf);
  const types = typesIn(app, rows).filter((type) => named.length === 0 || named.includes(type));
  const isPartial = looks.some(({ kind }) => kind === "lost");
  return { lines: linesOf(app, looks, rows, types, options, context), warnings: lossesIn(looks), isPartial };
}

function hostsIn(looks: readonly Observation[]): HostRecord[] {
  return looks.map((look) => ({
    name: look.viewer.name,
    reachable: look.kind === "seen",
    ...(look.kind === "lost" ? { reason: look.reason } : {}),
  }));
}

function linesOf(
  app: App,
  looks: readonly Observation[],
  rows: readonly Row[],
  types: readonly string[],
  { wide, json }: Options,
  { colors, width }: CliContext,
): string[] {
  const counted = running(types, rows);
  if (json === true) return [psJson(app.name, rows, app.formation, counted, hostsIn(looks))];
  const paint = { good: colors.green, bad: colors.red, doubtful: colors.yellow };
  return psLines(rows, counts(types, counted, app.formation), { wide: wide === true, width, paint });
}
