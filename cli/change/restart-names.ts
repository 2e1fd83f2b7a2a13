import { FormationError } from "../../provider/core/values/errors";
import type { Formation } from "../../provider/core/values/formation";
import { processTypeOf, RESERVED_TYPES } from "../../provider/core/values/names";
import { select } from "../observe/select";

/**
 * Names of a restart in stack config: types, and single processes such as `web.2`.
 *
 * @param texts as typed; without any, every type that has a process is meant
 */
export function restartNames(
  texts: readonly string[],
  formation: Formation,
  processes: readonly { readonly type: string; readonly index: number }[],
): readonly string[] {
  const types = Object.keys(formation);
  select(texts, types, processes);
  const reserved = texts.find((text) => RESERVED_TYPES.has(processTypeOf(text)));
  if (reserved !== undefined) throw new FormationError("InvalidInput", `${reserved} is run once, and never restarted`);
  if (texts.length === 0) return types.filter((type) => (formation[type] ?? 0) > 0);
  const named = new Set(texts);
  return [...named].filter((name) => name === processTypeOf(name) || !named.has(processTypeOf(name)));
}

/** Processes that a plan would stop although they are not named. @param plan the text of a plan */
export function othersStopped(plan: string, names: readonly string[]): string[] {
  return plan.split("\n").flatMap((line) => {
    const [, slot = ""] = /^(\S+\.\d+)\s+(?:replace|remove) on /.exec(line) ?? [];
    return slot === "" || names.includes(slot) || names.includes(processTypeOf(slot)) ? [] : [slot];
  });
}
