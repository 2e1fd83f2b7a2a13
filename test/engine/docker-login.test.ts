import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { credentialsFor } from "../../provider/engine/registry/registry-auth";
import { basic, DockerLogin } from "../support/credential-helpers";
import { HttpEngine } from "../support/http-engine";

// Credentials are those that the docker command itself sends, for every form of its configuration.

const login = new DockerLogin();
let engine: HttpEngine;

login.helperWith("user", "helped", "p>ss?w~rd");
login.helperWith("token", "<token>", "t0ken");
login.helperWith("blank", "", "");
login.helper("none", 'echo "credentials not found in native keychain"; exit 1');
login.helper("broken", 'echo "locked" >&2; exit 1');
login.helper("odd", "echo well");
login.helper("mirror", 'echo "{\\"Username\\":\\"u\\",\\"Secret\\":\\"$address\\"}"');

beforeAll(async () => {
  engine = await HttpEngine.start((call) => {
    if (call.endsWith(" /_ping")) return { body: "OK" };
    return call === "POST /images/create" ? { body: { status: "done" } } : undefined;
  });
});
afterAll(async () => {
  await engine.close();
  login.remove();
});

type Sent = Readonly<Record<string, string>>;

/** The parts of credentials that a registry gets to see; empty ones are none. */
function shown(credentials: object = {}): Sent {
  const parts = ["username", "password", "identitytoken", "registrytoken"];
  return Object.fromEntries(Object.entries(credentials).filter(([key, value]) => parts.includes(key) && value));
}

async function sentByDocker(image: string): Promise<Sent> {
  const before = engine.heard.length;
  const words = ["--host", engine.address, "pull", image];
  await promisify(execFile)("docker", words, { env: { ...process.env, ...login.env } });
  const pull = engine.heard.slice(before).find(({ call }) => call === "POST /images/create");
  const header = String(pull?.headers["x-registry-auth"] ?? "e30=");
  return shown(JSON.parse(Buffer.from(header, "base64url").toString("utf8")) as object);
}

const SHOP = "registry.test/team/shop:1";
const HUB = "https://index.docker.io/v1/";
const stored = { "registry.test": basic("stored", "pass:word") };

test.each<[string, unknown, string]>([
  ["nothing", {}, SHOP],
  ["a store", { credsStore: "user" }, SHOP],
  ["a store beside auths", { credsStore: "user", auths: { "registry.test": { identitytoken: "old" } } }, SHOP],
  ["a store with tokens", { credsStore: "token" }, SHOP],
  ["a store with nothing, beside auths", { credsStore: "none", auths: stored }, SHOP],
  ["a store with empty credentials", { credsStore: "blank", auths: stored }, SHOP],
  ["a store that fails, beside auths", { credsStore: "broken", auths: stored }, SHOP],
  ["a store that talks, beside auths", { credsStore: "odd", auths: stored }, SHOP],
  ["a store that is missing, beside auths", { credsStore: "gone", auths: stored }, SHOP],
  ["a store for Docker Hub", { credsStore: "mirror" }, "shop:1"],
  ["a store for Docker Hub by an old name", { credsStore: "mirror" }, "index.docker.io/team/shop:1"],
  ["a store for a port", { credsStore: "mirror" }, "registry.test:5000/shop:1"],
  ["a helper", { credsStore: "broken", credHelpers: { "registry.test": "user" } }, SHOP],
  ["a helper for Docker Hub", { credHelpers: { [HUB]: "user" } }, "docker.io/team/shop"],
  ["a helper for Docker Hub by a short name", { credsStore: "token", credHelpers: { "docker.io": "user" } }, "shop"],
  ["a helper for an URL", { credsStore: "token", credHelpers: { "https://registry.test": "user" } }, SHOP],
  ["a registry without helper", { credsStore: "user", credHelpers: { "registry.test": "" }, auths: stored }, SHOP],
  ["auths", { auths: stored }, SHOP],
  ["auths of another registry", { auths: stored }, "elsewhere.test/shop:1"],
  ["auths with two fields", { auths: { "registry.test": { username: "u", password: "p" } } }, SHOP],
  [
    "auths with two fields and auth",
    { auths: { "registry.test": { username: "u", ...stored["registry.test"] } } },
    SHOP,
  ],
  ["auths with a token", { auths: { "registry.test": { ...basic("0000", ""), identitytoken: "t" } } }, SHOP],
  ["auths with a registry's token", { auths: { "registry.test": { registrytoken: "t" } } }, SHOP],
  ["auths padded with zeros", { auths: { "registry.test": basic("u", "p\0\0") } }, SHOP],
  ["auths by an URL", { auths: { "https://registry.test/v2/": basic("u", "p") } }, SHOP],
  ["auths by a path", { auths: { "registry.test/team": basic("u", "p") } }, SHOP],
  ["auths by a path, and by host", { auths: { "registry.test/team": basic("u", "p"), ...stored } }, SHOP],
  ["auths by a port", { auths: { ...stored, "registry.test:5000": basic("u", "p") } }, "registry.test:5000/shop:1"],
  ["auths by the default port", { auths: { "https://registry.test:443": basic("u", "p") } }, SHOP],
  ["auths in capitals", { auths: { "Registry.Test": basic("u", "p") } }, SHOP],
  ["auths of Docker Hub", { auths: { "docker.io": basic("no", "no"), [HUB]: basic("u", "p") } }, "shop:1"],
  ["auths of Docker Hub by a short name", { auths: { "docker.io": basic("u", "p") } }, "shop:1"],
  ["auths of this machine", { auths: { localhost: basic("u", "p") } }, "localhost/shop:1"],
  ["auths for a digest", { auths: stored }, `registry.test/shop@sha256:${"a".repeat(64)}`],
  ["nothing, in other words", { auths: null, credHelpers: null, credsStore: null }, SHOP],
  ["an empty entry", { auths: { "registry.test": null } }, SHOP],
  ["a broken file", '{"auths": {', SHOP],
  ["a broken entry", { auths: { "registry.test": { auth: "?" } } }, SHOP],
  ["a broken entry beside a store", { credsStore: "user", auths: { "registry.test": { auth: 5 } } }, SHOP],
  ["a broken entry of another registry", { auths: { ...stored, "elsewhere.test": { auth: "?" } } }, SHOP],
])("%s", async (_, config, image) => {
  login.write(config);
  const { credentials } = await credentialsFor(image, [], login.env);
  expect(shown(credentials)).toEqual(await sentByDocker(image));
});
