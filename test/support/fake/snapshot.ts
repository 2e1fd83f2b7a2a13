import { commandOf as ran } from "./engine";
import { partIn, type Owner } from "./story";
import type { Town } from "./town";

/** Records everything on all engines, to compare with it later. */
export function snapshotOf({ engines }: Town, ...actors: readonly Owner[]) {
  const all = () => {
    const boxes = [...engines.values()].flatMap((engine) =>
      engine.boxes().map((box): [string, string] => {
        const is = partIn(ran(box.options));
        const isForeign = is === undefined || !actors.includes(is.who);
        return [box.id, `${isForeign ? "foreign " : ""}${box.name} ${box.state} on ${engine.name}`];
      }),
    );
    const claims = [...engines.values()].flatMap((engine) =>
      engine.claims.map((one): [string, string] => [`${engine.name} ${one.app} ${one.identity}`, "claimed"]),
    );
    return new Map([...boxes, ...claims]);
  };
  const was = all();
  const changes = () => {
    const is = all();
    return [...new Set([...was.keys(), ...is.keys()])].flatMap((key) =>
      was.get(key) === is.get(key) ? [] : [`${key}: ${was.get(key)} is now ${is.get(key)}`],
    );
  };
  return { changes, harm: () => changes().filter((change) => change.includes(": foreign ")) };
}
