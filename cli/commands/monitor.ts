import { InvalidArgumentError, Option, type Command } from "commander";
import { FormationError } from "../../provider/core/values/errors";
import { formatEndpoint, isLocal } from "../../provider/core/values/addresses";
import { optional } from "../../provider/core/inputs/process-type";
import { contractOf } from "../state/contract";
import type { CliContext } from "../context";
import { formatPeriod, parsePeriod } from "../terminal/duration";
import type { RecordedFormation } from "../state/formations";
import { parseAddress } from "../serve";
import { everyFormation } from "../observe/every-app";
import { writeMonitoring } from "../monitor/write";
import { removeGone } from "../monitor/written";

interface Options {
  readonly for: string;
  readonly near: number;
  readonly runbooks?: string;
  readonly exporter: string;
}

const EXAMPLES = `
Examples:
  formation monitor write ./monitoring             Prometheus, Grafana and a compose file to run both
  formation monitor write ./monitoring --for 1m    alerts that wait one minute`;

export function register(program: Command, context: CliContext): void {
  program
    .command("monitor")
    .description("make what Prometheus and Grafana need, from the stack's outputs")
    .command("write")
    .description("write targets, alert rules, a dashboard and a compose file")
    .argument("<folder>", "where to; the apps' own files are replaced, those that apps share are left alone")
    .option("--for <time>", "how long something may be wrong before an alert is given", parseFor, "5m")
    .addOption(
      new Option("--near <percent>", "from which share of a limit on an alert says that it is near")
        .default(90)
        .argParser(parsePercent),
    )
    .option("--runbooks <url>", "a page of yours that says what to do: each alert leads to its own name there")
    .option("--exporter <address>", "where formation metrics listens", "127.0.0.1:9394")
    .addHelpText("after", EXAMPLES)
    .action((folder: string, options: Options) => write(folder, options, context));
}

async function write(folder: string, options: Options, context: CliContext): Promise<void> {
  const exporter = parseAddress(options.exporter);
  if (exporter === undefined) {
    throw new FormationError("InvalidInput", `--exporter is ${JSON.stringify(options.exporter)}`, {
      hint: "give where Prometheus reaches formation metrics, such as 127.0.0.1:9394 or metrics.example.com:9394",
    });
  }
  const { name: project, stackName: stack } = context.project();
  const all = await meant(context, (apps) => {
    const gone = removeGone(folder, { project, stack }, apps);
    if (gone.length > 0)
      context.out(`removed what monitoring ${gone.join(", ")} took: stack ${stack} no longer has it`);
    return gone.length > 0;
  });
  for (const recorded of all) {
    const { app } = recorded;
    const { instances } = contractOf(recorded);
    const away = writeMonitoring(
      folder,
      { app, project, stack, instances, elsewhere: elsewhereIn(recorded) },
      {
        patience: options.for,
        near: options.near,
        ...optional("runbooks", options.runbooks),
        exporter: formatEndpoint(exporter.address, exporter.port),
      },
    );
    if (away.length > 0)
      context.note(
        `warning: left out: ${away.join(", ")}: published on 127.0.0.1 of another machine; give processes.<type>.bind an address that Prometheus reaches`,
      );
  }
  const apps = all.map(({ app }) => app).join(", ");
  if (apps !== "") context.out(`${folder} has what monitoring ${apps} takes: its README.md says how to go on`);
}

/** Selects formations. @param clear removes the files of apps that are gone; true when there were any */
async function meant(
  context: CliContext,
  clear: (apps: readonly string[]) => boolean,
): Promise<readonly RecordedFormation[]> {
  // A request for one app leaves the files of others alone.
  if (context.app() !== undefined) return everyFormation(context);
  const all = await context.formations();
  const isCleared = clear(all.map(({ app }) => app));
  return isCleared && all.length === 0 ? [] : everyFormation(context);
}

function parseFor(text: string): string {
  const seconds = parsePeriod(text);
  if (seconds !== undefined) return formatPeriod(seconds);
  throw new InvalidArgumentError("Give a time such as 30s or 5m; a number alone counts seconds.");
}

function parsePercent(text: string): number {
  const percent = Number(text.replace(/%$/, ""));
  if (/^\d{1,2}(\.\d+)?%?$/.test(text) && percent > 0) return percent;
  throw new InvalidArgumentError("Give a percentage between 0 and 100, such as 80.");
}

/** Names of the hosts that are other machines. */
function elsewhereIn({ outputs }: Pick<RecordedFormation, "outputs">): readonly string[] {
  const names = (outputs["__names"] ?? {}) as Readonly<Record<string, string>>;
  return Object.entries(names).flatMap(([address, name]) => (isLocal(address) ? [] : [name]));
}
