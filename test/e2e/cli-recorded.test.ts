import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { baseImage, containersOf, removeContainersOf, uniqueName } from "../support/engine";
import { formation, main, type Ending } from "../support/formation-command";
import { Stack } from "../support/stack";

// Commands scale and restart pass on recorded inputs, whatever program is in the folder and whatever else the stack
// has.

const app = uniqueName("kept");
const stack = new Stack("kept");
const nowhere = mkdtempSync(join(tmpdir(), "formation-nowhere-"));
const SECRET = "recorded-canary-41d0";

const SURROUNDED = `
const pulumi = require("@pulumi/pulumi"); const { Formation } = require("pulumi-formation");
class Thing extends pulumi.dynamic.Resource {
  constructor(name, props, options) {
    super({ create: async (inputs) => ({ id: name, outs: inputs }) }, name, { value: undefined, ...props }, options);
  }
}
class Shop extends pulumi.ComponentResource {
  constructor(name) { super("kept:index:Shop", name); }
}
const outer = new Shop("outer");
const inner = new pulumi.ComponentResource("kept:index:Part", "inner", {}, { parent: outer });
const first = new Thing("first", { value: pulumi.secret(${JSON.stringify(SECRET)}) });
const second = new Thing("second", { value: first.value }, { parent: outer, protect: true });
const shop = new Formation("${app}", {
  image: ${JSON.stringify(baseImage())}, update: { monitor: 0 }, scale: { web: 1 },
  processes: { web: { command: ["sleep", "1000"] }, worker: { command: ["sleep", "1001"] } },
  env: { PASSWORD: second.value, PLAIN: "plain" },
}, {
  parent: inner, dependsOn: [second], protect: true, deletedWith: second, retainOnDelete: true,
  additionalSecretOutputs: ["release"], ignoreChanges: ["maxProcesses"], replaceOnChanges: ["app"],
  customTimeouts: { update: "10m" }, aliases: [{ name: "${app}-before" }],
});
const last = new Thing("last", { value: "after" }, { dependsOn: [shop] });
module.exports = {
  url: pulumi.interpolate\`https://\${second.value}\`, plain: "plain", nested: { list: [1, "two", null] },
  formation: shop.formation, counted: shop.formation, thing: last, text: "web=1, worker=0",
};`;

function run(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Ending> {
  const bin = join(__dirname, "../../node_modules/.bin");
  const options = { cwd, env: { ...stack.env, PATH: `${bin}:${process.env["PATH"]}`, ...env } };
  return new Promise((resolve) =>
    execFile(process.execPath, [main, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    ),
  );
}

interface Resource {
  readonly urn: string;
  readonly type: string;
  inputs?: object;
  outputs?: object;
  [more: string]: unknown;
}

async function exported(...args: string[]): Promise<{ deployment: { resources: Resource[]; manifest: object } }> {
  const { output } = await stack.pulumi("stack", "export", ...args);
  return JSON.parse(output.slice(output.indexOf("{"))) as never;
}

async function imported(state: object): Promise<void> {
  const file = join(stack.folder, "state.json");
  writeFileSync(file, JSON.stringify(state));
  expect(await stack.pulumi("stack", "import", "--file", file)).toMatchObject({ code: 0 });
  rmSync(file);
}

const isShop = ({ type }: Resource) => type.endsWith(":Formation");

/** Outputs of the stack that are not the formation's. */
const keptOf = ({ formation: _, counted: __, ...rest }: object & Partial<Record<string, unknown>>) => rest;

/** Sorts dependencies, which Pulumi writes in any order. */
const sorted = ({ dependencies }: Resource) => ({ dependencies: [...(dependencies as string[])].sort() });

/** Reads the whole state, in clear, except for what a scale changes. */
async function allElse() {
  const { deployment } = await exported("--show-secrets");
  const { manifest: _, metadata: __, ...rest } = deployment as typeof deployment & { metadata: unknown };
  const resources = deployment.resources.map((one) => {
    const { modified: _, ...kept } = one;
    if (isShop(one)) return { ...kept, ...sorted(one), inputs: undefined, outputs: undefined };
    return one.type === "pulumi:pulumi:Stack" ? { ...kept, outputs: keptOf(one.outputs ?? {}) } : kept;
  });
  // Of two resources that do not depend on each other, either may come first.
  return { ...rest, resources: resources.sort((a, b) => (a.urn < b.urn ? -1 : 1)) };
}

async function processes(): Promise<string[]> {
  return (await containersOf(app))
    .map(({ Labels }) => `${Labels["formation.type"]}.${Labels["formation.index"]}`)
    .sort();
}

beforeAll(async () => {
  writeFileSync(join(stack.folder, "index.js"), SURROUNDED);
  expect(await stack.pulumi("stack", "init", "dev")).toMatchObject({ code: 0 });
  // Pulumi records the configuration, with its secrets, as inputs of the provider.
  expect(await stack.pulumi("config", "set", "--secret", "token", SECRET)).toMatchObject({ code: 0 });
  expect(await stack.pulumi("config", "set", "kept:plain", "plain")).toMatchObject({ code: 0 });
  expect(await stack.pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await removeContainersOf(app);
  stack.delete();
  rmSync(nowhere, { recursive: true });
});

test("ten scales change the Formation's inputs and outputs, and nothing else of the whole state", async () => {
  const [before, outputs] = [await allElse(), await stack.outputs<object>()];
  for (const wish of ["web=2", "worker=2", "web+1", "worker-1", "web=1", "web=2", "worker+1", "web-1", "worker=0"])
    expect(await formation(stack, "scale", wish, "--yes")).toMatchObject({ code: 0, stderr: "" });
  expect(await formation(stack, "restart", "web")).toMatchObject({ code: 0, stderr: "" });
  expect(await allElse()).toEqual(before);
  const after = await stack.outputs<object>();
  // The formation's own output in the stack changes with it; an output that only has the same value does not.
  expect(after).toMatchObject({ formation: { web: 1, worker: 0 }, counted: { web: 1, worker: 0 } });
  expect(keptOf(after)).toEqual(keptOf(outputs));
  expect(() => execFileSync("grep", ["-r", SECRET, `${stack.folder}/backend`])).toThrow();
});

test("the outputs that are the formation's say what there is now", async () => {
  expect(await formation(stack, "scale", "worker=1")).toMatchObject({ code: 0 });
  const outputs = await stack.outputs();
  expect(outputs).toMatchObject({ formation: { web: 1, worker: 1 }, counted: { web: 1, worker: 1 } });
  expect(outputs).toMatchObject({ text: "web=1, worker=0", plain: "plain" });
});

test.each([
  ["throws", 'throw new Error("no credentials");'],
  ["is another branch's, without the formation", 'module.exports = { other: "output" };'],
  ["renames the resource", SURROUNDED.replace(`new Formation("${app}"`, 'new Formation("renamed"')],
  [
    "renames it with an alias",
    SURROUNDED.replace(`new Formation("${app}"`, `new Formation("renamed"`).replaceAll(`${app}-before`, app),
  ],
  ["depends on what is not deployed", `${SURROUNDED}\nnew Thing("more", {}, { parent: shop });`],
])("a program that %s is nobody's business", async (_, program) => {
  writeFileSync(join(stack.folder, "index.js"), program);
  const [before, outputs] = [await allElse(), await stack.outputs<object>()];
  const had = await processes();
  expect(await run(["--cwd", stack.folder, "scale", "web+1"], nowhere)).toMatchObject({ code: 0, stderr: "" });
  expect(await processes()).toHaveLength(had.length + 1);
  expect(await allElse()).toEqual(before);
  expect(keptOf(await stack.outputs())).toEqual(keptOf(outputs));
});

test("neither modules nor plugins nor credentials of other resources are needed", async () => {
  rmSync(join(stack.folder, "node_modules"), { recursive: true });
  const state = await exported("--show-secrets");
  const { resources } = state.deployment;
  const urn = (type: string, name: string) => `urn:pulumi:dev::kept::${type}::${name}`;
  const cloud = {
    urn: urn("pulumi:providers:cloud", "theirs"),
    type: "pulumi:providers:cloud",
    custom: true,
    id: "a-b-c",
    inputs: {
      __internal: {},
      version: "1.2.3",
      token: {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        plaintext: JSON.stringify(SECRET),
      },
    },
    outputs: { version: "1.2.3" },
    propertyDependencies: { token: [] },
  };
  const bucket = {
    urn: urn("cloud:index:Bucket", "bucket"),
    type: "cloud:index:Bucket",
    custom: true,
    id: "b",
    inputs: { name: "b" },
    outputs: { name: "b" },
    provider: `${cloud.urn}::a-b-c`,
  };
  const at = resources.findIndex(isShop);
  const shop = { ...resources[at]!, dependencies: [...(resources[at]!["dependencies"] as string[]), bucket.urn] };
  await imported({
    ...state,
    deployment: {
      ...state.deployment,
      resources: [...resources.slice(0, at), cloud, bucket, shop, ...resources.slice(at + 1)],
    },
  });

  const before = await allElse();
  expect(await formation(stack, "scale", "web=2", "--yes")).toMatchObject({ code: 0, stderr: "" });
  expect(await processes()).toEqual(["web.1", "web.2", "worker.1"]);
  expect(await allElse()).toEqual(before);
});

test("what Pulumi would replace is refused, and stays as it is", async () => {
  const state = await exported();
  const resources = state.deployment.resources.map((one) =>
    isShop(one) ? { ...one, taint: true, protect: false } : one,
  );
  await imported({ ...state, deployment: { ...state.deployment, resources } });
  const before = await processes();
  const refused = await formation(stack, "scale", "web=3");
  expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining("failed, now running 2") as string });
  expect(refused.stderr).toContain("Pulumi would replace the formation, or create it anew: run pulumi up");
  expect(await processes()).toEqual(before);
  const after = await exported();
  expect(after.deployment.resources.filter(isShop)).toHaveLength(1);
  expect(readFileSync(join(stack.folder, "Pulumi.dev.yaml"), "utf8")).not.toContain("web: 3");
});

test("a scale to what is so starts no Pulumi, unless something of it is missing", async () => {
  await imported(
    await exported().then((state) => ({
      ...state,
      deployment: {
        ...state.deployment,
        resources: state.deployment.resources.map((one) => (isShop(one) ? { ...one, taint: false } : one)),
      },
    })),
  );
  const noPulumi = { PATH: process.execPath.replace(/\/node$/, "") };
  expect(await run(["scale", "web=2"], stack.folder, noPulumi)).toEqual({
    code: 0,
    stdout: "Scaling web processes... done, now running 2\n",
    stderr: "",
  });
  execFileSync("docker", ["rm", "-f", `${app}.web.2`], { stdio: "ignore" });
  expect(await run(["scale", "web=2"], stack.folder)).toMatchObject({ code: 0 });
  expect(await processes()).toEqual(["web.1", "web.2", "worker.1"]);
});
