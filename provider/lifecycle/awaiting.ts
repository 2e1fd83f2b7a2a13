import { patienceWith } from "../core/plan/patience";
import type { Spec } from "../core/inputs/spec";
import type { Recorded } from "../core/record/state";
import { formatDuration, type Seconds } from "../core/values/units";
import type { Snapshot } from "../orchestrators/orchestrator";
import type { HookContext } from "../orchestrators/hook-context";

const PAUSE: Seconds = 5;

/**
 * Observes again while a host that has just been made is unreachable, so that nothing is begun before it is there. An
 * operator's request does not wait: it concerns hosts that are in use already.
 */
export async function lookOnceThere(
  look: () => Promise<Snapshot>,
  spec: Spec,
  state: Recorded,
  context: HookContext,
): Promise<Snapshot> {
  const began = context.now();
  for (;;) {
    const site = await look();
    const patience = patienceWith(site.observed, spec, state);
    const waited = Math.round(context.now() - began);
    if (waited >= patience || context.request !== undefined || context.interrupted()) return site;
    const [lost = ""] = site.observed.flatMap((host) => host.unreachable ?? []);
    context.progress(`waiting ${formatDuration(waited)} of at most ${formatDuration(patience)}: ${lost}`);
    await context.sleep(Math.min(PAUSE, patience - waited));
  }
}
