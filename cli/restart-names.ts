import { processTypeOf } from "../provider/core/names";
import type { Formation } from "../provider/core/formation";

/** What a restart of these is to be called in stack config: types, and single processes such as `web.2`. */
export type Named =
  { readonly ok: true; readonly names: readonly string[] } | { readonly ok: false; readonly faults: readonly string[] };

/** @param processes the names of those that there are @returns every type that has any, where none is named */
export function resolveNames(
  texts: readonly string[],
  formation: Formation,
  processes: readonly string[],
  app: string,
): Named {
  if (texts.length === 0) {
    const names = Object.keys(formation).filter((type) => (formation[type] ?? 0) > 0);
    return names.length > 0 ? { ok: true, names } : { ok: false, faults: [`${app} runs no process`] };
  }
  const faults = texts.flatMap((text) => {
    const type = processTypeOf(text);
    if (!Object.hasOwn(formation, type))
      return [`${text}: ${app} has no process type ${type}: it has ${Object.keys(formation).join(", ")}`];
    if (text === type || processes.includes(text)) return [];
    const own = processes.filter((name) => processTypeOf(name) === type);
    return [
      `${text}: there is no such process: ${own.length === 0 ? `no ${type} runs` : `there are ${own.join(", ")}`}`,
    ];
  });
  if (faults.length > 0) return { ok: false, faults };
  const names = [...new Set(texts)];
  return {
    ok: true,
    names: names.filter((name) => name === processTypeOf(name) || !names.includes(processTypeOf(name))),
  };
}

/** The processes that a plan would stop although they are not among those named. @param plan the text of a plan */
export function othersStopped(plan: string, names: readonly string[]): string[] {
  return plan.split("\n").flatMap((line) => {
    const [, slot = ""] = /^(\S+\.\d+)\s+(?:replace|remove) on /.exec(line) ?? [];
    return slot === "" || names.includes(slot) || names.includes(processTypeOf(slot)) ? [] : [slot];
  });
}
