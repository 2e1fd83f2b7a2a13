import { CUT_OFF, type Scene, type TypeName } from "./scene";
import type { Trial } from "./trial";

const STOP_FIRST: readonly string[] = ["mailer", "clock"] satisfies TypeName[];
const START_FIRST = ["web", "worker"] satisfies TypeName[];

/** What must not have happened on the way, however it ended. */
export function misdeeds(trial: Trial, { hosts }: Scene): string[] {
  const { history } = trial.town;
  const twice = history.overlaps(trial.mark, (one) => (one.singleton ? one.type : ""));
  // What cannot be reached is unknown; of a type that may run twice, another one is started then.
  const doubled = history
    .overlaps(trial.mark, (one) => (STOP_FIRST.includes(one.type) ? one.slot : ""))
    .filter((pair) => ![pair.now, pair.other].some(({ host }) => CUT_OFF.includes(hosts[host]!)));
  const overlaps = [...twice, ...doubled].map(
    ({ now, other }) => `${now.container} came up as ${now.slot} at ${now.at} s while ${other.container} was alive`,
  );
  return [...new Set([...overlaps, ...trial.foreignHarm()])];
}

/** Where fewer served, on the way, than did before and do now. */
export function lulls(trial: Trial, { after }: Scene): string[] {
  const { history } = trial.town;
  return START_FIRST.flatMap((type) => {
    const least = Math.min(history.serving(type, trial.mark).size, after.quantities[type] ?? 0);
    const fewest = history.fewest(type, trial.mark);
    return fewest < least ? [`${type} fell to ${fewest}, ${least} had to stay`] : [];
  });
}

/** What is not as the program says. */
export async function shortcomings(trial: Trial): Promise<string[]> {
  const { town, state, inputs } = trial;
  const preview = await town.preview(state, inputs);
  const counts = JSON.stringify(state["running"]) === JSON.stringify(state["formation"]) ? [] : [JSON.stringify(state)];
  return [...(preview === undefined ? [] : [preview]), ...counts];
}

/** What was started and is not there any more. */
export function wasted(trial: Trial): string[] {
  const running = new Set(trial.ours().flatMap(({ id, state }) => (state === "running" ? [id] : [])));
  const started = trial.town.history.since(trial.mark, "start");
  return started.filter(({ container }) => !running.has(container)).map(({ slot }) => `${slot} was started in vain`);
}
