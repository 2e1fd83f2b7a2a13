import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "../../provider/orchestrators/connect";
import { docker } from "../support/engine";
import { failureOf } from "../support/failure";
import { asking } from "../support/asking";

// Engines older or newer than the known API versions: a proxy in front of a real one changes what it tells (F29).

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** @returns the host, and the versions that calls have named */
async function engineThatKnows(oldest: string, newest: string) {
  const named = new Set<string>();
  const server = createServer((asked, answer) => {
    const version = /^\/v([\d.]+)\//.exec(asked.url ?? "")?.[1];
    if (version !== undefined) named.add(version);
    const { method, headers } = asked;
    const path = asked.url?.replace(/^\/v[\d.]+/, "");
    const sent = request({ socketPath: "/var/run/docker.sock", method, path, headers }, (got) => {
      const chunks: Buffer[] = [];
      got.on("data", (chunk: Buffer) => chunks.push(chunk));
      got.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        const told = { ApiVersion: newest, MinAPIVersion: oldest };
        answer.writeHead(got.statusCode ?? 500, { "content-type": "application/json" });
        answer.end(path === "/version" ? JSON.stringify({ ...JSON.parse(body), ...told }) : body);
      });
    });
    asked.pipe(sent);
  });
  servers.push(server);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = server.address() as AddressInfo;
  const [host] = connect([{ name: "far", host: `tcp://127.0.0.1:${port}` }], undefined, {});
  return { host: host!, named };
}

const query = asking("none");

test("an engine that is too old is refused, before anything else is asked", async () => {
  const { host, named } = await engineThatKnows("1.12", "1.24");
  const { code, text } = await failureOf(host.observe(query));
  expect(code).toBe("EngineTooOld");
  expect(text).toBe(
    "the engine of far knows version 1.24 of the Docker API, at least 1.41 is needed: upgrade Docker there to 20.10 or later",
  );
  expect([...named]).toEqual([]);
});

test("an engine that no longer knows what is known here is refused", async () => {
  const { host } = await engineThatKnows("1.90", "1.99");
  expect((await failureOf(host.observe(query))).text).toMatch(/asks for version 1\.90 .*: upgrade pulumi-formation$/);
});

test.each([
  ["the engine's, where that is older", "1.41", "1.41"],
  ["ours, where the engine's is newer", "1.99", "1.51"],
])("every call names the version of the API: %s", async (_, newest, expected) => {
  const { host, named } = await engineThatKnows("1.12", newest);
  const { engine } = await host.observe(query);
  expect(engine).toBe(((await docker.info()) as { ID: string }).ID);
  expect([...named]).toEqual([expected]);
});
