import type { Command } from "commander";
import { FormationError } from "../../provider/core/errors";
import { formatEndpoint, isLocal } from "../../provider/core/addresses";
import { contractOf } from "../contract";
import type { CliContext } from "../context";
import type { RecordedFormation } from "../formations";
import { parseAddress } from "../http";
import { everyFormation } from "../look/every-app";
import { writeMonitoring } from "../monitor/write";

interface Options {
  readonly for: string;
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
    .argument("<folder>", "where to; the app's own files are replaced, those that apps share are left alone")
    .option("--for <duration>", "how long something may be wrong before an alert is given", "5m")
    .option("--exporter <address>", "where formation metrics listens", "127.0.0.1:9394")
    .addHelpText("after", EXAMPLES)
    .action((folder: string, options: Options) => write(folder, options, context));
}

async function write(folder: string, options: Options, context: CliContext): Promise<void> {
  if (!/^(\d+(ms|s|m|h|d))+$/.test(options.for)) {
    throw new FormationError("InvalidInput", `--for is ${JSON.stringify(options.for)}`, {
      hint: "give a duration of Prometheus such as 30s or 5m",
    });
  }
  const exporter = parseAddress(options.exporter);
  if (exporter === undefined) {
    throw new FormationError("InvalidInput", `--exporter is ${JSON.stringify(options.exporter)}`, {
      hint: "give where Prometheus reaches formation metrics, such as 127.0.0.1:9394 or metrics.example.com:9394",
    });
  }
  const { name: project, stackName: stack } = context.project();
  const all = await everyFormation(context);
  for (const recorded of all) {
    const { app } = recorded;
    const { instances } = contractOf(recorded);
    const away = writeMonitoring(
      folder,
      { app, project, stack, instances, elsewhere: elsewhereIn(recorded) },
      { patience: options.for, exporter: formatEndpoint(exporter.address, exporter.port) },
    );
    if (away.length > 0)
      context.note(
        `warning: left out: ${away.join(", ")}: published on 127.0.0.1 of another machine; give processes.<type>.bind an address that Prometheus reaches`,
      );
  }
  const apps = all.map(({ app }) => app).join(", ");
  context.out(`${folder} has what monitoring ${apps} takes: its README.md says how to go on`);
}

/** The names of the hosts that are not this machine. */
function elsewhereIn({ outputs }: Pick<RecordedFormation, "outputs">): readonly string[] {
  const names = (outputs["__names"] ?? {}) as Readonly<Record<string, string>>;
  return Object.entries(names).flatMap(([address, name]) => (isLocal(address) ? [] : [name]));
}
