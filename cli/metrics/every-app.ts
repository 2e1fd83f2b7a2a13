import { explain } from "../../provider/core/values/errors";
import type { CliContext } from "../context";
import { contextOf, everyFormation } from "../observe/every-app";
import { REREAD_MS } from "../observe/subject";
import { collector, type Collector, type Wanted } from "./collector";
import type { Snapshot } from "./snapshot";

/**
 * Observes every formation of the stack, or the one named by `--app`. A formation that cannot be observed is left out
 * with a note; it is a failure when none is left.
 */
export function everyCollector(context: CliContext, wanted: Wanted): () => Promise<readonly Snapshot[]> {
  const collectors = new Map<string, Collector>();
  let apps: readonly string[] = [];
  let readAt = -Infinity;
  const refresh = async () => {
    if (performance.now() - readAt < REREAD_MS[context.project().backend.kind]) return;
    try {
      apps = (await everyFormation(context)).map(({ app }) => app);
      readAt = performance.now();
    } catch (error) {
      // A state that is being written cannot be read: try again next time.
      if (apps.length === 0) throw error;
    }
    for (const app of collectors.keys()) if (!apps.includes(app)) collectors.delete(app);
  };
  const look = async () => {
    await refresh();
    const looks = await Promise.allSettled(
      apps.map((app) => {
        const known = collectors.get(app) ?? collector(contextOf(context, app), wanted);
        collectors.set(app, known);
        return known();
      }),
    );
    const failures = looks.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
    if (failures.length === looks.length && failures.length > 0) throw failures[0];
    for (const failure of failures) context.note(explain(failure));
    return looks.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  };
  let current: Promise<readonly Snapshot[]> | undefined;
  return () => (current ??= look().finally(() => (current = undefined)));
}
