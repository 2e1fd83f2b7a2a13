import { Command } from "commander";
import type { Register } from "./context";
import { EXIT_HELP } from "./terminal/exit";

/** The command that needs all the others to be loaded. */
const COMPLETION = "completion";

/** Commands in the order of the help, loaded only when used: `ps` must not wait for `scale`. */
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
  words: () => import("./commands/words"),
};

/** Creates the program with the options that every command has. */
export function createProgram(version: string): Command {
  return new Command("formation")
    .description("Scale, restart and look at the processes of a Pulumi stack's formation.")
    .version(version, "-V, --version", "say the version")
    .option("--cwd <folder>", "the Pulumi project, instead of the current folder")
    .option("--stack <name>", "the stack, instead of PULUMI_STACK or the selected one")
    .option("--app <name>", "the app, where the stack has several")
    .option("--config-file <file>", "the stack's configuration, where it is not Pulumi.<stack>.yaml")
    .option("--debug", "say where in the code an error came from")
    .option("--no-color", "no colours, which are used on a terminal only")
    .helpOption("-h, --help", "say how it is used")
    .configureHelp({ showGlobalOptions: true })
    .addHelpText("after", EXIT_HELP)
    .exitOverride();
}

/** Loads the commands that the arguments may name, in the order of the help. */
export async function commandsFor(args: readonly string[]): Promise<readonly Register[]> {
  const names = Object.keys(commands);
  const named = names.filter((name) => args.includes(name));
  const meant = named.length === 0 || named.includes(COMPLETION) ? names : named;
  const modules: Register[] = [];
  for (const name of meant) {
    const module = await commands[name]?.();
    if (module !== undefined) modules.push(module.register);
  }
  return modules;
}
