import { InvalidArgumentError, type Command } from "commander";
import { setTimeout as delay } from "node:timers/promises";
import { processTypeOf } from "../../provider/core/names";
import { parseDuration } from "../../provider/core/units";
import type { CliContext } from "../context";
import type { App } from "../look/app";
import { lookAt, lossesIn } from "../look/look";
import { select } from "../look/select";
import { subject } from "../look/subject";
import { gather, glance } from "../ps/gather";
import { psJson } from "../ps/json";
import { rowsOf, running, typesIn, type Row } from "../ps/rows";
import { counts, psLines } from "../ps/text";

interface Options {
  readonly wide?: boolean;
  readonly json?: boolean;
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
  const { out, note, isTerminal } = context;
  if (options.watch === undefined) {
    const { lines, warnings } = await look(names, options, context);
    warnings.forEach(note);
    return out(lines.join("\n"));
  }
  for (;;) {
    const { lines, warnings } = await look(names, options, context);
    const all = [...warnings, ...lines];
    // From the top left over what was there, and the rest of it away.
    if (isTerminal) out(`\x1b[H${fit(all, process.stdout.rows).join("\x1b[K\n")}\x1b[J`);
    else out(`${all.join("\n")}\n`);
    await delay((options.watch === true ? DEFAULT_INTERVAL : options.watch) * 1000);
  }
}

interface Shown {
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
}

async function look(names: readonly string[], options: Options, context: CliContext): Promise<Shown> {
  const { app, viewers } = await subject(context);
  try {
    const looks = await lookAt(app, viewers);
    const all = rowsOf(app, glance(looks));
    const isMeant = select(names, typesIn(app, all), all);
    const asked = { details: options.json === true, usage: options.wide === true, isMeant };
    const rows = rowsOf(app, await gather(looks, asked, Date.now() / 1000)).filter(isMeant);
    const named = names.map(processTypeOf);
    const types = typesIn(app, rows).filter((type) => named.length === 0 || named.includes(type));
    return { lines: linesOf(app, rows, types, options, context), warnings: lossesIn(looks) };
  } finally {
    for (const viewer of viewers) viewer.close();
  }
}

function linesOf(
  app: App,
  rows: readonly Row[],
  types: readonly string[],
  options: Options,
  { colors, width }: CliContext,
): string[] {
  const counted = running(types, rows);
  if (options.json === true) return [psJson(app.name, rows, app.formation, counted)];
  const paint = { good: colors.green, bad: colors.red, doubtful: colors.yellow };
  return psLines(rows, counts(types, counted, app.formation), { wide: options.wide === true, width, paint });
}

/** As many lines as a terminal has room for. */
function fit(lines: readonly string[], height: number): readonly string[] {
  const room = Math.max(1, height - 2);
  return lines.length <= room + 1 ? lines : [...lines.slice(0, room), `… and ${lines.length - room} lines more`];
}

function parseInterval(text: string): number {
  const seconds = parseDuration(/^[\d.]+$/.test(text) ? Number(text) : text);
  if (seconds !== undefined && seconds > 0) return seconds;
  throw new InvalidArgumentError("Give seconds, or a duration such as 500ms or 1m.");
}
