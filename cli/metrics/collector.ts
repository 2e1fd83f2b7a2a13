import type { Usage } from "../../provider/hosts/viewer";
import { contractOf } from "../contract";
import type { CliContext } from "../context";
import { appOf } from "../look/app";
import { findFormation, viewersOf } from "../look/engines";
import { lookAt, type Look } from "../look/look";
import { gather } from "../ps/gather";
import { rowsOf } from "../ps/rows";
import { ownerOf } from "../project";
import { snapshotOf, type Snapshot } from "./snapshot";

/** An engine takes some seconds to tell what a process uses: that is asked now and then, and nobody waits for it. */
const USAGE_EVERY_MS = 15_000;

export interface Collector {
  readonly collect: () => Promise<Snapshot>;
  readonly close: () => void;
}

/** Looks again each time, at the state too: the formation may have been scaled, and hosts have come or gone. */
export function collector(context: CliContext): Collector {
  let usage: ReadonlyMap<string, Usage> = new Map();
  let asked = -Infinity;
  const refresh = async (looks: readonly Look[], close: () => void) => {
    try {
      usage = (await gather(looks, { details: false, usage: true, isMeant: () => true }, Date.now() / 1000)).usage;
    } catch {
      // What a process uses is left out until the next time.
    } finally {
      close();
    }
  };
  return {
    collect: async () => {
      const found = await findFormation(context);
      const { recorded } = found;
      const app = appOf(recorded, ownerOf(context.project()));
      const viewers = await viewersOf(found);
      const close = () => viewers.forEach((viewer) => viewer.close());
      let isShared = false;
      try {
        const looks = await lookAt(app, viewers);
        const sight = await gather(looks, { details: true, usage: false, isMeant: () => true }, Date.now() / 1000);
        if (performance.now() - asked > USAGE_EVERY_MS) {
          asked = performance.now();
          isShared = true;
          void refresh(looks, close);
        }
        return snapshotOf(app, recorded, contractOf(recorded), looks, rowsOf(app, { ...sight, usage }));
      } finally {
        if (!isShared) close();
      }
    },
    close: () => undefined,
  };
}
