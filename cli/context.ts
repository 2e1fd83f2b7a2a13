import type { Command } from "commander";
import { once } from "node:events";
import { createColors } from "picocolors";
import { plainText } from "../provider/core/plain";
import type { Env } from "./env";
import { chooseApp, formationReader, type FormationReader, type RecordedFormation } from "./formations";
import { findProject, type Project } from "./project";

/** What the options that every command has say. */
interface GlobalOptions {
  readonly cwd?: string;
  readonly stack?: string;
  readonly app?: string;
  readonly configFile?: string;
  readonly debug?: boolean;
  readonly color?: boolean;
}

/** What a command has to do with the world outside. */
export interface CliContext {
  readonly env: Env;
  /** The results, a line each; nothing in them can do more to a terminal than to stand there. */
  readonly out: (line: string) => void;
  /** Results of any length, as they are: with colours, say; settles when more can be taken. */
  readonly write: (text: string) => Promise<void>;
  /** Everything else that is said to people: progress, warnings, questions. */
  readonly note: (line: string) => void;
  /** Whether the results go to a terminal. */
  readonly isTerminal: boolean;
  /** Of the terminal that the results go to; `undefined` where there is none. */
  readonly width: number | undefined;
  /** Whether somebody can be asked. */
  readonly isInteractive: boolean;
  /** Plain text goes through unchanged where there is no terminal. */
  readonly colors: ReturnType<typeof createColors>;
  readonly project: () => Project;
  /** The app that is asked for, if one is. */
  readonly app: () => string | undefined;
  /** All that the stack has. */
  readonly formations: FormationReader;
  /** The stack's formation that is meant. @param needed see `FormationReader` */
  readonly formation: (needed?: readonly string[]) => Promise<RecordedFormation>;
  /** The exit code of a command that has not failed. */
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
    // In a pipe it is undefined, and colours would be up to picocolors, which uses them in CI.
    colors: createColors(stdout.isTTY ? wantsColor : false),
    project,
    app: () => options().app,
    formations,
    formation: async (needed) => chooseApp(await formations(needed), options().app, project()),
    exit: (code) => (process.exitCode = code),
  };
}
