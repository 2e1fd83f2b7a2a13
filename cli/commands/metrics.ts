import { basename, dirname } from "node:path";
import type { Command } from "commander";
import { setTimeout as delay } from "node:timers/promises";
import { explain } from "../../provider/core/values/errors";
import type { CliContext } from "../context";
import { parseListen, serve } from "../serve";
import { everyCollector } from "../metrics/every-app";
import { registryOf, type Format } from "../metrics/registry";
import { writeFiles } from "../monitor/whole-files";

type Source = ReturnType<typeof everyCollector>;

interface Options {
  readonly listen?: string;
  readonly textfile?: string;
  readonly once?: boolean;
}

const EXAMPLES = `
Examples:
  formation metrics                              print them once
  formation metrics --listen 9394                serve them to Prometheus on 127.0.0.1:9394/metrics
  formation metrics --textfile shop.prom         write them for node_exporter, every 15 s`;

const TEXTFILE_EVERY_MS = 15_000;

export function register(program: Command, context: CliContext): void {
  program
    .command("metrics")
    .description("measure every formation of the stack for Prometheus, in OpenMetrics")
    .option("--listen <address>", "serve them on a port, or an address and a port")
    .option("--textfile <file>", "write them to a file again and again, whole each time")
    .option("--once", "with --textfile: write them once")
    .addHelpText("after", EXAMPLES)
    .action((options: Options) => metrics(options, context));
}

async function metrics(options: Options, context: CliContext): Promise<void> {
  if (options.listen !== undefined)
    return listen(options.listen, everyCollector(context, { details: true, usage: "behind" }), context);
  const source = everyCollector(context, { details: true, usage: "now" });
  if (options.textfile !== undefined) return writeTextfile(options.textfile, options.once === true, source, context);
  context.out((await textOf(source, "openmetrics")).trimEnd());
}

async function textOf(source: Source, format: Format): Promise<string> {
  return registryOf(await source(), format).metrics();
}

async function listen(address: string, source: Source, { note }: CliContext): Promise<void> {
  const { endpoint } = await serve(parseListen(address), (request, response) => {
    const path = request.url?.split("?")[0];
    if (path === "/-/healthy") return void response.writeHead(200).end("ok\n");
    if (path !== "/metrics") return void response.writeHead(path === "/" ? 302 : 404, { Location: "/metrics" }).end();
    void source().then(
      async (snapshot) => {
        const registry = registryOf(snapshot, formatFor(request.headers.accept));
        response.writeHead(200, { "Content-Type": registry.contentType }).end(await registry.metrics());
      },
      (error: unknown) => {
        note(explain(error));
        response.writeHead(500).end(`${explain(error)}\n`);
      },
    );
  });
  note(`metrics are at http://${endpoint}/metrics`);
}

/** Answers in the newer format unless the client asks for the older one. */
function formatFor(accept = ""): Format {
  return accept.includes("text/plain") && !accept.includes("openmetrics") ? "prometheus" : "openmetrics";
}

/** Writes whole files only, because node_exporter may read one at any time. */
async function writeTextfile(file: string, isOnce: boolean, source: Source, { note }: CliContext): Promise<void> {
  for (;;) {
    try {
      writeFiles(dirname(file), { [basename(file)]: await textOf(source, "prometheus") });
    } catch (error) {
      if (isOnce) throw error;
      note(explain(error));
    }
    if (isOnce) return;
    await delay(TEXTFILE_EVERY_MS);
  }
}
