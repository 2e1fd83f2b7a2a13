import { patienceWith } from "./core/patience";
import type { Spec } from "./core/spec";
import type { Recorded } from "./core/state";
import { formatDuration, type Seconds } from "./core/units";
import type { Site } from "./orchestrator";
import type { Surroundings } from "./surroundings";

const PAUSE: Seconds = 5;

/**
 * Observes again while a host that has just been made is unreachable, so that nothing is begun before it is there. An
 * operator's request does not wait: it concerns hosts that are in use already.
 */
export async function lookOnceThere(
  look: () => Promise<Site>,
  spec: Spec,
  state: Recorded,
  around: Surroundings,
): Promise<Site> {
  const began = around.now();
  for (;;) {
    const site = await look();
    const patience = patienceWith(site.observed, spec, state);
    const waited = Math.round(around.now() - began);
    if (waited >= patience || around.request !== undefined || around.interrupted()) return site;
    const [lost = ""] = site.observed.flatMap((host) => host.lost ?? []);
    around.progress(`waiting ${formatDuration(waited)} of at most ${formatDuration(patience)}: ${lost}`);
    await around.sleep(Math.min(PAUSE, patience - waited));
  }
}
