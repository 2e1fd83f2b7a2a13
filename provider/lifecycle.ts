import { advise, adviseOnCpus } from "./core/advice";
import { groundOf } from "./begun";
import { budgets, overloads } from "./core/budget";
import { explain, FormationError, hasCode } from "./core/errors";
import { formatFormation, type Formation } from "./core/formation";
import { CHANGES_LATER, formatLater, isEachShareKnown, isPlannable, withLater } from "./core/later";
import { neighbourFaults, neighbourOf } from "./core/neighbours";
import { observations } from "./core/observations";
import type { ObservedHost } from "./core/observed";
import type { Plan } from "./core/plan";
import { formatPlan, type FormationChange } from "./core/plan-text";
import { optional } from "./core/process-type";
import { redactor } from "./core/redact";
import { requestFault } from "./core/request";
import { leftText, settled } from "./core/scale";
import { secretsIn } from "./core/secrets";
import { orderOf, type Spec } from "./core/spec";
import { identityIn, recorded, type Recorded } from "./core/state";
import { containsUnknown, UNKNOWN } from "./core/unknown";
import { parseDeclared } from "./declared";
import { toldAddresses } from "./former-hosts";
import { planOfFirst } from "./first-look";
import { orchestratorOf } from "./orchestrators";
import { formationIn, inputsDiffer, type Properties } from "./properties";
import { givenInputs, resolve, scaledBefore, scaledIn, withRestarts, withScaled } from "./requested";
import { removedInRounds } from "./rounds";
import { failureTexts, progressOf } from "./update";
import { refuseStops } from "./core/refusals";
import type { Surroundings } from "./surroundings";

export interface Checked {
  readonly inputs: Properties;
  readonly faults: readonly string[];
  /** Inputs of the last deployment that the program has changed since: Pulumi does not know of them what is secret. */
  readonly kept?: readonly string[];
  /** Quantities that nobody says: of a resource that is to be replaced, they would be lost. */
  readonly unsaid?: Formation;
}

/** A plan of what has no state yet, before any host is looked at. */
interface First {
  readonly spec: Spec;
  /** Absent while what the hosts are to run is not known. */
  readonly formation?: Formation;
  readonly planned: Plan<unknown>;
  readonly show: (planned: Plan<unknown>) => string;
}

/** Resolves the full formation and runs all guards. Contacts no host. */
export function check(olds: Properties, news: Properties, around: Surroundings): Checked {
  const { first, ...checked } = judge(olds, news, around);
  if (first !== undefined) around.say(first.show(first.planned));
  return checked;
}

/** `check`, and of what has no state yet a look at the hosts as well: nobody else asks before it is made. */
export async function checkAndLook(olds: Properties, news: Properties, around: Surroundings): Promise<Checked> {
  const { first, ...checked } = judge(olds, news, around);
  if (first === undefined) return checked;
  const { spec, formation, planned, show } = first;
  try {
    const seen = formation === undefined ? undefined : await planOfFirst(spec, formation, around);
    around.say(show(seen ?? planned));
    return checked;
  } catch (error) {
    return { ...checked, faults: [explain(error)] };
  }
}

function judge(olds: Properties, news: Properties, around: Surroundings): Checked & { readonly first?: First } {
  const isNew = Object.keys(olds).length === 0;
  const previous = isNew ? undefined : recorded.parse(olds).formation;
  const fault = around.request && requestFault(around.request, previous);
  if (fault !== undefined) return { inputs: news, faults: [fault] };
  const given = givenInputs(olds, news, around);
  const parsed = parseDeclared(given, around.name);
  const scaled = scaledBefore(olds, given);
  if (parsed.kind === "faults") {
    const more = parsed.rest === undefined ? [] : resolve(parsed.rest, previous, around, scaled).faults;
    return { inputs: given, faults: [...parsed.faults, ...more] };
  }
  if (parsed.kind === "later") {
    const { faults = [] } = parsed.rest === undefined ? {} : resolve(parsed.rest, previous, around, scaled);
    if (faults.length > 0) return { inputs: given, faults };
    if (isNew) around.say(formatLater(parsed));
    return { inputs: { ...given, formation: UNKNOWN, summary: UNKNOWN }, faults: [] };
  }
  const { spec } = parsed;
  const { formation, faults, sources, instead, left } = resolve(spec, previous, around, scaled);
  const resolved = settled(formation);
  const heavy = resolved === undefined || !isEachShareKnown(spec) ? [] : overloads(spec, resolved);
  const refused = [
    ...faults,
    ...orchestratorFaults(olds, spec),
    ...heavy.filter(({ isFatal }) => isFatal).map(({ text }) => text),
    ...(resolved === undefined ? [] : besides(spec, resolved, around)),
  ];
  if (refused.length > 0) return { inputs: given, faults: refused };
  for (const type of left) around.say(leftText(type, spec.app), "warning");
  if (resolved !== undefined)
    for (const text of [...heavy.map((one) => one.text), ...advise(spec, resolved)]) around.say(text, "warning");
  const order = orderOf(spec);
  const first = isNew ? firstOf(spec, { before: undefined, after: formation, sources, instead, order }) : undefined;
  if (first !== undefined && first.planned.shortages.length > 0)
    return { inputs: given, faults: first.planned.shortages };
  return {
    ...optional("first", first),
    inputs: {
      ...withScaled(
        withRestarts(given, olds, spec, around),
        { ...scaled, ...Object.fromEntries(left.map((type) => [type, null])) },
        formation,
        spec,
        around,
      ),
      ...{ formation, summary: resolved === undefined ? UNKNOWN : formatFormation(resolved, order) },
    },
    faults: [],
    unsaid: Object.fromEntries(
      Object.entries(resolved ?? {}).filter(([type]) => sources[type] === "default" || sources[type] === "app.json"),
    ),
    kept: Object.keys(given).filter(
      (key) => given !== news && inputsDiffer({ [key]: given[key] }, { [key]: news[key] }),
    ),
  };
}

function besides(spec: Spec, formation: Formation, { urn, neighbours = new Map() }: Surroundings): string[] {
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

/** What one orchestrator runs, another neither sees nor ends. */
function orchestratorFaults(olds: Properties, { orchestrator, app }: Spec): string[] {
  const former = Object.keys(olds).length === 0 ? orchestrator : recorded.parse(olds).orchestrator;
  if (former === orchestrator) return [];
  return [
    `orchestrator is ${JSON.stringify(orchestrator)}, but ${app} runs under ${JSON.stringify(former)}: destroy it there first, or declare another Formation with an app name of its own beside it`,
  ];
}

/** Looks at the hosts and says whether there is anything to do; the plan is said as a message. */
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

/** Looks at what runs. What is wanted stays as it was declared. */
export async function read(properties: Properties, around: Surroundings): Promise<Properties> {
  const parsed = parseDeclared(properties, around.name);
  if (parsed.kind !== "spec") return properties;
  const state = recorded.parse(properties);
  const site = await orchestratorOf(parsed.spec)
    .look(parsed.spec, state, around)
    .catch((error: unknown) => {
      if (!hasCode(error, "EngineMismatch")) throw error;
      around.say(`${explain(error)}; what runs on the first is unknown`, "warning");
      return undefined;
    });
  if (site === undefined) return properties;
  const { observed, astray } = site;
  for (const { lost } of observed) if (lost !== undefined) around.say(`${lost}; what runs there is unknown`, "warning");
  // Nothing was seen of where the formation is.
  if (astray !== undefined) return properties;
  return { ...properties, ...observations(observed, state.formation, parsed.spec, state.instances) };
}

/** @param unsaid what the same resource is to be made anew with, when this is the first half of its replacement */
export async function remove(properties: Properties, around: Surroundings, unsaid: Formation = {}): Promise<void> {
  const state = recorded.parse(properties);
  refuseLoss(state, unsaid, around);
  const site = await orchestratorOf(state).lookBack(state, around);
  if (site.astray !== undefined && site.observed.some(({ name }) => !site.isWrittenOff(name)))
    throw new FormationError("HostUnreachable", site.astray, {
      hint: "nothing was done; set DOCKER_HOST, or the docker context, to the engine that the formation runs on",
    });
  const { blocked, notes } = site.removal();
  for (const note of notes) around.say(`note: ${note}`);
  const hide = redactor(secretsIn(properties));
  const again = () => orchestratorOf(state).lookBack(state, around);
  const report = await removedInRounds(site, again, progressOf(around, hide));
  // A host that an update had begun to use before it died may have processes of which no state tells.
  const told = toldAddresses(site.observed, ({ identity }) => identity === identityIn(state));
  const isEmpty = ({ instances, address }: ObservedHost) => instances.length === 0 && !told.has(address);
  const reasons = [
    ...failureTexts(report, hide),
    ...blocked.map(({ slot, why }) => `${slot}: left undone: ${why}`),
    ...site.observed.flatMap((host) =>
      host.lost === undefined || isEmpty(host) || site.isWrittenOff(host.name)
        ? []
        : `${host.lost}; if it is gone for good: pulumi config set --path 'formation:abandoned[0]' ${host.address}, then destroy again`,
    ),
  ];
  if (reasons.length > 0) throw new FormationError("Incomplete", reasons.join("\n"));
  // Nothing is expected anywhere any more: an engine may have another id by now.
  const after = await orchestratorOf(state).lookBack({ ...state, instances: [] }, around);
  await after.tidy(state);
}

/** Pulumi asks for the new of a replacement as if nothing had been before: what was only kept would be lost. */
function refuseLoss({ __app, formation }: Recorded, unsaid: Formation, { name }: Surroundings): void {
  const lost = Object.keys(unsaid).filter((type) => Object.hasOwn(formation, type) && formation[type] !== unsaid[type]);
  if (lost.length === 0) return;
  const app = __app ?? name;
  const now = lost.map((type) => `${type}=${String(formation[type])} would be ${String(unsaid[type])}`).join(", ");
  const say = lost.map(
    (type) => `pulumi config set --path formation:scale.${app}.${type} ${String(formation[type])} --plaintext`,
  );
  throw new FormationError("InvalidInput", `a replacement of ${app} would lose quantities that nobody says: ${now}`, {
    hint: `nothing was done; say them, in scale or with ${say.join(" && ")}, then run it again`,
  });
}
