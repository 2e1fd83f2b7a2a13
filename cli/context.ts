import type { Command } from "commander";
import { once } from "node:events";
import { createColors } from "picocolors";
import { plainText } from "../provider/core/values/plain";
import type { Env } from "./project/env";
import { chooseApp, formationReader, type FormationReader, type RecordedFormation } from "./state/formations";
import { findProject, type Project } from "./project/project";

/** Options that every command has. */
interface GlobalOptions {
  readonly cwd?: string;
  readonly stack?: string;
  readonly app?: string;
  readonly configFile?: string;
  readonly debug?: boolean;
  readonly color?: boolean;
}

/** Everything that a command reads from and writes to the outside world. */
export interface CliContext {
  readonly env: Env;
  /** Prints a line of the results, without control characters that a terminal would obey. */
  readonly out: (line: string) => void;
  /** Writes results unchanged, with their colours; resolves when more can be written. */
  readonly write: (text: string) => Promise<void>;
  /** Prints a line that is no result: progress, a warning, a question. */
  readonly note: (line: string) => void;
  /** True when the results go to a terminal. */
  readonly isTerminal: boolean;
  /** Width of the terminal in columns; `undefined` when the results go elsewhere. */
  readonly width: number | undefined;
  /** True when a person can answer questions. */
  readonly isInteractive: boolean;
  /** Colours for a terminal; elsewhere they leave text unchanged. */
  readonly colors: ReturnType<typeof createColors>;
  readonly project: () => Project;
  /** The app named by `--app`, if any. */
  readonly app: () => string | undefined;
  /** Reads all formations of the stack. */
  readonly formations: FormationReader;
  /** Reads the selected formation. @param needed see `FormationReader` */
  readonly formation: (needed?: readonly string[]) => Promise<RecordedFormation>;
  /** Sets the exit code of a command that has not failed. */
  readonly exit: (code: number) => void;
}

export type Register = (program: Command, context: CliContext) => void;

export function createContext(program: Command): CliContext {
  const { env, stdin, stdout, stderr } = process;
  const options = () => program.opts<GlobalOptions>();
  const project = () => findProject(options().cwd, options().stack, env, options().configFile);
  const formations = formationReader(project, env);
  const wantsColor = !process.argv.includes("--no-color") && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  return {
    env,
    out: (line) => void stdout.write(`${plainText(line)}\n`),
    write: async (text) => {
      if (!stdout.write(text)) await once(stdout, "drain");
    },
    note: (line) => void stderr.write(`${plainText(line)}\n`),
    isTerminal: stdout.isTTY,
    width: stdout.isTTY ? stdout.columns : undefined,
    isInteractive: stdin.isTTY && stderr.isTTY,
    // In a pipe `isTTY` is undefined, which would leave the choice to picocolors: it uses colours in CI.
    colors: createColors(stdout.isTTY ? wantsColor : false),
    project,
    app: () => options().app,
    formations,
    formation: async (needed) => chooseApp(await formations(needed), options().app, project()),
    exit: (code) => (process.exitCode = code),
  };
}
