import { adviseOnCpus } from "../core/guards/advice";
import { groundOf } from "./begun";
import { budgets } from "../core/guards/connections";
import { CHANGES_LATER, formatLater, isPlannable, withLater } from "../core/plan/later";
import { formatPlan } from "../core/plan/text";
import { orderOf } from "../core/inputs/spec";
import { recorded } from "../core/record/state";
import { containsUnknown } from "../core/values/unknown";
import { parseDeclared } from "./declared";
import { orchestratorOf } from "../orchestrators";
import { formationIn, inputsDiffer, type Properties } from "../core/record/properties";
import { resolve, scaledIn } from "./requested";
import { refuseStops } from "../core/plan/refusals";
import type { HookContext } from "../orchestrators/hook-context";

/** Observes the hosts and logs the plan. @returns true when there is anything to do */
export async function diff(olds: Properties, inputs: Properties, context: HookContext): Promise<boolean> {
  const news = await groundOf(olds, inputs, context);
  const differs = inputsDiffer(olds, news);
  const parsed = parseDeclared(news, context.name);
  const state = recorded.parse(olds);
  if (parsed.kind === "later" && differs) context.say(formatLater(parsed, state.formation));
  if (parsed.kind !== "spec") return differs;
  const { spec } = parsed;
  const { formation: resolution, sources, instead } = resolve(spec, state.formation, context, scaledIn(inputs));
  const formation = formationIn(news);
  const text = {
    before: state.formation,
    after: formation ?? resolution,
    sources,
    instead,
    order: orderOf(spec),
    budgets: formation === undefined ? {} : budgets(spec, formation),
  };
  if (formation === undefined || containsUnknown(spec.hosts) || !isPlannable(spec)) {
    context.say(formatPlan(text, withLater(CHANGES_LATER, spec)));
    return true;
  }
  const site = await orchestratorOf(spec).observe(spec, state, context);
  for (const { unreachable } of site.observed)
    if (unreachable !== undefined) context.say(`${unreachable}; what runs there is unknown`, "warning");
  const planned = site.plan(formation, state);
  const cpus = site.observed.reduce((sum, host) => sum + (host.capacity?.cpus ?? Infinity) / 1e9, 0);
  for (const text of adviseOnCpus(spec, formation, cpus)) context.say(text, "warning");
  if (!differs && planned.changes.length === 0 && planned.blocked.length === 0) return false;
  context.say(formatPlan(text, withLater(planned, spec)));
  if (context.request?.mayStop === false) refuseStops(site.stopping(planned.changes));
  return true;
}
