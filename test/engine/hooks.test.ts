import { runtime } from "@pulumi/pulumi";
import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import type { Properties } from "../support/provider";
import { initFailureOf, ProviderHost } from "../support/provider-host";

// Every answer of every hook, good or bad, through Pulumi's own process for dynamic providers: a value that cannot be
// sent would hang an update for ever, or lose its state.

const PROVIDER = 'exports.handler=()=>require("pulumi-formation/provider")';
const app = uniqueName("hooks");
const urn = `urn:pulumi:dev::hooks::pulumi-nodejs:dynamic/formation:Formation::${app}`;
const image = baseImage();
const later = runtime.unknownValue;
const id = `hooks/dev/${app}`;
let host: ProviderHost;

beforeAll(async () => {
  host = await ProviderHost.start();
});

afterAll(async () => {
  host.close();
  await removeContainersOf(app);
});

function declare(more: Properties = {}): Properties {
  return {
    image,
    procfile: "web: sleep 1000\nclock: sleep 1000",
    processes: { web: { port: 8080 } },
    update: { monitor: 0 },
    scale: { web: 2 },
    env: { A: "1" },
    __provider: PROVIDER,
    __urn: urn,
    ...more,
  };
}

async function checked(olds: Properties, news: Properties): Promise<Properties> {
  const { inputs, failures } = await host.check(olds, news);
  expect(failures).toEqual([]);
  return inputs;
}

test("check passes what is unknown on, wherever it stands", async () => {
  for (const unknown of [
    { image: later },
    { procfile: later },
    { scale: later },
    { scale: { web: later } },
    { env: { A: later } },
    { env: later },
    { network: later },
    { networks: later },
    { networks: [later] },
    { processes: { web: { networks: { a: { aliases: [later] } } } } },
    { hosts: [{ host: later }] },
    { processes: { web: { command: later } } },
    { processes: { web: { command: ["node", later] } } },
    { restartedAt: { web: later } },
  ]) {
    const { inputs, failures } = await host.check({}, declare(unknown));
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ ...unknown, __provider: PROVIDER, __urn: urn });
  }
});

test("check names what is wrong in the only form that Pulumi prints cleanly", async () => {
  const { failures } = await host.check({}, declare({ scale: { web: -1, clock: 2 } }));
  expect(failures).toEqual([
    ["", "scale.web is -1: give a whole number, 0 or more"],
    ["", expect.stringContaining("clock is a singleton") as string],
  ]);
});

test("a life: create, diff, update, read, delete", async () => {
  const inputs = await checked({}, declare());
  const created = await host.create(inputs);
  expect(created).toMatchObject({ id, outputs: { ...inputs, running: { web: 2, clock: 0 } } });
  expect(await host.diff(id, created.outputs, inputs)).toBe(false);

  const more = await checked(inputs, declare({ scale: { clock: 1 } }));
  expect(more).toMatchObject({ summary: "web=2, clock=1" });
  expect(await host.diff(id, created.outputs, more)).toBe(true);
  const updated = await host.update(id, created.outputs, more);
  expect(updated).toMatchObject({ ...more, running: { web: 2, clock: 1 } });
  expect(await host.diff(id, updated, more)).toBe(false);

  for (const unknown of [{ image: later }, { scale: { web: later } }, { env: { A: later } }, { procfile: later }])
    expect(await host.diff(id, updated, await checked(more, declare(unknown)))).toBe(true);

  await docker.getContainer(`${app}.web.2`).remove({ force: true });
  const read = await host.read(id, updated);
  expect(read).toMatchObject({ id, outputs: { running: { web: 1, clock: 1 }, formation: { web: 2, clock: 1 } } });
  await removeContainersOf(app);
  const empty = await host.read(id, read.outputs);
  expect(empty).toMatchObject({ id, outputs: { running: { web: 0, clock: 0 }, instances: [] } });

  await host.delete(id, empty.outputs);
  expect(await containersOf(app)).toEqual([]);
});

/** Reads the details of a call's failure, which Pulumi records. */
async function initFailure(work: Promise<unknown>) {
  const failure = initFailureOf(
    await work.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
  expect(failure).toMatchObject({ id, properties: { __provider: PROVIDER, __urn: urn } });
  return failure!;
}

test("a create and an update that fail in the middle tell what is there", async () => {
  const broken = {
    update: { monitor: 2 },
    processes: { clock: { command: "echo no database; exit 3" } },
    scale: { web: 1, clock: 1 },
  };
  const inputs = await checked({}, declare(broken));
  const created = await initFailure(host.create(inputs));
  expect(created.properties).toMatchObject({ ...inputs, running: { web: 1, clock: 0 } });
  expect(created.reasons.join("\n")).toMatch(/^clock\.1 on local: create failed: exited with code 3[^]*no database/);

  const still = await checked(inputs, declare({ ...broken, scale: { web: 2, clock: 1 } }));
  const updated = await initFailure(host.update(id, created.properties, still));
  expect(updated.properties).toMatchObject({ ...still, running: { web: 2, clock: 0 } });

  const good = await checked(still, declare({ scale: { web: 2, clock: 1 } }));
  expect(await host.update(id, updated.properties, good)).toMatchObject({ running: { web: 2, clock: 1 } });
});

test("an engine that cannot be reached", async () => {
  const away = { hosts: [{ host: `unix:///tmp/${app}.sock` }] };
  const inputs = await checked({}, declare(away));
  const error: unknown = await host.create(inputs).catch((error: unknown) => error);
  expect(initFailureOf(error)).toBeUndefined();
  expect((error as Error).message).toContain("cannot reach local");
});
