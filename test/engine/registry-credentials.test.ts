import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { basic, DockerLogin } from "../support/credential-helpers";
import { containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { EngineMessages } from "../support/engine-messages";
import { Provider, type Properties } from "../support/provider";
import { CREDENTIALS, Registry } from "../support/registry";

// Where `docker pull` works, `up` works: with each kind of credential, from registries that want a name and password
// with each call, and from those that send their clients for a token.

const { username, password } = CREDENTIALS;
const app = uniqueName("cred");
const login = new DockerLogin();
let registries: Readonly<Record<"password" | "token", Registry>>;
let messages: EngineMessages;
let provider: Provider;
let identity: string;

beforeAll(async () => {
  registries = { password: await Registry.start("password"), token: await Registry.start("token") };
  identity = registries.token.tokens!.identity;
  messages = await EngineMessages.listen();
  provider = new Provider(app, { engine: messages.address, env: login.env });
  login.helperWith("user", username, password);
  login.helperWith("wrong", username, "wrong-canary");
  login.helperWith("token", "<token>", identity);
  login.helper("none", 'echo "credentials not found in native keychain"; exit 1');
  login.helper("broken", 'echo "the key store is locked"; exit 1');
});

afterAll(async () => {
  await provider?.kill();
  messages?.close();
  await removeContainersOf(app);
  for (const registry of Object.values(registries ?? {})) {
    for (const { Id } of await docker.listImages({ filters: { reference: [`${registry.address}/*`] } }))
      await docker.getImage(Id).remove({ force: true });
    await registry.stop();
  }
  login.remove();
});

function inputs(image: string, more: Properties = {}): Properties {
  return {
    image,
    processes: { web: { command: ["sleep", "1000"], stopTimeout: 0 } },
    update: { monitor: "0.2s" },
    ...more,
  };
}

/** Pulls with the docker command itself, and removes the image again. @throws its words */
async function dockerPull(image: string): Promise<void> {
  await promisify(execFile)("docker", ["pull", image], { env: { ...process.env, ...login.env } });
  await docker.getImage(image).remove();
}

const OWN = "registryAuth, whatever docker login has";

test.each<["password" | "token", string, (of: Registry) => object]>([
  ["password", "auths", (of) => ({ auths: { [of.address]: basic(username, password) } })],
  ["password", "auths with two fields", (of) => ({ auths: { [of.address]: { username, password } } })],
  ["password", "credsStore", (of) => ({ credsStore: "user", auths: { [of.address]: {} } })],
  ["password", "credHelpers", (of) => ({ credsStore: "broken", credHelpers: { [of.address]: "user" } })],
  ["password", OWN, () => ({ credsStore: "wrong" })],
  ["token", "auths", (of) => ({ auths: { [`http://${of.address}/v2/`]: basic(username, password) } })],
  [
    "token",
    "an identity token",
    (of) => ({ auths: { [of.address]: { ...basic("0000", ""), identitytoken: identity } } }),
  ],
  ["token", "a helper that gives identity tokens", () => ({ credsStore: "token" })],
  ["token", OWN, () => ({ credsStore: "wrong" })],
])("from a registry that asks for a %s, by %s", async (kind, name, config) => {
  const registry = registries[kind];
  const repo = `${app}-${name.replace(/\W/g, "").toLowerCase()}`;
  const image = await registry.publish(repo);
  login.write(config(registry));
  const registryAuth = name === OWN ? [{ address: registry.address, username, password }] : [];
  const always = inputs(image, { pull: "always", registryAuth });
  if (name !== OWN) await dockerPull(image);
  await provider.up(always);
  expect((await containersOf(app)).map(({ Image, State }) => `${Image} ${State}`)).toEqual([`${image} running`]);
  expect(await provider.preview(always)).toBe(false);
  const before = (await docker.getImage(image).inspect()).Id;
  await registry.publish(repo);
  await docker.getImage(before).tag({ repo: `${registry.address}/${repo}`, tag: "1" });
  messages.take();
  await provider.preview(always);
  expect(messages.take()).toMatch(/web\.1 +replace on local +image \S+ may be rebuilt: its registry has another one/);
});

test.each<[string, object, RegExp]>([
  ["nobody has any", {}, /cannot be pulled: .+: build or load it there/],
  ["a helper has none", { credsStore: "none" }, /; docker-credential-none has no credentials for 127\.0\.0\.1:\d+: /],
  ["a helper fails", { credsStore: "broken" }, /; docker-credential-broken failed: the key store is locked: /],
  ["a helper is missing", { credsStore: "gone" }, /; docker-credential-gone is not on the PATH: /],
  ["a helper's are wrong", { credsStore: "wrong" }, /; the credentials are those that docker-credential-wrong gave: /],
])("where docker pull is refused, up says why: %s", async (_, config, expected) => {
  const image = await registries.password.publish(`${app}-refused`);
  login.write(config);
  await expect(dockerPull(image)).rejects.toThrow();
  const error = await provider.up(inputs(image)).catch(String);
  expect(error).toMatch(/image \S+ is not on local and cannot be pulled: /);
  expect(error).toMatch(expected);
  expect(error).not.toContain("canary");
});
