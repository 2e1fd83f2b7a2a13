import { basic, DockerLogin } from "../support/credential-helpers";
import { uniqueName } from "../support/engine";
import { EngineMessages } from "../support/engine-messages";
import { Provider, type Properties } from "../support/provider";
import { CREDENTIALS, Registry } from "../support/registry";
import { startRig, type Rig } from "../support/rig";
import { formSwarm } from "../support/rig/swarm";

// Credentials of each kind reach the nodes of a Swarm, which pull by themselves.

const { username, password } = CREDENTIALS;
const login = new DockerLogin();
let rig: Rig;
let registries: Readonly<Record<"password" | "token", Registry>>;
let messages: EngineMessages;
let provider: Provider;
let identity: string;

beforeAll(async () => {
  rig = await startRig({ engines: 2 });
  await formSwarm(rig, 1);
  registries = { password: await Registry.start("password", rig.home), token: await Registry.start("token", rig.home) };
  identity = registries.token.tokens!.identity;
  messages = await EngineMessages.listen();
  login.helperWith("user", username, password);
  login.helperWith("token", "<token>", identity);
});

beforeEach(() => {
  messages.take();
  provider = new Provider(uniqueName("cred"), { engine: messages.address, env: login.env });
});
afterEach(async () => {
  await provider.destroy().finally(() => provider.kill());
});

afterAll(async () => {
  messages?.close();
  for (const registry of Object.values(registries ?? {})) await registry.stop();
  await rig?.stop();
  login.remove();
});

function inputs(image: string, more: Properties = {}): Properties {
  return {
    image,
    orchestrator: "swarm",
    hosts: [{ host: rig.engines[0]!.address }],
    processes: { web: { command: ["sleep", "1000"], stopTimeout: 0 } },
    scale: { web: 2 },
    update: { monitor: "0.2s" },
    ...more,
  };
}

test.each<["password" | "token", string, (of: Registry) => object]>([
  ["password", "registryAuth", () => ({ credsStore: "gone" })],
  ["password", "auths", (of) => ({ auths: { [of.address]: basic(username, password) } })],
  ["password", "credsStore", () => ({ credsStore: "user" })],
  ["token", "credHelpers", (of) => ({ credHelpers: { [of.address]: "user" } })],
  [
    "token",
    "an identity token",
    (of) => ({ auths: { [of.address]: { ...basic("0000", ""), identitytoken: identity } } }),
  ],
  ["token", "a helper that gives identity tokens", () => ({ credsStore: "token" })],
])("from a registry that asks for a %s, by %s", async (kind, name, config) => {
  const registry = registries[kind];
  const image = await registry.publish(provider.name, rig.engines[0]!.docker);
  login.write(config(registry));
  const registryAuth = name === "registryAuth" ? [{ address: registry.address, username, password }] : [];
  const declared = inputs(image, { registryAuth });
  await provider.up(declared);
  const instances = provider.outputs["instances"] as { host: string; state: string }[];
  expect(instances.map(({ host, state }) => `${host} ${state}`).sort()).toEqual(["a running", "b running"]);
  expect(await provider.preview(declared)).toBe(false);
  // The registry was asked with the credentials, so that all nodes run the same image.
  await registry.publish(provider.name, rig.engines[0]!.docker);
  expect(await provider.preview(declared)).toBe(true);
});

test("a helper that fails is named, by a warning and by the error", async () => {
  const image = await registries.password.publish(provider.name, rig.engines[0]!.docker);
  login.write({ credsStore: "gone" });
  const error = await provider.up(inputs(image)).catch(String);
  expect(error).toMatch(/web\.\d on \S+: .+ failed: was rejected: .+; docker-credential-gone is not on the PATH/);
  expect(messages.take()).toContain(`credentials for ${image}: docker-credential-gone is not on the PATH`);
});
