import { randomBytes } from "node:crypto";
import type { Progress, Report } from "../orchestrators/apply";
import { lookOnceThere } from "./awaiting";
import { groundOf } from "./begun";
import { appendToLog, auditLines, enumerate } from "../core/record/audit";
import { slotOf, type Change } from "../core/model/change";
import { explain, FormationError } from "../core/values/errors";
import type { Formation } from "../core/values/formation";
import { ONE_OFF, processName } from "../core/values/names";
import type { ObservedHost } from "../core/model/observed";
import { observations } from "../core/record/outputs-of";
import { plainLine } from "../core/values/plain";
import type { Plan } from "../core/plan/plan";
import { redactor, type Redact } from "../core/record/redact";
import { secretsIn } from "../core/record/secrets";
import { isComplete, orderOf, type Spec } from "../core/inputs/spec";
import { identityIn, recorded, STATE_VERSION, type Recorded } from "../core/record/state";
import { parseDeclared } from "./declared";
import type { Snapshot } from "../orchestrators/orchestrator";
import { orchestratorOf } from "../orchestrators";
import { NOTHING_HELD, type Hold } from "../orchestrators/claiming";
import { formationIn, type Properties } from "../core/record/properties";
import { refuseStops } from "../core/plan/refusals";
import { inRounds } from "./rounds";
import type { HookContext } from "../orchestrators/hook-context";

/** The error of an update that did not do all it should have. `properties` says what is really there. */
export class PartialFailure extends Error {
  constructor(
    readonly properties: Properties,
    readonly reasons: readonly string[],
  ) {
    super(reasons.join("\n"));
  }
}

export function create(news: Properties, context: HookContext): Promise<Properties> {
  return update({}, news, context);
}

/** Observes, plans, applies and observes again. @returns the properties to record */
export async function update(olds: Properties, inputs: Properties, context: HookContext): Promise<Properties> {
  const news = await groundOf(olds, inputs, context);
  const parsed = parseDeclared(news, context.name);
  const formation = formationIn(news);
  if (parsed.kind !== "spec" || !isComplete(parsed.spec) || formation === undefined)
    throw new FormationError("InvalidInput", "an input is still unknown at up");
  const { spec } = parsed;
  const before = recorded.parse(olds);
  const isNew = Object.keys(olds).length === 0;
  const orchestrator = orchestratorOf(spec);
  const look = (latest: Recorded) => orchestrator.observe(spec, latest, context);
  const [first, actor] = await Promise.all([
    lookOnceThere(() => look(before), spec, before, context),
    // Found before the work, so that nothing is left to find out once it is done.
    context.actor().catch(() => "unknown"),
  ]);
  const dark = first.observed.flatMap(({ unreachable }) => unreachable ?? []);
  // No host of a new app can be reached: fail without recording a state.
  if (isNew && dark.length === first.observed.length) throw new FormationError("HostUnreachable", dark.join("\n"));
  if (first.astray !== undefined)
    throw new FormationError("HostUnreachable", first.astray, { hint: "nothing was done, on any engine" });
  const found = before.__key === undefined ? await first.key() : undefined;
  const state = { ...before, __key: before.__key ?? found ?? randomBytes(16).toString("hex") };
  // Processes that are replaced may print former secrets.
  const hide = redactor(secretsIn(olds, news, state));
  // Only with the key can containers be recognized as the formation's own: observe again.
  const second = found === undefined ? first : await look(state);

  const firstPlan = second.plan(formation, state);
  const isPrepared = await second.prepare(firstPlan);
  const site = isPrepared ? await look(state) : second;
  const plan = isPrepared ? site.plan(formation, state) : firstPlan;
  const hold = await site.hold(plan, state);
  try {
    const progress = progressOf(context, hide);
    const stopped = () => progress.stopped() || hold.isLost();
    const made = await inRounds({ site, plan, state }, spec, {
      look,
      plan: (latest, known) => {
        const planned = latest.plan(formation, known);
        if (context.request?.mayStop === false) refuseStops(latest.stopping(planned.changes));
        return planned;
      },
      progress: { ...progress, stopped },
      again: (report) => context.progress(`looking again: ${failureTexts(report, hide)[0]?.split("\n")[0] ?? ""}`),
    });
    const { after, faults } = made;
    // The snapshot from before the update knows hosts that became unreachable meanwhile.
    const done = { ...made, site, spec, formation, isNew, actor, news, hide, hold };
    const { properties, reasons } = conclude(done, [...faults], context);
    // Last of all, because it makes the app this formation's for good. A failure of it must not hide the changes that
    // were made.
    await Promise.all([isNew ? hold.close() : undefined, after.tidy(state)]).catch(() => undefined);
    if (reasons.length > 0) throw new PartialFailure(properties, reasons);
    return properties;
  } finally {
    await hold.leave().catch(() => undefined);
  }
}

export function progressOf(context: HookContext, hide: Redact): Progress {
  return {
    begin: (change) => context.progress(`${slotOf(change)} ${change.verb}`),
    line: (change, text) => context.say(plainLine(`${slotOf(change)}: ${hide(text)}`)),
    sleep: context.sleep,
    stopped: context.interrupted,
  };
}

interface Done {
  readonly spec: Spec;
  readonly formation: Formation;
  readonly isNew: boolean;
  readonly actor: string;
  readonly news: Properties;
  readonly hide: Redact;
  readonly state: Recorded;
  /** The snapshots before and after the changes. */
  readonly site: Snapshot;
  readonly after: Snapshot;
  readonly plan: Plan<unknown>;
  readonly report: Report;
  readonly hold: Hold;
}

/** @param faults of our own so far: they are reported, and must cost as little as possible of the record */
function conclude(
  done: Done,
  faults: string[],
  context: HookContext,
): { readonly properties: Properties; readonly reasons: readonly string[] } {
  const { spec, formation, state, report, plan, after, hide } = done;
  const rescued = <T>(work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch (error) {
      faults.push(explain(error));
      return otherwise;
    }
  };
  // A host that a person has written off is not counted; should it come back, its processes are not ours to keep.
  const counted = after.observed.filter((host) => host.unreachable === undefined || !after.isWrittenOff(host.name));
  const seen = rescued(() => observations(counted, formation, spec, state.instances), remembered(state));
  const reasons = [
    ...failureTexts(report, hide),
    ...plan.blocked.map(({ slot, why }) => `${slot}: left undone: ${why}`),
    ...counted.flatMap((host) =>
      host.unreachable === undefined ? [] : [`${host.unreachable}${leftAsTheyWere(host)}`],
    ),
  ];
  const lines = rescued(
    () =>
      auditLines({
        actor: done.actor,
        at: context.now(),
        order: orderOf(spec),
        before: done.isNew ? undefined : state.formation,
        after: formation,
        result: report,
        blocked: plan.blocked.length,
        release: seen.release,
      }),
    [],
  );
  for (const line of lines) context.say(line);
  for (const warning of report.warnings) context.say(plainLine(hide(warning)), "warning");
  const isComplete = () => reasons.length + faults.length === 0;
  const memories = rescued(() => memory(done, isComplete(), context), former(state));
  const properties = { ...done.news, ...seen, log: appendToLog(state.log, lines), ...memories };
  return { properties, reasons: [...reasons, ...faults.map(hide)] };
}

/** Outputs without an observation: the instances that are assumed. */
function remembered({ instances = [] }: Recorded): ReturnType<typeof observations> {
  return {
    running: {},
    endpoints: {},
    backends: {},
    backendsByHost: {},
    budgets: {},
    release: "",
    instances: instances.map(({ type, index, host, container, since = "", release = "" }) => ({
      name: processName(type, index),
      type,
      index,
      host,
      container,
      state: "unknown",
      since,
      release,
    })),
  };
}

function leftAsTheyWere({ instances }: ObservedHost): string {
  const slots = [...new Set(instances.filter(({ type }) => type !== ONE_OFF).map(slotOf))];
  return slots.length === 0 ? "" : `; what runs there is unknown and was left as it is: ${enumerate(slots)}`;
}

/** State that the last update left, for when nothing newer can be told. */
function former(state: Recorded): Properties {
  return Object.fromEntries(Object.entries(state).filter(([key]) => key.startsWith("__")));
}

/** State that the next update needs. */
function memory({ spec, state, site, after, hold }: Done, isComplete: boolean, { run }: HookContext): Properties {
  return {
    __state: STATE_VERSION,
    __app: spec.app,
    __key: state.__key,
    __identity: identityIn(state),
    __run: hold === NOTHING_HELD ? state.__run : run,
    __released: state.__released,
    __rebalanced: isComplete ? spec.rebalance : state.__rebalanced,
    ...after.toRemember(site.observed),
  };
}

/** @param hide for words of an engine or a process, which may hold a secret */
export function failureTexts(report: Report, hide: Redact): string[] {
  const failures = report.failures.map(({ change, reason }) => `${slotOf(change)} on ${change.host}: ${reason}`);
  const slots = (changes: readonly Change<unknown>[]) => enumerate([...new Set(changes.map(slotOf))]);
  const waiting = [...new Set(report.waiting.map(({ reason }) => reason))].map((reason) => {
    const those = report.waiting.filter((one) => one.reason === reason).map(({ change }) => change);
    return `${slots(those)}: not begun, because ${reason}`;
  });
  const back =
    report.undone.length === 0
      ? []
      : [`${slots(report.undone)}: put back as before; mend the cause, then run up again`];
  const paused = report.failures.some(({ change }) => change.onFailure === "pause");
  const standing = report.done.filter((change) => paused && change.onFailure === "pause");
  const stay =
    standing.length === 0 ? [] : [`${slots(standing)}: released, and left so; mend the cause, then run up again`];
  return [...failures, ...waiting, ...back, ...stay].map(hide);
}
