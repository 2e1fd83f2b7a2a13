import { fits, LONGEST_WORD, NUL } from "../values/words";
import { TYPE_NAME, TYPE_NAME_RULE } from "../values/names";

/** The commands of a Procfile by type, in its order, or every fault in it with its line number. */
export type ProcfileResult =
  | { readonly ok: true; readonly commands: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly faults: readonly string[] };

/**
 * Reads `type: command` lines, blank lines and `#` comments, and refuses everything else: a line that was meant as a
 * type and silently left out is a process that never runs.
 *
 * @param file the name shown in faults, such as `Procfile`
 */
export function parseProcfile(text: string, file: string): ProcfileResult {
  const commands = new Map<string, string>();
  const firstLine = new Map<string, number>();
  const faults: string[] = [];
  text.split(/\r?\n/).forEach((raw, at) => {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) return;
    const fault = (what: string) => faults.push(`${file}:${at + 1}: ${what}`);
    const match = /^([^\s:]+):\s*(.*)$/.exec(line);
    if (match === null) return fault(`${quote(line)} is not a line "type: command", a # comment or blank`);
    const [, type = "", command = ""] = match;
    if (!TYPE_NAME.test(type)) return fault(`${quote(type)} is not a process type: use ${TYPE_NAME_RULE}`);
    const earlier = firstLine.get(type);
    if (earlier !== undefined) return fault(`"${type}" stands on line ${earlier} already: each type has one line`);
    firstLine.set(type, at + 1);
    if (command === "") return fault(`"${type}" has no command: write "${type}: command"`);
    if (command.includes(NUL)) return fault(`the command of "${type}" has a NUL character: remove it`);
    if (!fits(command))
      return fault(`the command of "${type}" is longer than ${LONGEST_WORD} bytes: put it into a script of the image`);
    commands.set(type, command);
  });
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, commands };
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
