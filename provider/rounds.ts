import type { Progress, Report } from "./apply";
import { believed } from "./core/belief";
import { releaseDigest } from "./core/configuration";
import { explain } from "./core/errors";
import { lastingName } from "./core/image";
import { RELEASE } from "./core/names";
import { imageAt } from "./core/observed";
import { doneInAll, isOvertaken } from "./core/other-world";
import type { Plan } from "./core/plan";
import type { Spec } from "./core/spec";
import { rememberedOn, type Recorded } from "./core/state";
import type { Site } from "./orchestrator";

/** How many plans one update may take: whatever changes the world may go on doing so. */
const MOST_ROUNDS = 3;

/** A plan, what it was made for, and what was known by then. */
interface Ground {
  readonly site: Site;
  readonly plan: Plan<unknown>;
  readonly state: Recorded;
}

/** What came of a plan, as one of an update. */
interface Round extends Omit<Ground, "state"> {
  readonly report: Report;
  /** What is known from here on. */
  readonly state: Recorded;
  /** What a look saw afterwards. */
  readonly after: Site;
  /** What went wrong with the update itself: it is told, and costs as little as possible of the record. */
  readonly faults: readonly string[];
}

export interface Ways {
  readonly look: (latest: Recorded) => Promise<Site>;
  /** @throws when nothing may be done there */
  readonly plan: (site: Site, latest: Recorded) => Plan<unknown>;
  readonly progress: Progress;
  /** Told why there is to be another plan. */
  readonly again: (report: Report) => void;
}

/**
 * Carries out a plan. Where it met another world than the one that it was made for, a new look leads to a new plan, as the
 * next update's would. @returns the last round, with all that was done
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
  const image = imageAt(site.observed.find((host) => host.name === ran?.host));
  const believing: Recorded = {
    ...state,
    instances: believed(state, site.observed, report),
    __released:
      ran === undefined ? state.__released : String(releaseDigest(spec, lastingName(image), state.__key ?? "")),
  };
  // Whatever is wrong with the last look, what was done must not be lost.
  const after = await look(believing).catch((error: unknown): Site => {
    faults.push(`what runs now could not be looked at: ${explain(error)}`);
    return unseen(site, believing, spec.app);
  });
  return { site, plan, report, state: believing, after, faults };
}

/** Of an update that broke off, through a fault of our own: only the last look tells what it has done. */
const NOTHING_REPORTED: Report = {
  ...{ failures: [], waiting: [], isTakenBack: false, undone: [], left: [], done: [], warnings: [], met: new Set() },
};

/** What there is to go by without a look: all that may be there, in a state that nobody knows. */
function unseen(site: Site, state: Recorded, app: string): Site {
  const believed = { ...state, __names: {} };
  return {
    ...site,
    observed: site.observed.map((host) => ({ ...host, instances: rememberedOn(believed, host.name, app) })),
  };
}

async function nextGround(round: Round, { look, plan, progress, again }: Ways): Promise<Ground | undefined> {
  const { site, report, state, after, faults } = round;
  if (report.failures.length === 0 || faults.length > 0 || progress.stopped()) return undefined;
  // A host that is back was not there when the app's name was claimed.
  const reached = new Set(site.observed.filter(({ lost }) => lost === undefined).map(({ name }) => name));
  if (after.observed.some(({ name, lost }) => lost === undefined && !reached.has(name))) return undefined;
  try {
    const planned = plan(after, state);
    if (!isOvertaken(round.plan.changes, report, planned.changes)) return undefined;
    again(report);
    if (!(await after.prepare(planned))) return { site: after, plan: planned, state };
    const latest = await look(state);
    return { site: latest, plan: plan(latest, state), state };
  } catch {
    // What forbids another plan is told by the next preview; here, what failed stands as it is.
    return undefined;
  }
}

/** Ends all that is there; and what was brought back while it was ended. */
export async function removedInRounds(first: Site, look: () => Promise<Site>, progress: Progress): Promise<Report> {
  for (let [site, round] = [first, 1]; ; round++) {
    const { changes } = site.removal();
    const report = await site.apply(changes, progress);
    if (round === MOST_ROUNDS || progress.stopped() || !isOvertaken(changes, report, [])) return report;
    const next = await look().catch(() => undefined);
    // What failed is told, whatever is wrong with the new look.
    if (next === undefined) return report;
    site = next;
  }
}
