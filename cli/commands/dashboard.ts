import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { FormationError } from "../../provider/core/values/errors";
import { isLoopback } from "../../provider/core/values/addresses";
import type { CliContext } from "../context";
import { eventStream } from "../dashboard/stream";
import { parseListen, serve } from "../serve";
import { collector } from "../metrics/collector";

const EXAMPLES = `
Examples:
  formation dashboard                   on 127.0.0.1:9395
  formation dashboard --listen 8000     on another port; 0 takes a free one`;

/** The content security policy: the page loads nothing from other servers. */
const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const FILES: Readonly<Record<string, readonly [name: string, type: string]>> = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/style.css": ["style.css", "text/css; charset=utf-8"],
  "/page.js": ["page.js", "text/javascript; charset=utf-8"],
};

export function register(program: Command, context: CliContext): void {
  program
    .command("dashboard")
    .description("serve a page that shows the formation, live; read-only")
    .option("--listen <address>", "a port on this machine", "9395")
    .addHelpText("after", EXAMPLES)
    .action(({ listen }: { readonly listen: string }) => dashboard(listen, context));
}

async function dashboard(listen: string, context: CliContext): Promise<void> {
  const at = parseListen(listen);
  if (!isLoopback(at.address)) {
    throw new FormationError("InvalidInput", `--listen is ${JSON.stringify(listen)}: the page has no password`, {
      hint: "give an address of this machine alone, such as 127.0.0.1:9395, and come through ssh -L from elsewhere",
    });
  }
  await context.formation();
  const stream = eventStream(collector(context, { details: false, usage: "none" }));
  const folder = join(__dirname, "../../../cli/dashboard");
  const { endpoint } = await serve(at, (request, response) => {
    const path = request.url?.split("?")[0] ?? "/";
    const file = FILES[path];
    if (path === "/events" && request.method === "HEAD") return void response.writeHead(200).end();
    if (path === "/events") return stream(response);
    if (file === undefined) return void response.writeHead(404).end("there is no such page\n");
    const [name, type] = file;
    const headers = { "Content-Type": type, "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff" };
    response.writeHead(200, { ...headers, "Cache-Control": "no-store" }).end(readFileSync(join(folder, name)));
  });
  context.note(`the formation is at http://${endpoint}/, until Ctrl-C`);
}
