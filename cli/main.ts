#!/usr/bin/env node
import "./compile-cache";
import { join } from "node:path";
import { Command } from "commander";
import { createContext, type Register } from "./context";
import { EXIT_HELP, reportFailure } from "./exit";
import { readJson } from "./files";

/** It needs to know all the others. */
const COMPLETION = "completion";

/** Every command, in the order of the help. One that is not meant is not loaded: `ps` must not wait for `scale`. */
const commands: Readonly<Record<string, () => Promise<{ readonly register: Register }>>> = {
  scale: () => import("./commands/scale"),
  ps: () => import("./commands/ps"),
  logs: () => import("./commands/logs"),
  run: () => import("./commands/run"),
  wait: () => import("./commands/wait"),
  metrics: () => import("./commands/metrics"),
  monitor: () => import("./commands/monitor"),
  dashboard: () => import("./commands/dashboard"),
  restart: () => import("./commands/restart"),
  plan: () => import("./commands/plan"),
  history: () => import("./commands/history"),
  unlock: () => import("./commands/unlock"),
  [COMPLETION]: () => import("./commands/completion"),
};

function createProgram(): Command {
  const { version } = readJson(join(__dirname, "../../package.json")) as { version: string };
  return new Command("formation")
    .description("Scale, restart and look at the processes of a Pulumi stack's formation.")
    .version(version, "-V, --version", "say the version")
    .option("--cwd <folder>", "the Pulumi project, instead of the current folder")
    .option("--stack <name>", "the stack, instead of PULUMI_STACK or the selected one")
    .option("--app <name>", "the app, where the stack has several")
    .option("--debug", "say where in the code an error came from")
    .option("--no-color", "no colours, which are used on a terminal only")
    .helpOption("-h, --help", "say how it is used")
    .configureHelp({ showGlobalOptions: true })
    .addHelpText("after", EXIT_HELP)
    .exitOverride();
}

async function main(args: readonly string[]): Promise<void> {
  // A reader that has seen enough, such as head, is no error, and what is begun may have others who see it to its end.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (process.stdout.listenerCount("error") === 1) process.exit(error.code === "EPIPE" ? process.exitCode : 1);
  });
  // Nobody hears warnings any more: that is no reason to leave a change half done.
  process.stderr.on("error", () => undefined);
  const program = createProgram();
  const context = createContext(program);
  const names = Object.keys(commands);
  const named = names.filter((name) => args.includes(name));
  const meant = named.length === 0 || named.includes(COMPLETION) ? names : named;
  try {
    for (const name of meant) (await commands[name]?.())?.register(program, context);
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = reportFailure(error, program.opts<{ debug?: boolean }>().debug === true, context.note);
  }
}

void main(process.argv.slice(2));
