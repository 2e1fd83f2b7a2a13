import { createServer } from "node:net";
import { reachableAddress } from "../../../../../provider/core/values/addresses";
import type { Change } from "../../../../../provider/core/model/change";
import { healthRefusal } from "../../../../../provider/core/plan/refusals";
import { parseSpec } from "../../../../../provider/core/guards/declaration";
import type { ContainerInfo, ContainerInspectInfo } from "../../../../../provider/engine/containers";
import { awaitReady } from "../../../../../provider/orchestrators/docker/container/readiness";
import { failureOf } from "../../../../support/failure";
import { silentEngine } from "../../../../support/silent-engine";

// A check over HTTP asks the process that it is about, or is refused.

test.each([
  ["unix:///var/run/docker.sock", "0.0.0.0", "127.0.0.1"],
  ["unix:///var/run/docker.sock", "::", "::1"],
  ["unix:///var/run/docker.sock", "10.0.0.5", "10.0.0.5"],
  ["ssh://deploy@b.example.com", "0.0.0.0", "b.example.com"],
  ["tcp://[fd00::1]:2376", "::", "fd00::1"],
])("what an engine at %s publishes on %s is asked at %s", (engine, publishedOn, address) => {
  expect(reachableAddress(engine, publishedOn)).toBe(address);
});

test.each([
  ["an engine of this machine", "unix:///var/run/docker.sock", "127.0.0.1", true],
  ["an engine elsewhere, where the port can be reached", "ssh://deploy@b", "0.0.0.0", true],
  ["an engine elsewhere, on its own loopback address", "ssh://deploy@b", "127.0.0.1", false],
  ["an engine elsewhere, on its own loopback address of IPv6", "tcp://b:2376", "::1", false],
])("a check over HTTP on %s", (_, address, bind, isAsked) => {
  const raw = { image: "shop:1", processes: { web: { command: "run", port: 80, bind, health: { path: "/" } } } };
  const parsed = parseSpec(raw, "shop");
  if (parsed.kind !== "spec") throw new Error(JSON.stringify(parsed));
  const hosts = [{ name: "b", address, engine: "B", instances: [], strangers: [] }];
  const changes = [
    { type: "web", host: "b", steps: [{ op: "run", want: { name: "shop.web.1" } }] },
  ] as unknown as Change[];
  const refusal = healthRefusal(changes, hosts, parsed.spec);
  expect(refusal?.message).toEqual(
    isAsked
      ? undefined
      : `processes.web.health.path cannot be asked on ${address}, where the port is published on ${bind} only: give processes.web.bind an address that can be reached from here, or use processes.web.health.test`,
  );
  // Processes that are scaled down, or only started again, are not checked anew.
  expect(healthRefusal([], hosts, parsed.spec)).toBeUndefined();
});

test("from inside a container an error says where it was asked", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  const { port } = await new Promise<{ port: number }>((resolve) =>
    server.once("listening", () => resolve(server.address() as { port: number })),
  );
  await new Promise((resolve) => server.close(resolve));
  const full = { Id: "1", RestartCount: 0, Config: {}, State: { Status: "running" } };
  const seen = { Id: "1", State: "running", Status: "Up", Ports: [{ IP: "127.0.0.1", PublicPort: port }] };
  const waiting = {
    engine: silentEngine,
    made: "1",
    inspect: () => Promise.resolve(full as unknown as ContainerInspectInfo),
    glance: () => Promise.resolve(seen as unknown as ContainerInfo),
    tellsHealth: () => Promise.resolve(true),
  };
  const http = { path: "/up", interval: 0.01, timeout: 1, retries: 1, startPeriod: 0 };
  const textFrom = async (isInside: boolean) =>
    (await failureOf(awaitReady({ ...waiting, isInContainer: () => isInside }, { monitor: 0, http }))).text;
  expect(await textFrom(true)).toContain(
    "does not answer /up (ECONNREFUSED), asked on 127.0.0.1 from inside a container",
  );
  expect(await textFrom(false)).not.toContain("container,");
});
