import { get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** Web process that answers with its name, and on /healthz as HEALTH says; it finishes open requests after SIGTERM. */
export const WEB = `node -e '
const server = require("http").createServer((request, response) => {
  response.statusCode = request.url === "/healthz" ? Number(process.env.HEALTH ?? 200) : 200;
  response.end(process.env.PS);
});
server.listen(process.env.PORT, () => console.log("up"));
process.on("SIGTERM", () => { server.close(() => process.exit()); server.closeIdleConnections(); });
'`;

/** @returns the answer's text, or `undefined` when there is none or it is no success */
function ask(address: string, path = "/"): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get(`http://${address}${path}`, { agent: false, timeout: 2000 }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve(response.statusCode === 200 ? text : undefined));
    });
    request.on("timeout", () => request.destroy()).on("error", () => resolve(undefined));
  });
}

/** Asks every address again and again while other work goes on. @returns the fewest that ever answered at once */
export async function fewestAnswering(
  addresses: readonly string[],
  meanwhile: () => Promise<unknown>,
): Promise<number> {
  let isOn = true;
  let fewest = Infinity;
  const asking = (async () => {
    while (isOn) {
      const answers = await Promise.all(addresses.map((address) => ask(address)));
      fewest = Math.min(fewest, answers.filter((answer) => answer !== undefined).length);
      await delay(20);
    }
  })();
  try {
    await meanwhile();
  } finally {
    isOn = false;
    await asking;
  }
  return fewest;
}
