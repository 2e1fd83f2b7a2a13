import { createServer, type Server } from "node:net";
import { once } from "node:events";
import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { EngineMessages } from "../support/engine-messages";
import { EngineProxy } from "../support/engine-proxy";
import { Provider, type Properties } from "../support/provider";

// Refusals come before any change, in words that say what to do.

const app = uniqueName("refuse");
const image = baseImage();
const decoys: string[] = [];
let proxy: EngineProxy;
let messages: EngineMessages;
let provider: Provider;
let taken: Server;

beforeAll(async () => {
  proxy = await EngineProxy.start();
  messages = await EngineMessages.listen();
  provider = new Provider(app, { engine: messages.address });
  taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  await provider.up(declare());
});

afterAll(async () => {
  await provider.kill();
  await proxy.close();
  messages.close();
  taken.close();
  await removeContainersOf(app);
  for (const decoy of decoys) await docker.getContainer(decoy).remove({ force: true });
});

function declare(more: Properties = {}): Properties {
  return {
    image,
    hosts: [{ host: proxy.address }],
    update: { monitor: 0 },
    scale: { web: 1 },
    procfile: "web: sleep 1000\nworker: sleep 1000\nclock: sleep 1000",
    ...more,
  };
}

/** Starts a container of somebody else. */
async function decoy(name: string, port?: number): Promise<string> {
  const bindings = port === undefined ? {} : { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: String(port) }] };
  const { id } = await docker.createContainer({
    name,
    Image: image,
    Cmd: ["sleep", "1000"],
    ExposedPorts: { "80/tcp": {} },
    HostConfig: { PortBindings: bindings },
  });
  decoys.push(id);
  await docker.getContainer(id).start();
  return id;
}

/** Snapshot of the app's containers and the decoys, with values that change when one is touched. */
async function world(): Promise<unknown[]> {
  const ids = [...(await containersOf(app)).map(({ Id }) => Id), ...decoys];
  const looks = await Promise.all(ids.map((id) => docker.getContainer(id).inspect()));
  return looks.map(({ Id, Name, State }) => [Id, Name, State.Status, State.StartedAt]);
}

/** @returns the messages at preview and at up, and the calls with which the engine was asked to change anything */
async function refusal(declared: Properties, by = provider) {
  const before = await world();
  proxy.reset();
  const say = (work: Promise<unknown>) =>
    work.then(
      () => "",
      (error: unknown) => (error as Error).message,
    );
  const preview = await say(by.preview(declared));
  const up = await say(by.up(declared));
  const writes = proxy.calls
    .filter(({ method }) => method !== "GET")
    .map(({ path }) => path.replace(/^\/v[\d.]+|\?.*/g, ""));
  expect(await world()).toEqual(before);
  return { preview, up, writes };
}

/** Expects that preview and up refuse in the same words. */
const refused = (text: string) => ({ preview: text, up: text, writes: [] });

test("a second clock, and no call to the engine is made", async () => {
  const text =
    "scale: clock is a singleton: asked for 2, at most 1 may run; scale it to 1, or set processes.clock.singleton: false if two may run at once";
  expect(await refusal(declare({ scale: { clock: 2 } }))).toEqual(refused(text));
  expect(proxy.calls).toEqual([]);
});

test("a name that somebody else's container has", async () => {
  await decoy(`${app}.worker.1`);
  const text = `a container that is not ours has the name ${app}.worker.1 on local: remove or rename it`;
  expect(await refusal(declare({ scale: { worker: 1 } }))).toEqual(refused(text));
});

test("a fixed port that somebody else's container has", async () => {
  const { port } = await freePort();
  await decoy(`${app}-decoy`, port);
  const processes = { clock: { port: 80, bind: `127.0.0.1:${port}` } };
  const text = `port ${port} for clock.1 is in use by ${app}-decoy on local: free it, or change processes.clock.bind`;
  expect(await refusal(declare({ processes, scale: { clock: 1 } }))).toEqual(refused(text));
});

test("an app that belongs to another formation", async () => {
  const other = new Provider(app, { owner: "other/prod" });
  try {
    const identity = String(provider.outputs["__identity"]);
    const first = `formation ${identity} (urn:pulumi:dev::test::pulumi-nodejs:dynamic/formation:Formation::${app} of stack test/dev)`;
    const text = `app ${app} on local belongs to ${first}: if this is that resource under another name or parent, give it aliases; if the state of that formation was really lost, say takeOver: "${identity}"; else give this formation another app`;
    expect(await refusal(declare(), other)).toEqual(refused(text));
  } finally {
    await other.kill();
  }
});

test("an image that is missing and may not be pulled", async () => {
  const missing = `${app}/missing:1`;
  expect(await refusal(declare({ image: missing, pull: "never" }))).toEqual(
    refused(`image ${missing} is not on local, and pull is "never": build or load it there, or let it be pulled`),
  );
});

test("an image that is missing and cannot be pulled", async () => {
  const missing = `127.0.0.1:1/${app}:1`;
  const said = await refusal(declare({ image: missing }));
  expect(said).toMatchObject({ preview: "", writes: ["/images/create"] });
  expect(said.up).toMatch(
    /^image 127\.0\.0\.1:1\/refuse-\w+:1 is not on local and cannot be pulled: .+: build or load it there, correct image, or give registryAuth$/,
  );
});

test("an engine that cannot be reached", async () => {
  const other = new Provider(uniqueName("refuse"));
  try {
    const host = `unix:///tmp/${app}.sock`;
    const { up, writes } = await refusal(declare({ hosts: [{ host }] }), other);
    expect(writes).toEqual([]);
    expect(up).toContain(`cannot reach local (${host}): `);
    expect(up).toContain(`: try: docker -H ${host} version`);
    expect(other.state).toBeUndefined();
  } finally {
    await other.kill();
  }
});

test("a move to an engine that cannot be reached", async () => {
  const host = `unix:///tmp/${app}.sock`;
  const { up, writes } = await refusal(declare({ hosts: [{ name: "b", host }] }));
  expect(writes).toEqual([]);
  expect(up).toContain(`cannot reach b (${host}): `);
  await provider.up(declare());
});

test("stack config that is no object of quantities", async () => {
  for (const [text, fault] of [
    ["web=2", 'stack config formation:scale is "web=2": give an object by app, such as {"shop": {"web": 2}}'],
    ["[]", 'stack config formation:scale is "[]": give an object by app, such as {"shop": {"web": 2}}'],
    [
      `{"${app}":2}`,
      `stack config formation:scale is "{\\"${app}\\":2}": give an object by app, such as {"shop": {"web": 2}}`,
    ],
    [
      '{"web":2}',
      'stack config formation:scale is "{\\"web\\":2}": give an object by app, such as {"shop": {"web": 2}}',
    ],
    [`{"${app}": {"web": "2"}}`, `formation:scale.${app}.web is "2" (a string): give a whole number, 0 or more`],
    [
      `{"${app}": {"wbe": 2}}`,
      `formation:scale.${app}.wbe is not a process type of ${app}: it has web, worker, clock; correct it, or take it away with pulumi config rm --path formation:scale.${app}.wbe`,
    ],
  ] as const) {
    const other = new Provider(app, { config: { "formation:scale": text } });
    expect(await refusal(declare(), other)).toEqual(refused(fault));
    await other.kill();
  }
});

test("a fixed port that a program of the host has: nothing is left of the attempt", async () => {
  const { port } = taken.address() as { port: number };
  const processes = { clock: { port: 80, bind: `127.0.0.1:${port}` } };
  const { preview, up } = await refusal(declare({ processes, scale: { clock: 1 } }));
  expect(preview).toBe("");
  expect(up).toMatch(new RegExp(`^clock\\.1 on local: create failed: .*:${port}.*address already in use`));
  await provider.up(declare());
});

/** Finds a port that was free a moment ago. */
async function freePort(): Promise<{ port: number }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return address;
}
