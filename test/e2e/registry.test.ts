import { containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { DockerLogin } from "../support/credential-helpers";
import { CREDENTIALS, Registry } from "../support/registry";
import { Stack } from "../support/stack";

// A program whose registry, ports and limits are outputs of other resources, as those of a cloud are.

const app = uniqueName("outputs");
const stack = new Stack("registry");
const login = new DockerLogin();
let registry: Registry;
let image: string;

function program(cloud: object): string {
  return `const pulumi = require("@pulumi/pulumi"); const { Formation } = require("pulumi-formation");
class Cloud extends pulumi.dynamic.Resource {
  constructor(given) {
    // Outputs other than its inputs are unknown in a preview.
    const unknown = Object.fromEntries(Object.keys(given).map((key) => [key, undefined]));
    const create = async (inputs) => ({ id: "cloud", outs: { ...inputs, ...inputs.given } });
    const update = async (id, olds, news) => ({ outs: { ...news, ...news.given } });
    super({ create, update }, "cloud", { ...unknown, given });
  }
}
const cloud = new Cloud(${JSON.stringify(cloud)});
new Formation("${app}", {
  image: "${image}",
  pull: "always",
  registryAuth: [{ address: cloud.proxyEndpoint, username: cloud.userName, password: cloud.password }],
  processes: { web: { command: ["sleep", "1000"], stopTimeout: 0, port: cloud.port, bind: cloud.bind, connections: { db: 1 } } },
  backingServices: { db: { maxConnections: cloud.connections } },
  update: { monitor: "0.2s" },
});
`;
}

beforeAll(async () => {
  registry = await Registry.start();
  image = await registry.publish(app);
  // Nobody but the program may know the password.
  Object.assign(stack.env, { DOCKER_CONFIG: login.folder });
  expect(await stack.pulumi("stack", "init", "dev")).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await removeContainersOf(app);
  for (const { Id } of await docker.listImages({ filters: { reference: [`${registry.address}/*`] } }))
    await docker.getImage(Id).remove({ force: true });
  await registry.stop();
  stack.delete();
  login.remove();
});

/** Writes the program. @param password that the cloud tells, when it is made or changed */
function declare(password: string): void {
  const { username: userName } = CREDENTIALS;
  const proxyEndpoint = `http://${registry.address}`;
  stack.write(program({ proxyEndpoint, userName, password, port: 8080, bind: "127.0.0.1", connections: 20 }));
}

test("is shown as far as it is known, and carried out when all of it is", async () => {
  declare(CREDENTIALS.password);
  const preview = await stack.pulumi("preview");
  expect(preview).toMatchObject({ code: 0, output: expect.stringMatching(/formation +web=1/) as string });
  expect(preview.output).toMatch(/known at up: .*processes\.web\.port/);
  expect(await stack.pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  const [container, ...others] = await containersOf(app);
  expect(others).toEqual([]);
  expect(container).toMatchObject({ Image: image, State: "running", Ports: [{ PrivatePort: 8080, IP: "127.0.0.1" }] });
  expect(await stack.pulumi("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
});

test("a password that turns out wrong is an error that says whose it was, and does not tell it", async () => {
  image = await registry.publish(`${app}-next`);
  declare("wrong-canary");
  const up = await stack.pulumi("up", "--yes", "--skip-preview");
  expect(up.code).not.toBe(0);
  expect(up.output.replace(/\s+/g, " ")).toContain("; the credentials are those of registryAuth: ");
  expect(up.output).not.toContain("canary");
});
