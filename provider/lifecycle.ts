import { hostName } from "./core/addresses";
import { advise, adviseOnCpus } from "./core/advice";
import { budgets, overloads } from "./core/budget";
import { FormationError } from "./core/errors";
import { formatFormation, type Formation } from "./core/formation";
import type { ObservedHost } from "./core/observed";
import { observations } from "./core/outputs";
import { plan, planRemoval, type Plan } from "./core/plan";
import { formatPlan } from "./core/plan-text";
import { requestFault } from "./core/request";
import { settled } from "./core/scale";
import { orderOf, type DeclaredHost, type Spec } from "./core/spec";
import { recorded } from "./core/state";
import { containsUnknown, isKnown, UNKNOWN } from "./core/unknown";
import { parseDeclared } from "./declared";
import { formationIn, inputsDiffer, type Properties } from "./properties";
import { givenInputs, resolve, withRestarts } from "./requested";
import { failureTexts, perform } from "./update";
import { look, lookBack, planFor, refuseStops, roomOf, type Surroundings } from "./world";

export interface Checked {
  readonly inputs: Properties;
  readonly faults: readonly string[];
  /** Inputs of the last deployment that the program has changed since: Pulumi does not know of them what is secret. */
  readonly kept?: readonly string[];
}

/** Resolves the full formation and runs all guards. Contacts no host. */
export function check(olds: Properties, news: Properties, around: Surroundings): Checked {
  const isNew = Object.keys(olds).length === 0;
  const previous = isNew ? undefined : recorded.parse(olds).formation;
  const fault = around.request && requestFault(around.request, previous);
  if (fault !== undefined) return { inputs: news, faults: [fault] };
  const given = givenInputs(olds, news, around);
  const parsed = parseDeclared(given, around.name);
  if (parsed.kind === "faults") {
    const more = parsed.rest === undefined ? [] : resolve(parsed.rest, previous, around).faults;
    return { inputs: given, faults: [...parsed.faults, ...more] };
  }
  if (parsed.kind === "later") return { inputs: { ...given, formation: UNKNOWN, summary: UNKNOWN }, faults: [] };
  const { spec } = parsed;
  const { formation, faults, sources } = resolve(spec, previous, around);
  const resolved = settled(formation);
  const heavy = resolved === undefined ? [] : overloads(spec, resolved);
  const refused = [...faults, ...heavy.filter(({ isFatal }) => isFatal).map(({ text }) => text)];
  if (refused.length > 0) return { inputs: given, faults: refused };
  if (resolved !== undefined)
    for (const text of [...heavy.map((one) => one.text), ...advise(spec, resolved)]) around.say(text, "warning");
  const order = orderOf(spec);
  if (isNew && resolved !== undefined) {
    around.say(
      formatPlan(
        { before: undefined, after: formation, sources, order, budgets: budgets(spec, resolved) },
        planOfNew(spec, resolved),
      ),
    );
  }
  return {
    inputs: {
      ...withRestarts(given, spec, around),
      ...{ formation, summary: resolved === undefined ? UNKNOWN : formatFormation(resolved, order) },
    },
    faults: [],
    kept: Object.keys(given).filter(
      (key) => given !== news && inputsDiffer({ [key]: given[key] }, { [key]: news[key] }),
    ),
  };
}

/** What a new app's first `up` will do, as far as it can be told without a look at any host. */
function planOfNew(spec: Spec, formation: Formation): Plan {
  const nameOf = ({ name, host }: DeclaredHost) => name ?? (isKnown<string>(host) ? hostName(host) : "host");
  const rooms = spec.hosts.length === 0 ? [roomOf("local")] : spec.hosts.map((host) => roomOf(nameOf(host), host));
  const empty = rooms.map(({ name }): ObservedHost => ({
    name,
    address: "",
    engine: "",
    instances: [],
    strangers: [],
  }));
  return plan({ spec, formation, rooms, identity: { owner: "", key: "" } }, empty);
}

/** Looks at the hosts and says whether there is anything to do; the plan is said as a message. */
export async function diff(olds: Properties, news: Properties, around: Surroundings): Promise<boolean> {
  const differs = inputsDiffer(olds, news);
  const parsed = parseDeclared(news, around.name);
  const state = recorded.parse(olds);
  if (parsed.kind !== "spec") return differs;
  const { spec } = parsed;
  const { formation: resolution, sources } = resolve(spec, state.formation, around);
  const formation = formationIn(news);
  const text = {
    ...{ before: state.formation, after: formation ?? resolution, sources, order: orderOf(spec) },
    budgets: formation === undefined ? {} : budgets(spec, formation),
  };
  if (formation === undefined || containsUnknown(spec.hosts)) {
    around.say(formatPlan(text, { changes: [], blocked: [] }, ["the changes are known at up"]));
    return true;
  }
  const world = await look(spec, state, around);
  for (const { lost } of world.observed)
    if (lost !== undefined) around.say(`${lost}; what runs there is unknown`, "warning");
  const planned = planFor(spec, formation, world, state, around);
  const cpus = world.observed.reduce((sum, host) => sum + (host.capacity?.cpus ?? Infinity) / 1e9, 0);
  for (const text of adviseOnCpus(spec, formation, cpus)) around.say(text, "warning");
  if (!differs && planned.changes.length === 0 && planned.blocked.length === 0) return false;
  around.say(formatPlan(text, planned));
  if (around.request?.mayStop === false) refuseStops(planned.changes, world.observed);
  return true;
}

/** Looks at what runs. What is wanted stays as it was declared. */
export async function read(properties: Properties, around: Surroundings): Promise<Properties> {
  const parsed = parseDeclared(properties, around.name);
  if (parsed.kind !== "spec") return properties;
  const state = recorded.parse(properties);
  const { observed } = await look(parsed.spec, state, around);
  for (const { lost } of observed) if (lost !== undefined) around.say(`${lost}; what runs there is unknown`, "warning");
  return { ...properties, ...observations(observed, state.formation, parsed.spec, state.instances) };
}

export async function remove(properties: Properties, around: Surroundings): Promise<void> {
  const world = await lookBack(recorded.parse(properties), around);
  const own = world.observed.map((host) => ({
    ...host,
    instances: host.instances.filter((one) => one.owner === around.owner && one.state !== "unknown"),
  }));
  const report = await perform(planRemoval(own), world.hosts, around, properties["env"]);
  const left = world.observed.flatMap((host) =>
    host.lost === undefined || host.instances.length === 0 ? [] : host.lost,
  );
  const reasons = [...failureTexts(report, properties["env"]), ...left];
  if (reasons.length > 0) throw new FormationError("Incomplete", reasons.join("\n"));
}
