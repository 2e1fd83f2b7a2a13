import { InvalidArgumentError, type Command } from "commander";
import type { CliContext } from "../context";
import { auditEntries } from "../logs/audit";
import { entryLine, painter, type Style } from "../logs/entry";
import { goOn } from "../logs/go-on";
import { readPast, type Count } from "../logs/read";
import { sinceTime } from "../logs/since";
import { observeAll, lossesIn } from "../observe/observe";
import { select } from "../observe/select";
import { subject } from "../observe/subject";

interface Options {
  readonly follow?: boolean;
  readonly number?: number;
  readonly since?: string;
}

const DEFAULT_LINES = 100;
/** Lines are written in batches of about this size. */
const BATCH = 64 * 1024;
const EXAMPLES = `
Examples:
  formation logs                     the last ${DEFAULT_LINES} lines of all processes, with what was done to the formation
  formation logs -f web clock.1      some processes, and what they go on to write, across releases
  formation logs --since 30d | grep Scale    who scaled what, when`;

export function register(program: Command, context: CliContext): void {
  program
    .command("logs")
    .description("show what the processes wrote, merged by time")
    .argument("[type|process...]", "web or web.2; all processes, and the formation's own lines, without any")
    .option("-f, --follow", "go on with what is written from now on")
    .option(
      "-n, --number <lines>",
      `the last so many lines in all; ${DEFAULT_LINES} of the processes unless said otherwise`,
      parseCount,
    )
    .option("--since <time>", "10m or 1h30m ago, or a time such as 2026-11-23T15:04:05Z")
    .addHelpText("after", EXAMPLES)
    .action((names: readonly string[], options: Options) => logs(names, options, context));
}

async function logs(names: readonly string[], options: Options, context: CliContext): Promise<void> {
  const since = options.since === undefined ? undefined : sinceTime(options.since, Date.now());
  const { app, viewers } = await subject(context);
  const looks = await observeAll(app, viewers);
  lossesIn(looks).forEach(context.note);
  const present = looks.flatMap((look) =>
    look.kind === "seen" ? look.containers.map((container) => container.type) : [],
  );
  const isMeant = select(names, [...app.types, ...present]);
  // Audit lines are left out when processes are named.
  const withAudit = names.length === 0;
  const past = readPast(looks, {
    isMeant,
    warn: context.note,
    audit: withAudit ? auditEntries(app.log) : [],
    count: countOf(options),
    ...(since === undefined ? {} : { since }),
  });
  const style = styleFor(context);
  let batch = "";
  for await (const entry of past.entries) {
    batch += `${entryLine(entry, style)}\n`;
    if (batch.length < BATCH) continue;
    await context.write(batch);
    batch = "";
  }
  await context.write(batch);
  if (options.follow !== true) return viewers.forEach((viewer) => viewer.close());
  await goOn(context, {
    app,
    viewers,
    isMeant,
    withAudit,
    positions: past.positions,
    begin: { tail: "all", ...(since === undefined ? {} : { since }) },
    write: (entries) => context.write(entries.map((entry) => `${entryLine(entry, style)}\n`).join("")),
  });
}

function countOf({ number, since }: Options): Count {
  if (number !== undefined) return { inAll: number };
  return since === undefined ? { ofProcesses: DEFAULT_LINES } : { all: true };
}

function styleFor({ colors, isTerminal }: CliContext): Style {
  const { cyan, yellow, green, magenta, blue, cyanBright, yellowBright, greenBright, magentaBright } = colors;
  const palette = [cyan, yellow, green, magenta, blue, cyanBright, yellowBright, greenBright, magentaBright];
  return { isTerminal, paint: painter(palette) };
}

function parseCount(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a number of lines, 0 or more.");
}
