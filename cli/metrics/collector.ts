import type { Usage } from "../../provider/orchestrators/viewer";
import { contractOf } from "../state/contract";
import type { CliContext } from "../context";
import { observeAll, type Observation } from "../observe/observe";
import { gather } from "../ps/gather";
import { rowsOf } from "../ps/rows";
import { answerer } from "./answers";
import { snapshotOf, type Snapshot } from "./snapshot";
import { watch } from "./watch";

/** Minimum time between measurements of usage, for which an engine takes a second or two. */
const USAGE_EVERY_MS = 10_000;

export interface Wanted {
  /** True to read the restart count of each process. */
  readonly details: boolean;
  /** Resource usage: `behind` measures in the background, for the next snapshot. */
  readonly usage: "none" | "behind" | "now";
}

/** Takes a new snapshot at each call; concurrent calls share one. */
export type Collector = () => Promise<Snapshot>;

export function collector(context: CliContext, { details, usage: wanted }: Wanted): Collector {
  const watched = watch(context);
  const unanswered = answerer();
  let usage: ReadonlyMap<string, Usage> = new Map();
  let asked = -Infinity;
  const measure = async (looks: readonly Observation[]) => {
    asked = performance.now();
    usage = (await gather(looks, { details: false, usage: true, isMeant: () => true }, Date.now() / 1000)).usage;
  };
  const look = async () => {
    const began = performance.now();
    const { app, recorded, viewers } = await watched();
    const looks = await observeAll(app, viewers);
    const failing = details ? await unanswered(recorded.inputs, looks) : new Set<string>();
    if (wanted === "now") await measure(looks);
    const sight = await gather(looks, { details, usage: false, isMeant: () => true }, Date.now() / 1000);
    if (wanted === "behind" && performance.now() - asked > USAGE_EVERY_MS) void measure(looks).catch(() => undefined);
    const { name: project, stackName: stack } = context.project();
    const seen = { looks, rows: rowsOf(app, { ...sight, usage }), failing };
    return {
      project,
      stack,
      ...snapshotOf(app, recorded, contractOf(recorded), seen),
      collected: { at: Date.now() / 1000, seconds: (performance.now() - began) / 1000 },
    };
  };
  let current: Promise<Snapshot> | undefined;
  return () => (current ??= look().finally(() => (current = undefined)));
}
