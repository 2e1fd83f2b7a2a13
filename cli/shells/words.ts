import type { Command, Option } from "commander";

/** Kinds of words that complete an argument: names from the stack, a fixed list, paths, or none. */
export type Kind = "quantities" | "names" | "types" | "apps" | "folder" | "file" | "none" | readonly string[];

/** An option with its long name. */
export interface Flag {
  readonly name: string;
  readonly description: string;
  /** Kind of the option's value; absent when it takes none. */
  readonly value?: Kind;
}

/** A command or subcommand, named by all of its words: `monitor write`. */
export interface Words {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly Flag[];
  readonly argument: Kind;
}

/** Commands and options that shells complete. */
export interface Vocabulary {
  readonly commands: readonly Words[];
  /** Options of every command. */
  readonly globals: readonly Flag[];
}

/** Options that select the formation: a shell repeats them when it asks for words. */
export const CHOOSING = ["--stack", "--app", "--cwd", "--config-file"] as const;

const ARGUMENTS: Readonly<Record<string, Kind>> = {
  scale: "quantities",
  restart: "names",
  ps: "names",
  logs: "names",
  wait: "names",
  "monitor write": "folder",
};

const VALUES: Readonly<Record<string, Kind>> = {
  "--cwd": "folder",
  "--config-file": "file",
  "--textfile": "file",
  "--app": "apps",
  "--like": "types",
  "--if-current": "quantities",
};

export function vocabularyOf(program: Command): Vocabulary {
  return { commands: commandsIn(program, ""), globals: flagsOf(program) };
}

function commandsIn(parent: Command, prefix: string): readonly Words[] {
  const shown = parent.createHelp().visibleCommands(parent);
  return shown.flatMap((command) => {
    const name = `${prefix}${command.name()}`;
    const below = command.commands.map((one) => one.name());
    const argument =
      below.length > 0 ? below : (command.registeredArguments[0]?.argChoices ?? ARGUMENTS[name] ?? "none");
    const own = { name, description: command.description(), flags: flagsOf(command), argument };
    return [own, ...(below.length > 0 ? commandsIn(command, `${name} `) : [])];
  });
}

function flagsOf(command: Command): readonly Flag[] {
  const help = { name: "--help", description: "say how it is used" };
  return [...command.options.flatMap((option) => flagOf(option) ?? []), help];
}

function flagOf({ long, description, required, optional }: Option): Flag | undefined {
  if (long === undefined) return undefined;
  return required || optional
    ? { name: long, description, value: VALUES[long] ?? "none" }
    : { name: long, description };
}

/** Makes a text safe within single quotes in every shell. */
export function quoted(text: string): string {
  return text.replaceAll("'", "’");
}

/** Options of all commands whose value is of the given kind. */
export function valued({ commands, globals }: Vocabulary, isMeant: (kind: Kind) => boolean): readonly string[] {
  const all = [...globals, ...commands.flatMap(({ flags }) => flags)];
  const meant = all.flatMap(({ name, value }) => (value !== undefined && isMeant(value) ? [name] : []));
  return [...new Set(meant)];
}

/** Kinds whose words come from the stack. */
export const ASKED = ["quantities", "names", "types", "apps"] as const;
