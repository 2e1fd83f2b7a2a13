import type { Progress, Report } from "../orchestrators/apply";
import { believed } from "../core/record/assumed";
import { releaseDigest } from "../core/model/configuration";
import { explain } from "../core/values/errors";
import { lastingName } from "../core/values/image";
import { RELEASE } from "../core/values/names";
import { imageAt } from "../core/model/observed";
import { doneInAll, isOvertaken } from "../core/model/other-world";
import type { Plan } from "../core/plan/plan";
import type { Spec } from "../core/inputs/spec";
import { rememberedOn, type Recorded } from "../core/record/state";
import type { Snapshot } from "../orchestrators/orchestrator";

/** Bounds the plans of one update: whatever changes the world may go on doing so. */
const MOST_ROUNDS = 3;

/** A plan, with the snapshot and the state that it was made from. */
interface Ground {
  readonly site: Snapshot;
  readonly plan: Plan<unknown>;
  readonly state: Recorded;
}

/** One plan of an update, and its result. */
interface Round extends Omit<Ground, "state"> {
  readonly report: Report;
  /** The state as known after this plan. */
  readonly state: Recorded;
  /** The snapshot taken after the plan was carried out. */
  readonly after: Snapshot;
  /** Faults of the update itself: they are reported, and must cost as little as possible of the record. */
  readonly faults: readonly string[];
}

export interface Ways {
  readonly look: (latest: Recorded) => Promise<Snapshot>;
  /** @throws when the snapshot forbids any change */
  readonly plan: (site: Snapshot, latest: Recorded) => Plan<unknown>;
  readonly progress: Progress;
  /** Called with the report that makes another plan necessary. */
  readonly again: (report: Report) => void;
}

/**
 * Carries out a plan. When it met another world than the one that it was made for, a new observation leads to a new
 * plan, as the next update's would. @returns the last round, with all that was done
 */
export async function inRounds(first: Ground, spec: Spec, ways: Ways): Promise<Round> {
  const earlier: Report[] = [];
  const warnings = new Set<string>();
  for (let ground = first; ;) {
    const round = await carriedOut(ground, spec, ways);
    const { report, plan } = round;
    for (const warning of report.warnings) warnings.add(warning);
    const next = earlier.length + 1 < MOST_ROUNDS ? await nextGround(round, ways) : undefined;
    if (next === undefined) {
      const done = doneInAll(earlier, report, plan.blocked);
      return { ...round, report: { ...report, done, warnings: [...warnings] } };
    }
    earlier.push(report);
    ground = next;
  }
}

async function carriedOut({ site, plan, state }: Ground, spec: Spec, { look, progress }: Ways): Promise<Round> {
  const faults: string[] = [];
  const report = await site.apply(plan.changes, progress).catch((error: unknown) => {
    faults.push(explain(error));
    return NOTHING_REPORTED;
  });
  const ran = report.done.find((change) => change.type === RELEASE && change.verb === "run");
  const image = imageAt(
    site.observed.find((host) => host.name === ran?.host),
    spec.image,
  );
  const believing: Recorded = {
    ...state,
    instances: believed(state, site.observed, report),
    __released:
      ran === undefined ? state.__released : String(releaseDigest(spec, lastingName(image), state.__key ?? "")),
  };
  // A failed observation must not lose the record of changes that were made.
  const after = await look(believing).catch((error: unknown): Snapshot => {
    faults.push(`what runs now could not be looked at: ${explain(error)}`);
    return unseen(site, believing, spec.app);
  });
  return { site, plan, report, state: believing, after, faults };
}

/**
 * Stands for the report of an update that broke off through a fault of our own: only an observation tells what it did.
 */
const NOTHING_REPORTED: Report = {
  failures: [],
  waiting: [],
  isTakenBack: false,
  undone: [],
  left: [],
  done: [],
  warnings: [],
  met: new Set(),
};

/** Stands for an observation that failed: all instances that are assumed, in an unknown state. */
function unseen(site: Snapshot, state: Recorded, app: string): Snapshot {
  const believed = { ...state, __names: {} };
  return {
    ...site,
    observed: site.observed.map((host) => ({ ...host, instances: rememberedOn(believed, host.name, app) })),
  };
}

async function nextGround(round: Round, { look, plan, progress, again }: Ways): Promise<Ground | undefined> {
  const { site, report, state, after, faults } = round;
  if (report.failures.length === 0 || faults.length > 0 || progress.stopped()) return undefined;
  // A host that became reachable during the update was not there when the app's name was claimed.
  const reached = new Set(site.observed.filter(({ unreachable }) => unreachable === undefined).map(({ name }) => name));
  if (after.observed.some(({ name, unreachable }) => unreachable === undefined && !reached.has(name))) return undefined;
  try {
    const planned = plan(after, state);
    if (!isOvertaken(round.plan.changes, report, planned.changes)) return undefined;
    again(report);
    if (!(await after.prepare(planned))) return { site: after, plan: planned, state };
    const latest = await look(state);
    return { site: latest, plan: plan(latest, state), state };
  } catch {
    // The next preview reports the refusal; here, the failures stand as they are.
    return undefined;
  }
}

/** Ends all processes, including those that are brought back meanwhile. */
export async function removedInRounds(
  first: Snapshot,
  look: () => Promise<Snapshot>,
  progress: Progress,
): Promise<Report> {
  for (let [site, round] = [first, 1]; ; round++) {
    const { changes } = site.removal();
    const report = await site.apply(changes, progress);
    if (round === MOST_ROUNDS || progress.stopped() || !isOvertaken(changes, report, [])) return report;
    const next = await look().catch(() => undefined);
    // The failures are reported, even if the new observation fails.
    if (next === undefined) return report;
    site = next;
  }
}
