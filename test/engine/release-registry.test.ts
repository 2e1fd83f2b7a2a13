import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { EngineMessages } from "../support/engine-messages";
import { Provider, type Properties } from "../support/provider";
import { CREDENTIALS, Registry } from "../support/registry";

// Images from a registry that asks for a name and a password.

const app = uniqueName("reg");
const folder = mkdtempSync(join(tmpdir(), "docker-config-"));
let registry: Registry;
let messages: EngineMessages;
let provider: Provider;
let image: string;

function inputs(more: Properties = {}): Properties {
  return {
    image,
    registryAuth: [{ address: registry.address, ...CREDENTIALS }],
    processes: { web: { command: ["sleep", "1000"], stopTimeout: 0 } },
    update: { monitor: "0.2s" },
    ...more,
  };
}

async function containers(): Promise<string[]> {
  return (await containersOf(app)).map(({ Id, State }) => `${Id} ${State}`);
}

const imageOf = async (reference: string) => (await docker.getImage(reference).inspect()).Id;

beforeAll(async () => {
  registry = await Registry.start();
  messages = await EngineMessages.listen();
  provider = new Provider(app, { engine: messages.address, env: { DOCKER_CONFIG: folder } });
  image = await registry.publish(app);
});

afterAll(async () => {
  await provider.kill();
  messages.close();
  await removeContainersOf(app);
  for (const { Id } of await docker.listImages({ filters: { reference: [`${registry.address}/*`] } }))
    await docker.getImage(Id).remove({ force: true });
  await registry.stop();
  rmSync(folder, { recursive: true });
});

test("a missing image is pulled, and that is shown", async () => {
  await provider.up(inputs());
  const progress = messages.all.filter(({ isEphemeral }) => isEphemeral).map(({ text }) => text);
  expect(progress[0]).toBe(`pulling ${image} on local`);
  expect(progress[1]).toMatch(/^pulling \S+ on local: [\d.]+ (B|KiB|MiB) of [\d.]+ MiB$/);
  expect(await containers()).toHaveLength(1);
});

test("a wrong password is an error before anything is stopped, and is not told", async () => {
  const before = await containers();
  const next = inputs({
    image: await registry.publish(`${app}-next`),
    registryAuth: [{ address: registry.address, ...CREDENTIALS, password: "wrong-canary" }],
  });
  const error = await provider.up(next).catch(String);
  expect(error).toMatch(/image \S+ is not on local and cannot be pulled: .*(unauthorized|no basic auth|incorrect)/);
  expect(error).not.toContain("canary");
  expect(await containers()).toEqual(before);
});

test("an image that is there is not pulled again, unless it always is", async () => {
  const before = await imageOf(image);
  await registry.publish(app);
  await docker.getImage(before).tag({ repo: image.replace(/:1$/, ""), tag: "1" });
  messages.take();
  await provider.up(inputs({ scale: { web: 2 } }));
  expect(messages.take()).not.toContain("rebuilt");
  expect(await imageOf(image)).toBe(before);

  const always = inputs({ scale: { web: 3 }, pull: "always" });
  await provider.preview(always);
  expect(messages.take()).toMatch(/web\.1 +replace on local +image \S+ may be rebuilt: its registry has another one/);
  await provider.up(always);
  const after = await imageOf(image);
  expect(after).not.toBe(before);
  expect((await containersOf(app)).map(({ ImageID }) => ImageID)).toEqual([after, after, after]);
  expect(await provider.preview(always)).toBe(false);
});

test("an image that may not be pulled is refused at preview", async () => {
  const never = inputs({ image: await registry.publish(`${app}-never`), pull: "never" });
  await expect(provider.preview(never)).rejects.toThrow(/image \S+ is not on local, and pull is "never"/);
});

test("what docker login has left is enough", async () => {
  const auth = Buffer.from(`${CREDENTIALS.username}:${CREDENTIALS.password}`).toString("base64");
  writeFileSync(join(folder, "config.json"), JSON.stringify({ auths: { [registry.address]: { auth } } }));
  await provider.up(inputs({ image: await registry.publish(`${app}-login`), registryAuth: undefined }));
  expect(await containers()).toHaveLength(3);
});
