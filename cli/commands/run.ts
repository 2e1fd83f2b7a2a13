import type { Command } from "commander";
import { parseDeclared } from "../../provider/lifecycle/declared";
import { desiredOneOff } from "../../provider/core/model/desired";
import { FormationError } from "../../provider/core/values/errors";
import { ownVolumes } from "../../provider/core/inputs/container/mounts";
import { inputs } from "../../provider/core/inputs/inputs";
import { ONE_OFF } from "../../provider/core/values/names";
import { optional, type Command as ProcessCommand } from "../../provider/core/inputs/process-type";
import type { CliContext } from "../context";
import { appOf } from "../observe/app";
import { findFormation, isOnSwarm, viewersOf } from "../observe/engines";
import { observeAll, lossesIn } from "../observe/observe";
import { ownerOf } from "../project/project";
import { commandOf } from "../run/command";
import { deployedImage, freeIndex, limitsLike, placeFor, runOn } from "../run/one-off";

interface Options {
  readonly tty: boolean;
  readonly limits: boolean;
  readonly like?: string;
}

const EXAMPLES = `
After -- stand a program and its arguments, which run as they are. Without it, one argument is a line for /bin/sh, as
in a Procfile. The process has the app's env and network, the image that its processes run, and the CPU and memory limits
of web, or of the type that --like names; it is removed when it ends, and its exit code is ours.

Examples:
  formation run -- bash
  formation run -- rake db:migrate
  formation run 'pg_dump "$DATABASE_URL" | gzip' > dump.gz`;

export function register(program: Command, context: CliContext): void {
  program
    .command("run")
    .description("run a one-off process, with the app's image and env, in front of you")
    .argument("[line]", "a line for the shell; or -- and a program with its arguments")
    .option("--like <type>", "with the CPU and memory limits of this type, instead of web's")
    .option("--no-limits", "without CPU and memory limits")
    .option("--no-tty", "give it no terminal of its own, even where there is one")
    .allowExcessArguments()
    .showHelpAfterError("options of a program stand after --, as in formation run -- ls -la")
    .addHelpText("after", EXAMPLES)
    .action((_: string | undefined, options: Options, { args }: Command) =>
      run(commandOf(process.argv.slice(2), args), options, context),
    );
}

async function run(command: ProcessCommand, options: Options, context: CliContext): Promise<void> {
  const found = await findFormation(context, [...Object.keys(inputs.shape), "__key"]);
  const { recorded, entries } = found;
  if (isOnSwarm(recorded))
    throw new FormationError("InvalidInput", "a one-off process cannot be run on a Swarm yet", {
      hint: "docker exec into a process, on the node that formation ps --wide names",
    });
  const owner = ownerOf(context.project());
  const parsed = parseDeclared(recorded.inputs, recorded.name);
  if (parsed.kind !== "spec")
    throw new FormationError("InvalidInput", "what was deployed cannot be read", { hint: "run pulumi up first" });
  const size = options.limits ? limitsLike(parsed.spec, options.like) : undefined;
  // An update recognizes the process as the formation's own by this key.
  const { __key: secret } = recorded.outputs;
  const key = typeof secret === "string" ? secret : "";
  const viewers = await viewersOf(found);
  const looks = await observeAll(appOf(recorded, owner), viewers);
  lossesIn(looks).forEach(context.note);
  for (const viewer of viewers) viewer.close();
  const tty = options.tty && process.stdin.isTTY && process.stdout.isTTY;
  const want = (index: number) => {
    const made = desiredOneOff(parsed.spec, ONE_OFF, index, command, { owner, key });
    const one = { ...made, settings: { ...made.settings, ...optional("size", size) } };
    return tty ? { ...one, env: { TERM: context.env["TERM"] ?? "xterm", ...one.env } } : one;
  };
  const seen = looks.flatMap((look) => (look.kind === "seen" ? look.containers : []));
  const circumstances = { spec: parsed.spec, tty, note: context.note };
  try {
    const { entry, look } = placeFor(looks, entries, ownVolumes(parsed.spec.settings).length > 0);
    const exact = deployedImage(look, parsed.spec.image);
    context.exit(await runOn(entry, want, freeIndex(seen), circumstances, exact));
  } finally {
    // The process has ended: nobody reads further input.
    process.stdin.destroy();
  }
}
