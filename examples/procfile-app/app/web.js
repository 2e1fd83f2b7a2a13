"use strict";
// Answers every request with the name of the process that answers, e.g. "web.2".
const { createServer } = require("node:http");

const name = process.env.PS ?? "web";
const port = Number(process.env.PORT ?? 8080);
let stopping = false;

const server = createServer((request, response) => {
  if (stopping) response.setHeader("Connection", "close");
  response.on("close", () => stopping && server.closeIdleConnections());
  request.resume().on("end", () => response.end(`${name}\n`));
});

server.listen(port, () => console.log(`${name} listens on port ${port}`));

process.on("SIGTERM", () => {
  stopping = true;
  server.close(() => console.log(`${name} stopped`)); // then nothing is left to do, and Node.js exits with 0
  server.closeIdleConnections();
});
