import { FormationError } from "../../provider/core/values/errors";
import { processName, processTypeOf, RESERVED_TYPES, TYPE_NAME } from "../../provider/core/values/names";

interface Slot {
  readonly type: string;
  readonly index: number;
}

/** True when a process is among those named; without names, always. */
export type Selection = (slot: Slot) => boolean;

/**
 * Selects the processes of types such as `web` and of names such as `web.2`.
 *
 * @param types that the app has
 * @param slots that may be named; when absent, any number of a type may
 * @throws InvalidInput for a name that does not exist; the message lists those that do
 */
export function select(names: readonly string[], types: readonly string[], slots?: readonly Slot[]): Selection {
  for (const name of names) {
    const type = processTypeOf(name);
    const isType = types.includes(type) || RESERVED_TYPES.has(type);
    if (!isType || !/^[^.]+(\.[1-9]\d*)?$/.test(name)) {
      throw new FormationError("InvalidInput", `${quoted(name)} is no process type and no process of this app`, {
        hint: `there are ${[...new Set(types)].join(", ")}; a process is named as in ${types[0] ?? "web"}.1`,
      });
    }
    const own = slots?.filter((slot) => slot.type === type).map((slot) => processName(slot.type, slot.index));
    if (own === undefined || name === type || own.includes(name)) continue;
    throw new FormationError("InvalidInput", `there is no process ${name}`, {
      hint: own.length === 0 ? `no process of ${type} is wanted or runs` : `there are ${[...new Set(own)].join(", ")}`,
    });
  }
  const meant = new Set(names);
  return ({ type, index }) => meant.size === 0 || meant.has(type) || meant.has(processName(type, index));
}

function quoted(name: string): string {
  return TYPE_NAME.test(name) ? name : JSON.stringify(name);
}
