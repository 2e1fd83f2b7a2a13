import { InvalidArgumentError, type Command } from "commander";
import { formatFormation } from "../../provider/core/values/formation";
import { plainJson } from "../../provider/core/values/plain";
import { historyOf, type Entry } from "../state/history";
import type { CliContext } from "../context";
import { tableLines, type Cells } from "../terminal/table";
import { readUpdates } from "../state/update-history";

const EXAMPLES = `
Oldest first: when, who, what was changed, the full formation then, and which of Pulumi's updates it was.

Examples:
  formation history
  formation history -n 5
  formation history --json | jq '.[-1].actor'`;

interface Options {
  readonly json?: boolean;
  readonly number?: number;
}

export function register(program: Command, context: CliContext): void {
  program
    .command("history")
    .description("say who changed the formation, when, and how")
    .option("-n, --number <count>", "the last ones only", parseCount)
    .option("--json", "for programs")
    .addHelpText("after", EXAMPLES)
    .action((options: Options) => history(context, options));
}

async function history(context: CliContext, { json, number }: Options): Promise<void> {
  const { outputs } = await context.formation();
  const log = (outputs["log"] ?? []) as readonly string[];
  const all = historyOf(log, await readUpdates(context.project(), context.env));
  const entries = number === undefined ? all : all.slice(-number);
  if (json === true) return context.out(plainJson(entries, 2));
  tableLines(entries.map(row)).forEach(context.out);
}

function parseCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a number, 1 or more.");
}

function row({ at, actor, changed, failure, formation, version }: Entry): Cells {
  return {
    When: at.replace("T", " ").replace("+00:00", "Z"),
    Who: actor,
    Change: failure === undefined ? changed : `${changed} (${failure})`,
    Formation: formatFormation(formation, Object.keys(formation)),
    Update: version === undefined ? "" : String(version),
  };
}
