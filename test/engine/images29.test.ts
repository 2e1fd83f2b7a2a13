import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { imageHere, type ObservedHost } from "../../provider/core/model/observed";
import { connect } from "../../provider/orchestrators/connect";
import { asking } from "../support/asking";
import { drain, rebuildForAnother, rebuildWithoutChange } from "../support/rebuilds";
import { uniqueName } from "../support/engine";
import { BUILD_TIMEOUT_MS } from "../support/engine29";
import { EngineMessages } from "../support/engine-messages";
import { containersByHost, hostsOf, removeEverywhere } from "../support/hosts";
import { Provider, type Properties } from "../support/provider";
import { startRig, type Rig } from "../support/rig";

// One image on two engines side by side: a is the machine's own, with the classic store; b is a Docker 29 with the
// containerd store, where an image's id is the digest of its index.

let rig: Rig;
let messages: EngineMessages;
let app: string;
let image: string;
let provider: Provider;

beforeAll(async () => {
  [rig, messages] = await Promise.all([startRig({ engines: 2, docker29: [1] }), EngineMessages.listen()]);
}, BUILD_TIMEOUT_MS);
beforeEach(async () => {
  app = uniqueName("image");
  image = `${app}:1`;
  provider = new Provider(app, { engine: messages.address });
  for (const { docker } of rig.engines) await docker.getImage(rig.image).tag({ repo: app, tag: "1" });
  messages.take();
});
afterEach(async () => {
  await provider.kill();
  await removeEverywhere(rig, app);
});
afterAll(async () => {
  messages.close();
  await rig.stop();
});

const RELEASED = "release.1: migrated";

function declare(names: string, more: Properties = {}): Properties {
  return {
    image,
    pull: "never",
    update: { monitor: 0 },
    hosts: hostsOf(rig, names),
    procfile: "release: echo migrated\nweb: sleep 1000\nclock: sleep 1000",
    scale: { web: 2, clock: 1 },
    ...more,
  };
}

const dockerOf = (name: string) => rig.engines.find((one) => one.name === name)!.docker;
const idOf = async (name: string) => (await dockerOf(name).getImage(image).inspect()).Id;
const containers = async () =>
  Object.values(await containersByHost(rig, app))
    .flatMap((all) => all.map(({ Id }) => Id))
    .sort();

async function observed(name: string): Promise<ObservedHost> {
  const [host] = connect(hostsOf(rig, name) as { name: string; host: string }[], undefined, {});
  try {
    return await host!.observe(asking(app, { images: [image] }));
  } finally {
    host!.close();
  }
}

/** Makes the reference mean another image on an engine. @returns its archive, for other engines to load */
async function rebuild(name: string): Promise<string> {
  const docker = dockerOf(name);
  const container = await docker.createContainer({ Image: image, name: `${app}-builder` });
  await container.commit({ repo: app, tag: "1", changes: `ENV BUILD=${app}` });
  await container.remove();
  const archive = join(rig.folder, `${app}.tar`);
  await pipeline(await docker.getImage(image).get(), createWriteStream(archive));
  return archive;
}

async function load(name: string, archive: string): Promise<void> {
  await drain(await dockerOf(name).loadImage(archive));
}

/** Causes that a preview gives for replacing processes. */
async function causes(inputs: Properties): Promise<string[]> {
  messages.take();
  const isChanged = await provider.preview(inputs);
  const text = messages.take();
  expect(text === "").toBe(!isChanged);
  return [...new Set(text.match(/image \S+ (rebuilt|may be rebuilt)/g))];
}

const imageOf = (host: ObservedHost) => imageHere(host, image) ?? {};

const messageOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing failed",
    (error: unknown) => (error as Error).message,
  );

test("is one image on both, with ids of their own, and a formation on both is accepted", async () => {
  const [a, b] = [await observed("a"), await observed("b")];
  expect(imageOf(a).id).not.toBe(imageOf(b).id);
  expect(imageOf(a).facts?.content).toMatch(/^[0-9a-f]{64}$/);
  expect(imageOf(b).facts).toMatchObject({ content: imageOf(a).facts?.content, platform: imageOf(a).facts?.platform });
  await provider.up(declare("ab"));
  expect(await containers()).toHaveLength(3);
  expect(await provider.preview(declare("ab"))).toBe(false);
});

test("a build without a change changes nothing: no process stops, no release command runs", async () => {
  messages.take();
  await provider.up(declare("b"));
  expect(messages.take()).toContain(RELEASED);
  const [before, id] = [await containers(), await idOf("b")];
  await rebuildWithoutChange(dockerOf("b"), image, "second");
  expect(await idOf("b")).not.toBe(id);
  expect(await causes(declare("b"))).toEqual([]);

  messages.take();
  await provider.up(declare("b", { scale: { web: 3, clock: 1 } }));
  expect(messages.take()).not.toContain(RELEASED);
  expect((await containers()).filter((one) => before.includes(one))).toEqual(before);
  const instances = provider.outputs["instances"] as { type: string; release: string }[];
  const releases = instances.filter(({ type }) => type === "web").map(({ release }) => release);
  expect(new Set(releases).size).toBe(1);
  expect(await provider.preview(declare("b", { scale: { web: 3, clock: 1 } }))).toBe(false);
});

test("a build with a change is a release, once every host has it", async () => {
  await provider.up(declare("ab"));
  const before = await containers();
  const archive = await rebuild("a");
  expect(await messageOf(provider.preview(declare("ab")))).toMatch(/^image \S+ is sha256:\S+ on a, but sha256:/);
  await load("b", archive);
  expect(await causes(declare("ab"))).toEqual([`image ${image} rebuilt`]);
  await provider.up(declare("ab"));
  expect((await containers()).filter((one) => before.includes(one))).toEqual([]);
  expect(await provider.preview(declare("ab"))).toBe(false);
});

test("of two platforms each host has its own, and nothing shows that they are not one image", async () => {
  const other = process.arch === "arm64" ? "amd64" : "arm64";
  // The programs are of this machine all the same, so they run.
  await rebuildForAnother(dockerOf("a"), image, other);
  const [a, b] = [await observed("a"), await observed("b")];
  expect(imageOf(a).facts?.platform).toBe(`linux/${other}`);
  expect(imageOf(a).facts?.content).not.toBe(imageOf(b).facts?.content);
  await provider.up(declare("ab"));
  expect(await containers()).toHaveLength(3);
  expect(await provider.preview(declare("ab"))).toBe(false);
});

test("an image that is gone is the same one if the engine knows its manifest, and said to be unknown if not", async () => {
  const inputs = declare("b", { scale: { web: 1, clock: 0 } });
  await provider.up(inputs);
  const [id] = await containers();
  const docker = dockerOf("b");
  // Docker removes no image that a running container was made from, so the container is stopped first.
  await docker.getContainer(id!).update({ RestartPolicy: { Name: "no" } });
  await docker.getContainer(id!).kill();
  const former = await idOf("b");
  await rebuildWithoutChange(docker, image, "second");
  await docker.getImage(former).remove({ force: true });
  await expect(docker.getImage(former).inspect()).rejects.toMatchObject({ statusCode: 404 });
  expect(await causes(inputs)).toEqual([]);
  await rebuild("b");
  expect(await causes(inputs)).toEqual([`image ${image} may be rebuilt`]);
});
