import { adviseOnCpus } from "./core/advice";
import { groundOf } from "./begun";
import { budgets } from "./core/budget";
import { CHANGES_LATER, formatLater, isPlannable, withLater } from "./core/later";
import { formatPlan } from "./core/plan-text";
import { orderOf } from "./core/spec";
import { recorded } from "./core/state";
import { containsUnknown } from "./core/unknown";
import { parseDeclared } from "./declared";
import { orchestratorOf } from "./orchestrators";
import { formationIn, inputsDiffer, type Properties } from "./properties";
import { resolve, scaledIn } from "./requested";
import { refuseStops } from "./core/refusals";
import type { Surroundings } from "./surroundings";

/** Observes the hosts and logs the plan. @returns true when there is anything to do */
export async function diff(olds: Properties, inputs: Properties, around: Surroundings): Promise<boolean> {
  const news = await groundOf(olds, inputs, around);
  const differs = inputsDiffer(olds, news);
  const parsed = parseDeclared(news, around.name);
  const state = recorded.parse(olds);
  if (parsed.kind === "later" && differs) around.say(formatLater(parsed, state.formation));
  if (parsed.kind !== "spec") return differs;
  const { spec } = parsed;
  const { formation: resolution, sources, instead } = resolve(spec, state.formation, around, scaledIn(inputs));
  const formation = formationIn(news);
  const text = {
    ...{ before: state.formation, after: formation ?? resolution, sources, instead, order: orderOf(spec) },
    budgets: formation === undefined ? {} : budgets(spec, formation),
  };
  if (formation === undefined || containsUnknown(spec.hosts) || !isPlannable(spec)) {
    around.say(formatPlan(text, withLater(CHANGES_LATER, spec)));
    return true;
  }
  const site = await orchestratorOf(spec).look(spec, state, around);
  for (const { lost } of site.observed)
    if (lost !== undefined) around.say(`${lost}; what runs there is unknown`, "warning");
  const planned = site.plan(formation, state);
  const cpus = site.observed.reduce((sum, host) => sum + (host.capacity?.cpus ?? Infinity) / 1e9, 0);
  for (const text of adviseOnCpus(spec, formation, cpus)) around.say(text, "warning");
  if (!differs && planned.changes.length === 0 && planned.blocked.length === 0) return false;
  around.say(formatPlan(text, withLater(planned, spec)));
  if (around.request?.mayStop === false) refuseStops(site.stopping(planned.changes));
  return true;
}
