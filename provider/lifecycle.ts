import { randomBytes } from "node:crypto";
import { apply, type Report } from "./apply";
import { appendToLog, auditLines, withoutControls } from "./core/audit";
import { slotOf, type Change } from "./core/change";
import { canonicalJson } from "./core/configuration";
import { explain, FormationError, hasCode } from "./core/errors";
import { formatFormation, type Formation } from "./core/formation";
import { observations } from "./core/outputs";
import { plan, planRemoval } from "./core/plan";
import { formatPlan } from "./core/plan-text";
import { redact } from "./core/redact";
import { resolveScale, settled } from "./core/scale";
import { isComplete, parseSpec, type Spec } from "./core/spec";
import { recorded, STATE_VERSION, type Recorded } from "./core/state";
import { UNKNOWN } from "./core/unknown";
import { keyOnHost, look, planFor, refuseOtherEngine, type Surroundings, type World } from "./world";

export type Properties = Readonly<Record<string, unknown>>;

/** An update that did not do all it should have: `properties` is what really is. */
export class PartialFailure extends Error {
  constructor(
    readonly properties: Properties,
    readonly reasons: readonly string[],
  ) {
    super(reasons.join("\n"));
  }
}

export interface Checked {
  readonly inputs: Properties;
  readonly faults: readonly string[];
}

/** Resolves the full formation and runs all guards. Contacts no host. */
export function check(olds: Properties, news: Properties, around: Surroundings): Checked {
  const parsed = parseSpec(declared(news), around.name);
  if (parsed.kind === "faults") return { inputs: news, faults: parsed.faults };
  if (parsed.kind === "later") return { inputs: { ...news, formation: UNKNOWN, summary: UNKNOWN }, faults: [] };
  const { spec } = parsed;
  const isNew = Object.keys(olds).length === 0;
  const previous = isNew ? undefined : recorded.parse(olds).formation;
  const { formation, faults, sources } = resolveScale(spec, previous, around.scaleConfig[spec.app]);
  if (faults.length > 0) return { inputs: news, faults };
  const resolved = settled(formation);
  const order = orderOf(spec);
  if (isNew && resolved !== undefined) {
    const home = spec.hosts[0]?.name ?? "local";
    const changes = plan({ spec, formation: resolved, home, identity: { owner: around.owner, key: "" } }, []);
    around.say(formatPlan({ before: undefined, after: formation, sources, order }, changes));
  }
  return {
    inputs: { ...news, formation, summary: resolved === undefined ? UNKNOWN : formatFormation(resolved, order) },
    faults: [],
  };
}

/** Looks at the host and says whether there is anything to do; the plan is said as a message. */
export async function diff(olds: Properties, news: Properties, around: Surroundings): Promise<boolean> {
  const changed = canonicalJson(ownInputs(olds)) !== canonicalJson(ownInputs(news));
  const parsed = parseSpec(declared(news), around.name);
  const state = recorded.parse(olds);
  if (parsed.kind !== "spec") return changed;
  const { spec } = parsed;
  const { formation, sources } = resolveScale(spec, state.formation, around.scaleConfig[spec.app]);
  const text = { before: state.formation, after: formation, sources, order: orderOf(spec) };
  const resolved = settled(formation);
  if (resolved === undefined || spec.hosts.some(({ host }) => host === UNKNOWN)) {
    around.say(formatPlan(text, [], ["the changes are known at up"]));
    return true;
  }
  try {
    const world = await look(spec, state, around);
    const changes = planFor(spec, resolved, world, state, around);
    if (changes.length > 0 || canonicalJson(resolved) !== canonicalJson(state.formation)) {
      around.say(formatPlan(text, changes));
      return true;
    }
    return false;
  } catch (error) {
    if (!hasCode(error, "HostUnreachable")) throw error;
    around.say(`${explain(error)}; what runs there is unknown`, "warning");
    return changed;
  }
}

export function create(news: Properties, around: Surroundings): Promise<Properties> {
  return update({}, news, around);
}

/** Observe, plan, apply, observe: makes it so, and answers with what is. */
export async function update(olds: Properties, news: Properties, around: Surroundings): Promise<Properties> {
  const parsed = parseSpec(declared(news), around.name);
  if (parsed.kind !== "spec" || !isComplete(parsed.spec))
    throw new FormationError("InvalidInput", "an input is still unknown at up");
  const { spec } = parsed;
  const isNew = Object.keys(olds).length === 0;
  const state = recorded.parse(olds);
  const before = isNew ? undefined : state.formation;
  const { formation: resolution } = resolveScale(spec, before, around.scaleConfig[spec.app]);
  const formation = settled(resolution) ?? {};

  const first = await look(spec, state, around);
  const key = state.__key ?? (await keyOnHost(first)) ?? randomBytes(16).toString("hex");
  const keyed = { ...state, __key: key };
  let world = first;
  if (first.observed.some((host) => host.name === first.home && host.imageId === undefined)) {
    const wanted = planFor(spec, formation, first, keyed, around);
    if (wanted.some((change) => change.steps.some((step) => step.op === "run"))) {
      around.progress(`pulling ${String(spec.image)}`);
      await first.hosts.get(first.home)?.pull(String(spec.image));
      world = await look(spec, state, around);
    }
  }
  const changes = planFor(spec, formation, world, keyed, around);
  const report = await perform(changes, world.hosts, around);
  return conclude(report, { spec, formation, before, key, news, state, world, changes }, around);
}

/** Looks at what runs. What is wanted stays as it was declared. */
export async function read(properties: Properties, around: Surroundings): Promise<Properties> {
  const parsed = parseSpec(declared(properties), around.name);
  if (parsed.kind !== "spec") return properties;
  const state = recorded.parse(properties);
  const { observed } = await look(parsed.spec, state, around);
  return { ...properties, ...observations(observed, state.formation, orderOf(parsed.spec)) };
}

export async function remove(properties: Properties, around: Surroundings): Promise<void> {
  const state = recorded.parse(properties);
  const host = around.connect(state.hosts);
  const observed = await host.observe({ apps: [state.app ?? around.name], fixedPorts: [] });
  refuseOtherEngine(state, [observed]);
  const own = { ...observed, instances: observed.instances.filter((one) => one.owner === around.owner) };
  const report = await perform(planRemoval([own]), new Map([[host.name, host]]), around);
  if (report.failures.length > 0)
    throw new FormationError("Incomplete", failureTexts(report, properties["env"]).join("\n"));
}

interface Done {
  readonly spec: Spec;
  readonly formation: Formation;
  readonly before: Formation | undefined;
  readonly key: string;
  readonly news: Properties;
  readonly state: Recorded;
  readonly world: World;
  readonly changes: readonly Change[];
}

async function conclude(report: Report, done: Done, around: Surroundings): Promise<Properties> {
  const { spec, formation, before, state, changes } = done;
  const order = orderOf(spec);
  const { observed } = await look(spec, state, around);
  const seen = observations(observed, formation, order);
  const failures = report.failures.length;
  const deed = {
    actor: await around.actor(),
    at: around.now(),
    before,
    after: formation,
    order,
    changes,
    failures,
    release: seen.release,
  };
  const lines = auditLines(deed);
  for (const line of lines) around.say(line);
  for (const warning of report.warnings) around.say(withoutControls(warning), "warning");
  const properties = {
    ...done.news,
    app: spec.app,
    ...seen,
    log: appendToLog(state.log, lines),
    __state: STATE_VERSION,
    __key: done.key,
    __engines: Object.fromEntries(observed.map((host) => [host.address, host.engine])),
  };
  if (failures > 0) throw new PartialFailure(properties, failureTexts(report, spec.env));
  return properties;
}

function perform(changes: readonly Change[], hosts: World["hosts"], around: Surroundings): Promise<Report> {
  const begin = (change: Change) => around.progress(`${slotOf(change)} ${change.verb}`);
  return apply(changes, hosts, { begin, stopped: around.interrupted });
}

/** What an engine or a process said may hold a value of env. */
function failureTexts(report: Report, env: unknown): string[] {
  return report.failures.map(({ change, reason }) =>
    redact(`${slotOf(change)} on ${change.host}: ${change.verb} failed: ${reason}`, (env ?? {}) as Properties),
  );
}

const DERIVED = new Set(["formation", "summary"]);
const OUTPUTS = new Set(["running", "instances", "endpoints", "release", "log"]);

/** What the program declared: without what we derive, hide or put out. */
function declared(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(([key]) => !key.startsWith("__") && !DERIVED.has(key) && !OUTPUTS.has(key)),
  );
}

function ownInputs(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("__") && !OUTPUTS.has(key)));
}

function orderOf(spec: Spec): string[] {
  return spec.types.map((type) => type.name);
}
