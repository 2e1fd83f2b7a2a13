import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { baseImage, claimsOf, containersOf, removeContainersOf, uniqueName } from "../support/engine";
import { Stack } from "../support/stack";

// A formation keeps its identity under any name, through Pulumi's own replacements, too: its processes stay or are
// replaced, or the update is refused with what to do. It never ends with all processes gone and exit code 0.

const app = uniqueName("shop");
const stack = new Stack("e2e");
const args = `{ app: ${JSON.stringify(app)}, image: ${JSON.stringify(baseImage())}, update: { monitor: 0 },
  hosts: [{ host: "unix:///var/run/docker.sock" }],
  processes: { web: { command: "sleep 1000" }, clock: { command: "sleep 1000" } },
  scale: { clock: 1 } }`;
const TYPE = "pulumi-nodejs:dynamic/formation:Formation";

/** @param body the declarations of the program */
function program(body: string): void {
  writeFileSync(
    join(stack.folder, "index.js"),
    `const pulumi = require("@pulumi/pulumi"); const { Formation } = require("pulumi-formation");
class App extends pulumi.ComponentResource {
  constructor(name, options) { super("my:component:App", name); new Formation("shop", ${args}, { parent: this, ...options }); }
}
${body}
`,
  );
}

const urnOf = (name: string, stackName = "dev") => `urn:pulumi:${stackName}::e2e::${TYPE}::${name}`;
const up = (...more: string[]) => stack.pulumi("up", "--yes", "--skip-preview", ...more);

/** Running containers by process. */
async function running(): Promise<Record<string, string>> {
  const all = (await containersOf(app)).filter((one) => one.State === "running");
  const slots = all.map(({ Id, Labels }): [string, string] => [
    `${Labels["formation.type"]}.${Labels["formation.index"]}`,
    Id,
  ]);
  return Object.fromEntries(slots.sort());
}

beforeAll(async () => {
  program(`new Formation("shop", ${args});`);
  expect(await stack.pulumi("stack", "init", "dev")).toMatchObject({ code: 0 });
  expect(await stack.pulumi("config", "set", "--path", `formation:scale.${app}.web`, "2", "--plaintext")).toMatchObject(
    { code: 0 },
  );
  expect(await up()).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await removeContainersOf(app);
  stack.delete();
});

test.each<[string, () => Promise<unknown>, readonly string[]]>([
  ["--replace", () => Promise.resolve(), ["--replace", urnOf("shop")]],
  ["--target-replace", () => Promise.resolve(), ["--target-replace", urnOf("shop")]],
  ["a taint", () => stack.pulumi("state", "taint", urnOf("shop"), "--yes"), []],
])("%s replaces every process", async (_, prepare, more) => {
  const before = await running();
  await prepare();
  const { code, output } = await up(...more);
  expect([code, output]).toEqual([0, expect.any(String)]);
  const after = await running();
  expect(Object.keys(after)).toEqual(["clock.1", "web.1", "web.2"]);
  for (const slot of Object.keys(after)) expect(after[slot]).not.toBe(before[slot]);
  expect((await stack.pulumi("preview", "--expect-no-changes")).code).toBe(0);
});

test("a replacement that would lose a quantity which is only kept is refused, with what to say", async () => {
  const before = await running();
  expect(await stack.pulumi("config", "rm", "formation:scale")).toMatchObject({ code: 0 });
  const { code, output } = await up("--replace", urnOf("shop"));
  expect(code).not.toBe(0);
  expect(output).toContain(`a replacement of ${app} would lose quantities that are only recorded: web=2 would be 1`);
  expect(output).toContain(`pulumi config set --path formation:scale.${app}.web 2 --plaintext`);
  expect(await running()).toEqual(before);
  // The next update keeps it, too.
  expect((await up()).code).toBe(0);
  expect(await running()).toEqual(before);
});

test.each([
  ["another parent", `new App("app");`],
  ["another name", `new Formation("store", ${args});`],
])("a resource with %s and no alias is refused, with the alias to add; nothing is touched", async (_, body) => {
  const before = await running();
  program(body);
  const { code, output } = await up();
  expect(code).not.toBe(0);
  expect(output).toContain(`app ${app} on local belongs to formation`);
  expect(output).toContain(`(${urnOf("shop")} of stack e2e/dev)`);
  expect(output).toContain("give it aliases");
  expect(await running()).toEqual(before);
  program(`new Formation("shop", ${args});`);
  expect((await up()).code).toBe(0);
  expect(await running()).toEqual(before);
});

test("with the alias, a resource keeps its processes under another parent and another name", async () => {
  const before = await running();
  program(`new App("app", { aliases: [{ parent: pulumi.rootStackResource }] });`);
  expect((await up()).code).toBe(0);
  program(`new Formation("store", ${args}, { aliases: ["urn:pulumi:dev::e2e::my:component:App$${TYPE}::shop"] });`);
  expect((await up()).code).toBe(0);
  expect(await running()).toEqual(before);
  program(`new Formation("shop", ${args}, { aliases: [{ name: "store" }] });`);
  expect((await up()).code).toBe(0);
  expect(await running()).toEqual(before);
});

test("a stack that is renamed, and a resource whose state is, keep their processes", async () => {
  const before = await running();
  expect(await stack.pulumi("state", "rename", urnOf("shop"), "store", "--yes")).toMatchObject({ code: 0 });
  program(`new Formation("store", ${args});`);
  expect((await up()).code).toBe(0);
  expect(await stack.pulumi("stack", "rename", "prod")).toMatchObject({ code: 0 });
  expect((await stack.pulumi("preview", "--expect-no-changes")).code).toBe(0);
  program(`new Formation("store", { ...${args}, scale: { web: 3 } });`);
  expect((await up()).code).toBe(0);
  expect(await running()).toMatchObject(before);
  expect(Object.keys(await running())).toEqual(["clock.1", "web.1", "web.2", "web.3"]);
});

test("a second Formation of the stack with the same app is refused, and so is another stack's", async () => {
  const before = await running();
  program(
    `new Formation("store", { ...${args}, scale: { web: 3 } }); new Formation("other", { ...${args}, scale: { web: 1 } });`,
  );
  const { code, output } = await up();
  expect(code).not.toBe(0);
  // Pulumi asks for both at once, so either may be refused because of the other.
  expect(output).toMatch(new RegExp(`app ${app} (is also the app of|on local belongs to) [Ff]ormation`));
  expect(await running()).toEqual(before);
  program(`new Formation("store", { ...${args}, scale: { web: 3 } });`);
  expect((await up()).code).toBe(0);
});

test("a lost state is taken over when that is said, without touching a process", async () => {
  const before = await running();
  expect(await stack.pulumi("state", "delete", urnOf("store", "prod"), "--yes")).toMatchObject({ code: 0 });
  const refused = await up();
  expect(refused.code).not.toBe(0);
  const [, identity] = /takeOver: "([0-9a-f]{16})"/.exec(refused.output) ?? [];
  expect(identity).toBeDefined();
  expect(await running()).toEqual(before);
  program(`new Formation("store", { ...${args}, scale: { web: 3, clock: 1 }, takeOver: "${identity}" });`);
  expect((await up()).code).toBe(0);
  expect(await running()).toEqual(before);
  expect((await stack.pulumi("preview", "--expect-no-changes")).code).toBe(0);
});

test("a destroy ends all, and gives the app's name back", async () => {
  expect(await claimsOf(app)).toHaveLength(1);
  expect(await stack.pulumi("destroy", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  expect(await containersOf(app)).toEqual([]);
  expect(await claimsOf(app)).toEqual([]);
});
