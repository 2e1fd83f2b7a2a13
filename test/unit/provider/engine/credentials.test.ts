import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { credentialsFor } from "../../../../provider/engine/registry-auth";

// Where credentials for a registry come from, as for `docker pull`.

const folder = mkdtempSync(join(tmpdir(), "formation-helpers-"));
const env = { PATH: `${folder}${delimiter}${process.env["PATH"]}`, DOCKER_CONFIG: folder };
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a helper that is asked for the address on its input. @param script of sh; `$address` is what it was asked for */
function helper(name: string, script: string): void {
  const file = join(folder, `docker-credential-${name}`);
  writeFileSync(file, `#!/bin/sh\nread -r address\n[ "$1" = get ] || exit 9\n${script}\n`);
  chmodSync(file, 0o755);
}

helper(
  "store",
  'echo "{\\"ServerURL\\":\\"$address\\",\\"Username\\":\\"deployer\\",\\"Secret\\":\\"for $address\\"}"',
);
helper("token", 'echo "{\\"Username\\":\\"<token>\\",\\"Secret\\":\\"t0ken\\"}"');
helper("empty", 'echo "credentials not found in native keychain"; exit 1');
helper("broken", 'echo "the key store is locked" >&2; exit 1');
helper("odd", "echo well");
helper("slow", "exec sleep 60");

const basic = (user: string) => ({ auth: Buffer.from(`${user}:pass:word`).toString("base64") });
const stored = { "registry.test": basic("stored") };
const STORED = { username: "stored", password: "pass:word", serveraddress: "registry.test" };

test.each<[string, object, string, object]>([
  ["nothing is configured", {}, "registry.test/shop:1", {}],
  ["docker login has stored them", { auths: stored }, "registry.test/shop:1", { credentials: STORED }],
  ["they are another registry's", { auths: stored }, "elsewhere.test/shop:1", {}],
  [
    "one helper has all",
    { credsStore: "store", auths: { "registry.test": {} } },
    "registry.test/shop:1",
    { credentials: { username: "deployer", password: "for registry.test", serveraddress: "registry.test" } },
  ],
  [
    "Docker Hub is asked for by its own name",
    { credsStore: "store" },
    "shop:1",
    {
      credentials: {
        username: "deployer",
        password: "for https://index.docker.io/v1/",
        serveraddress: "https://index.docker.io/v1/",
      },
    },
  ],
  [
    "a registry has its own helper, which gives a token",
    { credsStore: "broken", credHelpers: { "registry.test": "token" } },
    "registry.test/shop:1",
    { credentials: { identitytoken: "t0ken", serveraddress: "registry.test" } },
  ],
  [
    "a token is stored",
    { auths: { "registry.test": { identitytoken: "t0ken" } } },
    "registry.test/shop:1",
    { credentials: { identitytoken: "t0ken", serveraddress: "registry.test" } },
  ],
  ["a helper has none for it", { credsStore: "empty" }, "registry.test/shop:1", {}],
  [
    "a helper has none, but docker login has",
    { credsStore: "empty", auths: stored },
    "registry.test/shop:1",
    { credentials: STORED },
  ],
  [
    "a helper fails",
    { credsStore: "broken" },
    "registry.test/shop:1",
    { trouble: "docker-credential-broken failed: the key store is locked" },
  ],
  [
    "a helper says something else",
    { credsStore: "odd" },
    "registry.test/shop:1",
    { trouble: "docker-credential-odd did not answer with credentials" },
  ],
  [
    "a helper does not answer",
    { credsStore: "slow" },
    "registry.test/shop:1",
    { trouble: "docker-credential-slow failed: no answer" },
  ],
  [
    "a helper is not there",
    { credsStore: "gone" },
    "registry.test/shop:1",
    { trouble: expect.stringMatching(/^docker-credential-gone failed: .*ENOENT/) as string },
  ],
  [
    "a helper's name leads elsewhere",
    { credsStore: "../../bin/id" },
    "registry.test/shop:1",
    { trouble: "docker-credential-../../bin/id is no name of a helper" },
  ],
])("%s", async (_, config, image, expected) => {
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  expect(await credentialsFor(image, [], env, 1_000)).toEqual(expected);
});

test("what the program gives comes first, and no helper is asked", async () => {
  writeFileSync(join(folder, "config.json"), JSON.stringify({ credsStore: "broken", auths: stored }));
  const own = { address: "registry.test", username: "me", password: "mine" };
  const credentials = { username: "me", password: "mine", serveraddress: "registry.test" };
  expect(await credentialsFor("registry.test/shop:1", [own], env)).toEqual({ credentials });
});
