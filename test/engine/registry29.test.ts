import { basic, DockerLogin } from "../support/credential-helpers";
import { uniqueName } from "../support/engine";
import { BUILD_TIMEOUT_MS } from "../support/engine29";
import { containersByHost, hostsOf, removeEverywhere } from "../support/hosts";
import { Provider } from "../support/provider";
import { CREDENTIALS, Registry } from "../support/registry";
import { startRig, type Rig } from "../support/rig";

// Docker 29 compares the address of credentials with the registry's, and drops those of any other without a word.

const { username, password } = CREDENTIALS;
const login = new DockerLogin();
const app = uniqueName("reg29");
let rig: Rig;
let registries: Readonly<Record<"password" | "token", Registry>>;
let provider: Provider;

beforeAll(async () => {
  rig = await startRig({ engines: 1, docker29: [0] });
  registries = { password: await Registry.start("password", rig.home), token: await Registry.start("token", rig.home) };
  provider = new Provider(app, { env: login.env });
  login.helperWith("user", username, password);
  login.helperWith("token", "<token>", registries.token.tokens!.identity);
}, BUILD_TIMEOUT_MS);

afterAll(async () => {
  await provider?.kill();
  if (rig !== undefined) await removeEverywhere(rig, app);
  for (const registry of Object.values(registries ?? {})) await registry.stop();
  await rig?.stop();
  login.remove();
});

test.each<["password" | "token", string, (of: Registry) => object, ((of: Registry) => string) | undefined]>([
  ["password", "registryAuth", () => ({}), (of) => of.address],
  ["password", "registryAuth by an URL", () => ({}), (of) => `http://${of.address}/v2/`],
  ["token", "registryAuth by a path", () => ({}), (of) => `${of.address}/team`],
  [
    "password",
    "auths by an URL",
    (of) => ({ auths: { [`http://${of.address}/v2/`]: basic(username, password) } }),
    undefined,
  ],
  ["password", "a helper", () => ({ credsStore: "user" }), undefined],
  ["token", "a helper that gives identity tokens", () => ({ credsStore: "token" }), undefined],
])("from a registry that asks for a %s, by %s", async (kind, name, config, address) => {
  const registry = registries[kind];
  const image = await registry.publish(`${app}-${name.replace(/\W/g, "").toLowerCase()}`, rig.engines[0]!.docker);
  login.write(config(registry));
  await provider.up({
    image,
    registryAuth: address === undefined ? [] : [{ address: address(registry), username, password }],
    hosts: hostsOf(rig, "a"),
    processes: { web: { command: ["sleep", "1000"], stopTimeout: 0 } },
    update: { monitor: "0.2s" },
  });
  expect(Object.values(await containersByHost(rig, app)).flat()).toHaveLength(1);
});
