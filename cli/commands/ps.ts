import { InvalidArgumentError, type Command } from "commander";
import { setTimeout as delay } from "node:timers/promises";
import { plainLine } from "../../provider/core/values/plain";
import type { CliContext } from "../context";
import { parsePeriod } from "../terminal/duration";
import { EXIT } from "../terminal/exit";
import { observeAll } from "../observe/observe";
import { REREAD_MS, renewed, subject, type Subject } from "../observe/subject";
import type { Options as ShowOptions, Shown } from "../ps/show";

interface Options extends ShowOptions {
  /** Seconds. */
  readonly watch?: number | true;
}

const EXAMPLES = `
Examples:
  formation ps                 every process: what runs, for how long, what is wrong
  formation ps web worker.2    some of them
  formation ps --wide          with host, release, container, memory and CPU now
  formation ps --watch         again and again, until Ctrl-C`;

const DEFAULT_INTERVAL = 2;

export function register(program: Command, context: CliContext): void {
  program
    .command("ps")
    .description("show the processes, live from the hosts")
    .argument("[type|process...]", "web or web.2; all processes without any")
    .option("-w, --wide", "with host, release, container, memory and CPU now")
    .option("--json", "for programs")
    .option("--watch [seconds]", `again and again, every ${DEFAULT_INTERVAL} s unless said otherwise`, parseInterval)
    .addHelpText("after", EXAMPLES)
    .action((names: readonly string[], options: Options) => ps(names, options, context));
}

async function ps(names: readonly string[], options: Options, context: CliContext): Promise<void> {
  const { write, note, isTerminal } = context;
  if (options.watch === undefined) {
    const now = await subject(context);
    const { lines, warnings, isPartial } = await look(now, names, options, context);
    for (const viewer of now.viewers) viewer.close();
    warnings.forEach(note);
    if (isPartial) context.exit(EXIT.failed);
    return write(`${lines.join("\n")}\n`);
  }
  const reread = REREAD_MS[context.project().backend.kind];
  let known = await subject(context);
  for (let readAt = performance.now(); ;) {
    if (performance.now() - readAt > reread) {
      // A state that is being written cannot be read: try again next time.
      known = await renewed(known, context).catch(() => known);
      readAt = performance.now();
    }
    const { lines, warnings } = await look(known, names, options, context);
    const all = options.json === true ? lines : [...warnings.map(plainLine), ...lines];
    if (options.json === true) warnings.forEach(note);
    // Draw over the old screen from its top left, and erase the rest of it.
    if (isTerminal && options.json !== true)
      await write(`\x1b[H${fit(all, process.stdout.rows).join("\x1b[K\n")}\x1b[J\n`);
    else await write(`${all.join("\n")}\n\n`);
    await delay((options.watch === true ? DEFAULT_INTERVAL : options.watch) * 1000);
  }
}

async function look(
  { app, viewers }: Subject,
  names: readonly string[],
  options: Options,
  context: CliContext,
): Promise<Shown> {
  const looking = observeAll(app, viewers);
  looking.catch(() => undefined);
  // Loaded while the engines answer.
  const { shown } = await import("../ps/show");
  return shown(app, await looking, names, options, context);
}

/** Cuts the lines to the height of the terminal. */
function fit(lines: readonly string[], height: number): readonly string[] {
  const room = Math.max(1, height - 2);
  return lines.length <= room + 1 ? lines : [...lines.slice(0, room), `… and ${lines.length - room} lines more`];
}

function parseInterval(text: string): number {
  const seconds = parsePeriod(text);
  if (seconds !== undefined && seconds > 0) return seconds;
  throw new InvalidArgumentError("Give seconds, or a duration such as 500ms or 1m.");
}
