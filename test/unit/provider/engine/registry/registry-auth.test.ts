import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServiceSpec } from "../../../../../provider/orchestrators/swarm/plan/service/service";
import type { RegistryAuth } from "../../../../../provider/core/inputs/spec";
import { UNKNOWN } from "../../../../../provider/core/values/unknown";
import { SwarmEngine } from "../../../../../provider/orchestrators/swarm/api/swarm-engine";
import { Managers } from "../../../../../provider/orchestrators/swarm/api/managers";
import { transportTo } from "../../../../../provider/engine/connect/transports";
import { asking } from "../../../../support/asking";
import { HttpEngine, type Reply } from "../../../../support/http-engine";

// Registry credentials go to the engine with every call that makes it use the registry, and with no other call.

const registryAuth = [{ address: "registry.test", username: "deployer", password: "s>c?r~t" }];
const image = "registry.test/shop:1";
const NOBODY = {};

let engine: HttpEngine;
const folder = mkdtempSync(join(tmpdir(), "credentials-"));
const { DOCKER_CONFIG: config } = process.env;
beforeAll(() => (process.env["DOCKER_CONFIG"] = folder));
afterEach(() => engine.close());
afterAll(() => {
  if (config === undefined) delete process.env["DOCKER_CONFIG"];
  else process.env["DOCKER_CONFIG"] = config;
  rmSync(folder, { recursive: true });
});

/** Credentials by the call that had them. */
function told(): Record<string, unknown> {
  const all = engine.heard.flatMap(({ call, headers }) => {
    const header = headers["x-registry-auth"];
    if (header === undefined) return [];
    expect(header).toMatch(/^[\w=-]+$/);
    return [[call, JSON.parse(Buffer.from(String(header), "base64url").toString("utf8")) as unknown]];
  });
  return Object.fromEntries(all) as Record<string, unknown>;
}

const own = { body: { Id: "sha256:1", RepoDigests: ["registry.test/shop@sha256:old"] } };
const digest = { body: { Descriptor: { digest: "sha256:new" } } };
const well: Record<string, Reply> = {
  "GET /images/registry.test/shop%3A1/json": own,
  "GET /distribution/registry.test/shop%3A1/json": digest,
  "GET /swarm": { body: { ID: "c" } },
  ...Object.fromEntries(
    ["services", "tasks", "nodes", "secrets", "configs"].map((all) => [`GET /${all}`, { body: [] }]),
  ),
};
const OWN = { username: "deployer", password: "s>c?r~t", serveraddress: "registry.test" };
const service = {
  Name: "shop_web",
  TaskTemplate: { ContainerSpec: { Image: `${image}@sha256:new` } },
} as unknown as ServiceSpec;
const seen = { id: "s1", version: 7, spec: service, meshPorts: [] };

async function swarm(): Promise<SwarmEngine> {
  engine = await HttpEngine.start((call) => well[call]);
  const transport = transportTo({ host: engine.address }, "host");
  return new SwarmEngine(new Managers([{ address: engine.address, transport }], { patience: 0 }));
}

test("of a host that is asked for a newer image", async () => {
  engine = await HttpEngine.start((call) => well[call]);
  const look = await engine.host().observe({ ...asking("shop"), images: [image], registryAuth });
  expect(look.images?.[image]?.newer).toBe("sha256:new");
  expect(told()).toEqual({ "GET /distribution/registry.test/shop%3A1/json": OWN });
});

test("of a host that pulls", async () => {
  engine = await HttpEngine.start(() => undefined);
  await engine.host().pull(image, { pull: "always", registryAuth }, () => undefined);
  expect(told()).toEqual({ "POST /images/create": OWN });
  await engine.host().pull("elsewhere.test/shop:1", { pull: "always", registryAuth }, () => undefined);
  expect(engine.heard.filter(({ headers }) => "x-registry-auth" in headers)).toHaveLength(1);
});

test("of a host whose pull fails: a helper that could not be asked is named", async () => {
  writeFileSync(join(folder, "config.json"), JSON.stringify({ credsStore: "of-nobody" }));
  try {
    engine = await HttpEngine.start((call) =>
      call === "POST /images/create" ? { status: 500, body: { message: "unauthorized" } } : undefined,
    );
    await expect(engine.host().pull(image, { pull: "always", registryAuth: [] }, () => undefined)).rejects.toThrow(
      /cannot be pulled: .*unauthorized; docker-credential-of-nobody is not on the PATH/,
    );
    expect(told()).toEqual({});
  } finally {
    rmSync(join(folder, "config.json"));
  }
});

test("of a host whose pull is refused: whose credentials they were is said, and not which", async () => {
  engine = await HttpEngine.start((call) =>
    call === "POST /images/create" ? { status: 500, body: { message: "denied" } } : undefined,
  );
  const pulled = engine.host().pull(image, { pull: "always", registryAuth }, () => undefined);
  const error = await pulled.catch(String);
  expect(error).toMatch(/cannot be pulled: .*denied; the credentials are those of registryAuth$/);
  expect(error).not.toContain("s>c?r~t");
});

describe("before they are known, nobody is asked", () => {
  const unknown: RegistryAuth = { address: "registry.test", username: "deployer", password: UNKNOWN };
  const other: RegistryAuth = { address: "elsewhere.test", username: UNKNOWN, password: UNKNOWN };

  test.each<[RegistryAuth[]]>([[[unknown]], [[{ ...other, address: UNKNOWN }, ...registryAuth]]])(
    "by a host or a Swarm: %#",
    async (later) => {
      engine = await HttpEngine.start((call) => well[call]);
      const { images: seen } = await engine.host().observe({ ...asking("shop"), images: [image], registryAuth: later });
      expect(seen?.[image]).not.toHaveProperty("newer");
      expect(engine.calls.join()).not.toContain("distribution");
      await engine.close();
      const { images: found } = await (await swarm()).observe({ apps: ["shop"], images: [image], registryAuth: later });
      expect(found?.[image]).toMatchObject({ id: "sha256:1" });
      expect(engine.calls.join()).not.toContain("distribution");
    },
  );

  test("unless they are another registry's", async () => {
    engine = await HttpEngine.start((call) => well[call]);
    const all = [other, ...registryAuth];
    expect(await engine.host().observe({ ...asking("shop"), images: [image], registryAuth: all })).toMatchObject({
      images: { [image]: { newer: "sha256:new" } },
    });
    expect(told()).toEqual({ "GET /distribution/registry.test/shop%3A1/json": OWN });
  });
});

test("of a Swarm whose nodes get none: a warning says why, and who was asked is known when a node is refused", async () => {
  const file = join(folder, "config.json");
  writeFileSync(file, JSON.stringify({ credsStore: "of-nobody" }));
  try {
    const engineOf = await swarm();
    const gone = "docker-credential-of-nobody is not on the PATH";
    expect(await engineOf.create(service, [])).toEqual([`credentials for ${image}: ${gone}`]);
    expect(engineOf.credentialsOf("shop_web")).toEqual([gone]);
    expect(await engineOf.update(seen, service, registryAuth)).toEqual([]);
    expect(engineOf.credentialsOf("shop_web")).toEqual(["the credentials are those of registryAuth"]);
    expect(engineOf.credentialsOf("shop_worker")).toEqual([]);
  } finally {
    rmSync(file);
  }
});

test("of a Swarm that looks for its image", async () => {
  const { images } = await (await swarm()).observe({ apps: ["shop"], images: [image], registryAuth });
  expect(images?.[image]).toEqual({ id: "sha256:new", pinned: `${image}@sha256:new` });
  expect(told()).toEqual({ "GET /distribution/registry.test/shop%3A1/json": OWN });
});

test("of a Swarm that makes and changes services; one that is told of nobody does not keep who it had", async () => {
  const engineOf = await swarm();
  await engineOf.create(service, registryAuth);
  await engineOf.update(seen, service, registryAuth);
  expect(told()).toEqual({ "POST /services/create": OWN, "POST /services/s1/update": OWN });
  expect(engine.heard.at(-1)?.query).toBe("version=7");
  await engineOf.update(seen, service, []);
  expect(told()).toMatchObject({ "POST /services/s1/update": NOBODY });
  expect(engine.heard).toHaveLength(3);
});

test("a registry that does not answer keeps nobody waiting", async () => {
  engine = await HttpEngine.start((call) => (call.startsWith("GET /distribution") ? "silence" : well[call]));
  const began = performance.now();
  const look = await engine.host().observe({ ...asking("shop"), images: [image], registryAuth });
  expect(look).toMatchObject({ images: { [image]: { id: "sha256:1" } } });
  expect(look.images?.[image]?.newer).toBeUndefined();
  expect(performance.now() - began).toBeLessThan(8_000);
}, 20_000);
