"use strict";
// Answers every request with the name of the process that answers, e.g. "web.2"; /slow takes a second to do so.
const { createServer } = require("node:http");
const { setTimeout: sleep } = require("node:timers/promises");

const name = process.env.PS ?? "web";
const port = Number(process.env.PORT ?? 8080);
/** After SIGTERM, how long to go on serving: a load balancer has to see /healthz fail before it sends nothing more. */
const drainMs = Number(process.env.DRAIN_MS ?? 2000);
let stopping = false;

const server = createServer(async (request, response) => {
  if (stopping) response.setHeader("Connection", "close");
  if (request.url === "/slow") await sleep(1000);
  if (request.url === "/healthz" && stopping) response.statusCode = 503;
  request.resume().on("end", () => response.end(`${name}\n`));
});

server.listen(port, () => console.log(`${name} listens on port ${port}`));

process.on("SIGTERM", async () => {
  stopping = true;
  await sleep(drainMs);
  server.close(() => console.log(`${name} stopped`)); // what is under way is finished; then Node.js exits with 0
  server.closeIdleConnections();
});
