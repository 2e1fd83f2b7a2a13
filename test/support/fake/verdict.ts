import { LABEL } from "../../../provider/core/model/labels";
import { RELEASE } from "../../../provider/core/values/names";
import type { Happening } from "./history";
import { CUT_OFF, MIGRATION, type Scene, type TypeName } from "./scene";
import type { Trial } from "./trial";

const STOP_FIRST: readonly string[] = ["mailer", "clock"] satisfies TypeName[];
const START_FIRST = ["web", "worker"] satisfies TypeName[];

/** Violations during the update, which its ending does not excuse. */
export function misdeeds(trial: Trial, { hosts }: Scene): string[] {
  const { history } = trial.town;
  // An unobserved machine was declared off by a person, or runs a process that somebody started by hand.
  const isBeyondUs = ({ host, container }: Happening) =>
    trial.unseen.has(host) && (hosts[host] === "back" || trial.twins.has(container));
  const twice = history
    .overlaps(trial.mark, (one) => (one.singleton ? one.type : ""))
    .filter(({ now, other }) => !isBeyondUs(now) && !isBeyondUs(other));
  // A process on an unreachable host may run; of a type that is no singleton, another one is started all the same.
  const doubled = history
    .overlaps(trial.mark, (one) => (STOP_FIRST.includes(one.type) ? one.slot : ""))
    .filter(
      (pair) => ![pair.now, pair.other].some(({ host }) => CUT_OFF.includes(hosts[host]!) || trial.unseen.has(host)),
    );
  const overlaps = [...twice, ...doubled].map(
    ({ now, other }) => `${now.container} came up as ${now.slot} at ${now.at} s while ${other.container} was alive`,
  );
  return [...new Set([...overlaps, ...trial.foreignHarm()])];
}

/** Types of which, during the update, fewer processes served than both before and after it. */
export function lulls(trial: Trial, { after }: Scene): string[] {
  const { history } = trial.town;
  return START_FIRST.flatMap((type) => {
    const least = Math.min(history.serving(type, trial.mark).size, after.quantities[type] ?? 0);
    const fewest = history.fewest(type, trial.mark);
    return fewest < least ? [`${type} fell to ${fewest}, ${least} had to stay`] : [];
  });
}

/** Differences between the program and what runs. */
export async function shortcomings(trial: Trial): Promise<string[]> {
  const { town, state, inputs } = trial;
  const preview = await town.preview(state, inputs);
  const counts = JSON.stringify(state["running"]) === JSON.stringify(state["formation"]) ? [] : [JSON.stringify(state)];
  const isUp = trial.running().some(({ type }) => type !== RELEASE);
  const isUnprepared = inputs["releasePhase"] !== undefined && isUp && !ranOnce(trial);
  return [
    ...(preview === undefined ? [] : [preview]),
    ...counts,
    ...(isUnprepared ? ["something runs whose release command has never run to its end"] : []),
  ];
}

function ranOnce({ town }: Trial): boolean {
  return town.history.happenings.some(({ command, event }) => command === MIGRATION && event === "die");
}

/** Differences between the state and the engines, on every host that the last observation reached. */
export function untruths(trial: Trial, { reasons }: { readonly reasons: readonly string[] }): string[] {
  type Recorded = Readonly<Record<"name" | "type" | "host" | "container" | "state", string>>;
  const instances = trial.state["instances"] as readonly Recorded[];
  const known = new Map(instances.map((one) => [one.container, one]));
  const there = new Map(trial.boxes().map(({ engine, box }) => [box.id, { host: engine.name, box }]));
  const isSeen = (host: string) =>
    trial.town.engines.get(host)?.isReachable === true && !reasons.some((why) => why.includes(`cannot reach ${host} `));
  const invented = instances.filter(
    ({ container, host, state }) => state !== "unknown" && there.get(container)?.host !== host,
  );
  const dead = instances.filter(({ container, state, type }) => {
    const box = there.get(container)?.box;
    // A release command may have ended by itself since.
    return (
      state === "running" && type !== RELEASE && box !== undefined && !["running", "restarting"].includes(box.state)
    );
  });
  type Declared = { readonly name: string; readonly abandoned?: boolean };
  // An abandoned host is not observed.
  const declared = (trial.inputs["hosts"] as readonly Declared[]).filter(({ abandoned }) => abandoned !== true);
  const hosts = new Set(declared.map(({ name }) => name));
  const missing = [...there.values()].filter(({ host, box }) => {
    const { [LABEL.app]: app, [LABEL.type]: type } = box.options.Labels ?? {};
    return app !== undefined && type !== RELEASE && hosts.has(host) && isSeen(host) && !known.has(box.id);
  });
  return [
    ...invented.map(({ name, host, state }) => `${name} is recorded as ${state} on ${host}, and is not there`),
    ...dead.map(({ name, host }) => `${name} is recorded as running on ${host}, and does not run`),
    ...missing.map(({ host, box }) => `${box.name} is on ${host}, and is not recorded`),
  ];
}

/** Containers that were started and no longer run. */
export function wasted(trial: Trial): string[] {
  const running = new Set(trial.ours().flatMap(({ id, state }) => (state === "running" ? [id] : [])));
  const started = trial.town.history.since(trial.mark, "start").filter(({ command }) => command !== MIGRATION);
  return started.filter(({ container }) => !running.has(container)).map(({ slot }) => `${slot} was started in vain`);
}
