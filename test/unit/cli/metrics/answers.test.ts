import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Observation } from "../../../../cli/observe/observe";
import { answerer, askedAt } from "../../../../cli/metrics/answers";

// Checks over HTTP ask the process itself whether it answers where its declaration says; no engine asks that.

test("a process that does not answer its health.path is failing, whatever else is secret", async () => {
  const server = createServer((request, response) => {
    response.writeHead(request.url === "/healthy" ? 200 : 503).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const { port } = server.address() as AddressInfo;
    const of = (path: string, health: object) => ({
      image: "shop:1",
      procfile: "web: a\nworker: b\n",
      env: Symbol("secret"),
      processes: { web: { port: 80, health: { path, ...health } } },
    });
    const one = (container: string, type: string, more: object = {}) => ({
      container,
      type,
      state: "running",
      published: { address: "127.0.0.1", port },
      ...more,
    });
    const looks = [
      {
        kind: "seen",
        viewer: { address: "unix:///a" },
        containers: [one("c1", "web"), one("c2", "web", { state: "exited" }), one("c3", "worker")],
      },
    ] as unknown as readonly Observation[];
    const ask = answerer();
    expect(await ask(of("/healthy", {}), looks)).toEqual(new Set());
    expect(await ask(of("/ill", {}), looks)).toEqual(new Set(["c1"]));
    expect(await ask(of("/ill", { status: 503 }), looks)).toEqual(new Set());
  } finally {
    server.close();
  }
});

test("where nobody can be reached from here, nobody is asked", () => {
  const published = { address: "127.0.0.1", port: 80 };
  expect(askedAt({ published }, "unix:///var/run/docker.sock")).toEqual({ host: "127.0.0.1", port: 80 });
  expect(askedAt({ published }, "ssh://b.example.com")).toBeUndefined();
  expect(askedAt({ published: { address: "0.0.0.0", port: 80 } }, "ssh://b.example.com")).toEqual({
    host: "b.example.com",
    port: 80,
  });
  expect(askedAt({}, "unix:///a")).toBeUndefined();
});
