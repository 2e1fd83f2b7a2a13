import { FormationError } from "../../provider/core/errors";
import { processName, processTypeOf, RESERVED_TYPES, TYPE_NAME } from "../../provider/core/names";

interface Slot {
  readonly type: string;
  readonly index: number;
}

/** Whether a process is meant by what was named; everything is when nothing was. */
export type Selection = (slot: Slot) => boolean;

/**
 * The processes of types such as `web` and of names such as `web.2`.
 *
 * @param types that the app has
 * @param slots that may be named; any number of a type may when there are none given
 * @throws InvalidInput for what does not exist, with what does
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
