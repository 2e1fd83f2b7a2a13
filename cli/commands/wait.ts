import { InvalidArgumentError, Option, type Command } from "commander";
import { setTimeout as delay } from "node:timers/promises";
import { FormationError } from "../../provider/core/values/errors";
import { formatDuration, type Seconds } from "../../provider/core/values/units";
import type { CliContext } from "../context";
import { parsePeriod } from "../terminal/duration";
import { lookFor, readDeployed, refresh, type Deployed } from "../wait/deployed";
import { progressText } from "../wait/ready";

interface Options {
  readonly timeout: Seconds;
}

const POLL_MS = 1_000;

const EXAMPLES = `
Examples:
  formation wait                   until every process is ready
  formation wait web --timeout 30s`;

export function register(program: Command, context: CliContext): void {
  program
    .command("wait")
    .description("wait until every process is ready: at the release that was deployed last, and healthy")
    .argument("[type|process...]", "web or web.2; all processes without any")
    .addOption(
      new Option("--timeout <time>", "how long at most, such as 30s or 5m").default(300, "5m").argParser(parseTimeout),
    )
    .addHelpText("after", EXAMPLES)
    .action((names: readonly string[], options: Options) => wait(names, options, context));
}

async function wait(names: readonly string[], { timeout }: Options, context: CliContext): Promise<void> {
  const end = performance.now() + timeout * 1000;
  let deployed = await readDeployed(context);
  let said = "";
  for (;;) {
    const progress = await lookFor(names, deployed);
    const left = progress.filter(({ lacks }) => lacks !== undefined);
    // Progress is printed when other processes are left to wait for, not each time an age changes.
    const news = `${progress.length} ${left.map(({ name }) => name).join(" ")}`;
    if (news !== said) context.out(progress.length === 0 ? idleText(names, deployed) : progressText(progress));
    said = news;
    if (left.length === 0) return;
    if (performance.now() >= end) {
      const list = left.map(({ name, lacks }) => `${name}: ${lacks ?? ""}`).join("\n");
      throw new FormationError("NotReady", `not ready after ${formatDuration(timeout)}:\n${list}`, {
        hint: `see formation logs ${left[0]?.name ?? ""}`,
      });
    }
    await delay(Math.max(0, Math.min(POLL_MS, end - performance.now())));
    deployed = await refresh(deployed, context);
  }
}

/** The answer when there is no process to wait for. */
function idleText(names: readonly string[], { app }: Deployed): string {
  const types = names.length === 0 ? app.types : names;
  return types.length === 0 ? "there is no process type" : `${types.join(", ")}: scaled to 0`;
}

function parseTimeout(text: string): Seconds {
  const seconds = parsePeriod(text);
  if (seconds !== undefined) return seconds;
  throw new InvalidArgumentError("Give a time such as 30s or 5m; a number alone counts seconds.");
}
