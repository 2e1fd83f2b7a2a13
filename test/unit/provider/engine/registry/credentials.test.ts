import { mkdirSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { RegistryAuth } from "../../../../../provider/core/inputs/spec";
import { UNKNOWN } from "../../../../../provider/core/values/unknown";
import { dockerConfigFile } from "../../../../../provider/engine/connect/docker-config";
import { areLater, credentialsFor, type Found } from "../../../../../provider/engine/registry/registry-auth";
import { basic, DockerLogin } from "../../../../support/credential-helpers";

// Where credentials for a registry come from, as for `docker pull`; test/engine/docker-login.test.ts asks docker itself.

const login = new DockerLogin();
const { env, file } = login;
afterAll(() => login.remove());

login.helper("store", 'echo "{\\"Username\\":\\"deployer\\",\\"Secret\\":\\"for $address\\"}"');
login.helperWith("token", "<token>", "t0ken");
login.helperWith("blank", "", "");
login.helper("empty", 'echo "credentials not found in native keychain"; exit 1');
login.helper("broken", 'echo "the key store is locked" >&2; exit 1');
login.helper("locked", 'echo "the key store is locked"; exit 1');
login.helper("odd", "echo well");
login.helper("slow", "trap '' TERM; while :; do sleep 0.1; done");
login.helper("mute", "exit 3");
login.helper("plain", "no program", 0o644);
// Helpers whose mistakes show what they were to keep.
login.helper("loud", 'echo "{\\"Username\\":\\"u\\",\\"Secret\\":\\"canary\\"}"; exit 1');
login.helper("torn", 'echo "{\\"Username\\":\\"u\\",\\"Secret\\":\\"canary"');
login.helper("tracing", 'echo "+ Secret=canary" >&2; exit 1');

const stored = { "registry.test": basic("stored", "pass:word") };
const STORED = {
  credentials: { username: "stored", password: "pass:word", serveraddress: "registry.test" },
  source: `the credentials are those of ${file}`,
};
const given = (helper: string) => `the credentials are those that docker-credential-${helper} gave`;
const HUB = "https://index.docker.io/v1/";

function found(config: unknown, image: string, patienceMs?: number): Promise<Found> {
  login.write(config);
  return credentialsFor(image, [], env, patienceMs);
}

test.each<[string, object, string, Found]>([
  ["nothing is configured", {}, "registry.test/shop:1", {}],
  ["docker login has stored them", { auths: stored }, "registry.test/shop:1", STORED],
  ["they are another registry's", { auths: stored }, "elsewhere.test/shop:1", {}],
  [
    "one helper has all",
    { credsStore: "store", auths: { "registry.test": {} } },
    "registry.test/shop:1",
    {
      credentials: { username: "deployer", password: "for registry.test", serveraddress: "registry.test" },
      source: given("store"),
    },
  ],
  [
    "Docker Hub is asked for by its own name",
    { credsStore: "store" },
    "shop:1",
    { credentials: { username: "deployer", password: `for ${HUB}`, serveraddress: HUB }, source: given("store") },
  ],
  [
    "a registry has its own helper, which gives a token",
    { credsStore: "broken", credHelpers: { "registry.test": "token" } },
    "registry.test/shop:1",
    { credentials: { identitytoken: "t0ken", serveraddress: "registry.test" }, source: given("token") },
  ],
  [
    "a token is stored",
    { auths: { "registry.test": { identitytoken: "t0ken" } } },
    "registry.test/shop:1",
    { ...STORED, credentials: { identitytoken: "t0ken", serveraddress: "registry.test" } },
  ],
  [
    "a helper has none for it, whatever docker login has",
    { credsStore: "empty", auths: stored },
    "registry.test/shop:1",
    { source: "docker-credential-empty has no credentials for registry.test" },
  ],
  [
    "a helper has an empty user",
    { credsStore: "blank" },
    "shop:1",
    { source: "docker-credential-blank has no credentials for docker.io" },
  ],
  [
    "a helper fails, but docker login has some",
    { credsStore: "broken", auths: stored },
    "registry.test/shop:1",
    { ...STORED, trouble: "docker-credential-broken failed: the key store is locked" },
  ],
])("%s", async (_, config, image, expected) => {
  expect(await found(config, image)).toEqual(expected);
});

test.each<[string, string]>([
  ["broken", "failed: the key store is locked"],
  ["locked", "failed: the key store is locked"],
  ["mute", "failed: exit code 3"],
  ["odd", "did not answer with credentials"],
  ["slow", "gave no answer in 0.5 s"],
  ["gone", "is not on the PATH"],
  ["plain", "failed: EACCES"],
  ["../../bin/id", "is no name of a helper"],
  ["loud", "failed: exit code 1"],
  ["torn", "did not answer with credentials"],
  ["tracing", "failed: exit code 1"],
])("a helper that does not help is named, and gives nothing away: %s", async (name, words) => {
  expect(await found({ credsStore: name }, "registry.test/shop:1", name === "slow" ? 500 : undefined)).toEqual({
    trouble: `docker-credential-${name} ${words}`,
  });
});

describe("the docker command's configuration", () => {
  const PART = "is not as docker login writes it";

  test.each<[string, unknown, Found]>([
    ["is none", '{"auths": {"canary"', { trouble: `${file} is not JSON` }],
    ["is a list", "[]", { trouble: `${file} is not an object` }],
    [
      "has a broken part",
      { auths: stored, credHelpers: ["canary"] },
      { ...STORED, trouble: `credHelpers in ${file} ${PART}` },
    ],
    [
      "has a broken entry",
      { auths: { "registry.test": { auth: "canary" } } },
      { trouble: `the auth for registry.test in ${file} ${PART}` },
    ],
  ])("is said to be broken when it %s", async (_, config, expected) => {
    expect(await found(config, "registry.test/shop:1")).toEqual(expected);
  });

  test("is said not to be readable", async () => {
    rmSync(file, { force: true });
    mkdirSync(file);
    try {
      expect(await credentialsFor("registry.test/shop:1", [], env)).toEqual({
        trouble: `${file} cannot be read (EISDIR)`,
      });
    } finally {
      rmSync(file, { recursive: true });
    }
  });

  test("is the home folder's when DOCKER_CONFIG is empty", () => {
    expect(dockerConfigFile({ DOCKER_CONFIG: "" })).toBe(join(homedir(), ".docker/config.json"));
    expect(dockerConfigFile({ DOCKER_CONFIG: "/elsewhere" })).toBe("/elsewhere/config.json");
  });
});

describe("what the program gives", () => {
  const own = (address: string, username = "me") => ({ address, username, password: "mine" });

  test("comes first, and no helper is asked", async () => {
    login.write({ credsStore: "broken", auths: stored });
    expect(await credentialsFor("registry.test/shop:1", [own("registry.test")], env)).toEqual({
      credentials: { username: "me", password: "mine", serveraddress: "registry.test" },
      source: "the credentials are those of registryAuth",
    });
  });

  // Docker 29 gives credentials to no other registry than the one at their address.
  test.each<[string, string, string]>([
    ["docker.io", "shop:1", HUB],
    ["https://index.docker.io/v1/", "docker.io/acme/shop:1", HUB],
    ["index.docker.io", "index.docker.io/acme/shop:1", HUB],
    ["registry-1.docker.io", "acme/shop", HUB],
    ["https://Registry.test/v2/", "registry.test/shop:1", "registry.test"],
    ["registry.test/team", "registry.test/other/shop:1", "registry.test"],
    ["registry.test:5000", "registry.test:5000/shop:1", "registry.test:5000"],
    ["http://localhost:5000", "localhost:5000/shop@sha256:abc", "localhost:5000"],
    ["[::1]:5000", "[::1]:5000/shop:1", "[::1]:5000"],
    ["Registry", "Registry/shop:1", "Registry"],
  ])("for %s is for %s", async (address, image, serveraddress) => {
    const others = [own("registry.test:443", "other"), own("elsewhere.test", "other")];
    const { credentials } = await credentialsFor(image, [...others, own(address)], env);
    expect(credentials).toEqual({ username: "me", password: "mine", serveraddress });
  });

  test.each<[string, RegistryAuth[], boolean]>([
    ["nothing", [], false],
    ["the registry's password", [{ ...own("registry.test"), password: UNKNOWN }], true],
    ["another registry's password", [{ ...own("elsewhere.test"), password: UNKNOWN }], false],
    ["an address", [{ ...own(""), address: UNKNOWN }, own("registry.test")], true],
    ["an address after the registry's own", [own("registry.test"), { ...own(""), address: UNKNOWN }], false],
  ])("is known only at up, in part: %s", (_, registryAuth, expected) => {
    expect(areLater("registry.test/shop:1", registryAuth)).toBe(expected);
  });
});
