import { advise } from "../core/guards/advice";
import { budgets, overloads } from "../core/guards/connections";
import { explain } from "../core/values/errors";
import { formatFormation, type Formation } from "../core/values/formation";
import { CHANGES_LATER, formatLater, isEachShareKnown, isPlannable, withLater } from "../core/plan/later";
import { neighbourFaults, neighbourOf } from "../core/guards/neighbours";
import type { Plan } from "../core/plan/plan";
import { formatPlan, type FormationChange } from "../core/plan/text";
import { optional } from "../core/inputs/process-type";
import { requestFault } from "../core/inputs/operator-request";
import { leftText, settled } from "../core/scale";
import { orderOf, type Spec } from "../core/inputs/spec";
import { recorded } from "../core/record/state";
import { containsUnknown, UNKNOWN } from "../core/values/unknown";
import { parseDeclared } from "./declared";
import { planOfFirst } from "./first-look";
import { orchestratorOf } from "../orchestrators";
import { inputsDiffer, type Properties } from "../core/record/properties";
import { effectiveInputs, resolve, scaledBefore, withRestarts, withScaled } from "./requested";
import type { HookContext } from "../orchestrators/hook-context";

export interface Checked {
  readonly inputs: Properties;
  readonly faults: readonly string[];
  /** Names of recorded inputs that the program has changed since: Pulumi no longer knows that they are secret. */
  readonly kept?: readonly string[];
  /** The formation that a new resource starts with; the resource may be the second half of a replacement. */
  readonly anew?: Anew;
}

/** A formation that is resolved without any state. */
export interface Anew {
  readonly formation: Formation;
  /** Types whose quantity is a default or comes from app.json. */
  readonly unsaid: readonly string[];
}

/** A plan for a formation without state, made before any host is observed. */
interface First {
  readonly spec: Spec;
  /** Absent while inputs that the plan depends on are known only at `up`. */
  readonly formation?: Formation;
  readonly planned: Plan<unknown>;
  readonly show: (planned: Plan<unknown>) => string;
}

/** Resolves the full formation and runs all guards. Contacts no host. */
export function check(olds: Properties, news: Properties, context: HookContext): Checked {
  const { first, ...checked } = judge(olds, news, context);
  if (first !== undefined) context.say(first.show(first.planned));
  return checked;
}

/**
 * Runs `check` and, for a formation without state, observes the hosts as well: Pulumi calls no `diff` before it is
 * created.
 */
export async function checkAndLook(olds: Properties, news: Properties, context: HookContext): Promise<Checked> {
  const { first, ...checked } = judge(olds, news, context);
  if (first === undefined) return checked;
  const { spec, formation, planned, show } = first;
  try {
    const seen = formation === undefined ? undefined : await planOfFirst(spec, formation, context);
    context.say(show(seen ?? planned));
    return checked;
  } catch (error) {
    return { ...checked, faults: [explain(error)] };
  }
}

function judge(olds: Properties, news: Properties, context: HookContext): Checked & { readonly first?: First } {
  const isNew = Object.keys(olds).length === 0;
  const previous = isNew ? undefined : recorded.parse(olds).formation;
  const fault = context.request && requestFault(context.request, previous);
  if (fault !== undefined) return { inputs: news, faults: [fault] };
  const given = effectiveInputs(olds, news, context);
  const parsed = parseDeclared(given, context.name);
  const scaled = scaledBefore(olds, given);
  if (parsed.kind === "faults") {
    const more = parsed.rest === undefined ? [] : resolve(parsed.rest, previous, context, scaled).faults;
    return { inputs: given, faults: [...parsed.faults, ...more] };
  }
  if (parsed.kind === "later") {
    const { faults = [] } = parsed.rest === undefined ? {} : resolve(parsed.rest, previous, context, scaled);
    if (faults.length > 0) return { inputs: given, faults };
    if (isNew) context.say(formatLater(parsed));
    return { inputs: { ...given, formation: UNKNOWN, summary: UNKNOWN }, faults: [] };
  }
  const { spec } = parsed;
  const { formation, faults, sources, instead, left } = resolve(spec, previous, context, scaled);
  const resolved = settled(formation);
  const heavy = resolved === undefined || !isEachShareKnown(spec) ? [] : overloads(spec, resolved);
  const refused = [
    ...faults,
    ...orchestratorFaults(olds, spec),
    ...heavy.filter(({ isFatal }) => isFatal).map(({ text }) => text),
    ...(resolved === undefined ? [] : besides(spec, resolved, context)),
  ];
  if (refused.length > 0) return { inputs: given, faults: refused };
  for (const type of left) context.say(leftText(type, spec.app), "warning");
  if (resolved !== undefined)
    for (const text of [...heavy.map((one) => one.text), ...advise(spec, resolved)]) context.say(text, "warning");
  const order = orderOf(spec);
  const first = isNew ? firstOf(spec, { before: undefined, after: formation, sources, instead, order }) : undefined;
  if (first !== undefined && first.planned.shortages.length > 0)
    return { inputs: given, faults: first.planned.shortages };
  return {
    ...optional("first", first),
    inputs: {
      ...withScaled(
        withRestarts(given, olds, spec, context),
        { ...scaled, ...Object.fromEntries(left.map((type) => [type, null])) },
        formation,
        spec,
        context,
      ),
      formation,
      summary: resolved === undefined ? UNKNOWN : formatFormation(resolved, order),
    },
    faults: [],
    anew: {
      formation: resolved ?? {},
      unsaid: Object.keys(resolved ?? {}).filter((type) => sources[type] === "default" || sources[type] === "app.json"),
    },
    kept: Object.keys(given).filter(
      (key) => given !== news && inputsDiffer({ [key]: given[key] }, { [key]: news[key] }),
    ),
  };
}

function besides(spec: Spec, formation: Formation, { urn, neighbours = new Map() }: HookContext): string[] {
  const own = neighbourOf(urn, spec, formation);
  neighbours.set(urn, own);
  return neighbourFaults(own, neighbours.values());
}

function firstOf(spec: Spec, change: FormationChange): First {
  const formation = settled(change.after);
  const text = { ...change, budgets: formation === undefined ? {} : budgets(spec, formation) };
  const show = (planned: Plan<unknown>) => formatPlan(text, withLater(planned, spec));
  if (formation === undefined || !isPlannable(spec)) return { spec, planned: CHANGES_LATER, show };
  const planned = orchestratorOf(spec).planOfNew(spec, formation);
  return { spec, planned, show, ...(containsUnknown(spec.hosts) ? {} : { formation }) };
}

/** Refuses a change of orchestrator: one can neither observe nor end the processes of the other. */
function orchestratorFaults(olds: Properties, { orchestrator, app }: Spec): string[] {
  const former = Object.keys(olds).length === 0 ? orchestrator : recorded.parse(olds).orchestrator;
  if (former === orchestrator) return [];
  return [
    `orchestrator is ${JSON.stringify(orchestrator)}, but ${app} runs under ${JSON.stringify(former)}: destroy it there first, or declare another Formation with an app name of its own beside it`,
  ];
}
