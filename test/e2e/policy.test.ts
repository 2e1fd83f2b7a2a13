import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Stack } from "../support/stack";

// The Pulumi CLI runs the policy pack of the examples on formations that are not deployed.

const root = join(__dirname, "../..");
const stack = new Stack("policy");
const pack = join(stack.folder, "pack");

/** Some language hosts run no policy packs, so a runtime of our own does, through a program of its name. */
const RUNTIME = "formation-test";
const RUN = `#!/bin/sh
exec node "$(node -p 'require.resolve("@pulumi/pulumi/cmd/run-policy-pack")')" "$@"
`;

beforeAll(async () => {
  cpSync(join(root, "examples/policy"), pack, { recursive: true });
  symlinkSync(join(stack.folder, "node_modules"), join(pack, "node_modules"));
  const declaration = join(pack, "PulumiPolicy.yaml");
  writeFileSync(declaration, readFileSync(declaration, "utf8").replace("runtime: nodejs", `runtime: ${RUNTIME}`));
  const programs = join(stack.folder, "bin");
  mkdirSync(programs);
  writeFileSync(join(programs, `pulumi-analyzer-policy-${RUNTIME}`), RUN, { mode: 0o755 });
  stack.env["PATH"] = `${programs}${delimiter}${process.env["PATH"]}`;
  expect(await stack.pulumi("stack", "init", "dev")).toMatchObject({ code: 0 });
});
afterAll(() => stack.delete());

/** @param formations arguments of each formation by its name, as JavaScript */
async function preview(formations: Readonly<Record<string, string>>, limits: Readonly<Record<string, number>>) {
  const declared = Object.entries(formations).map(
    ([name, args]) => `new Formation(${JSON.stringify(name)}, { image: "shop:1", ${args} });`,
  );
  const program = `const { Formation } = require("pulumi-formation");\n${declared.join("\n")}\n`;
  writeFileSync(join(stack.folder, "index.js"), program);
  const config = join(stack.folder, "policy.json");
  writeFileSync(config, JSON.stringify({ "backing-services-bear-all": { limits } }));
  return stack.pulumi("preview", "--policy-pack", pack, "--policy-pack-config", config);
}

const web = (quantity: number) => `processes: { web: { command: "npm start", connections: { db: 10 } } },
  scale: { web: ${quantity} }, backingServices: { db: { maxConnections: 100 } }`;
const clock = (quantity: number) => `processes: { clock: { command: "npm run clock", singleton: false } },
  scale: { clock: ${quantity} }`;

test("what an organisation does not allow is refused in the preview, though each program does", async () => {
  const { code, output } = await preview({ blog: web(3), shop: web(4), ticks: clock(2), tocks: clock(1) }, { db: 60 });
  expect(code).not.toBe(0);
  for (const line of [
    "ticks: clock=2, and at most 1 may run: scale it to 1",
    "tocks: clock may never run twice: remove processes.clock.singleton: false",
    "db: 90 of 60 connections (blog 40: web 3×10 + release overlap 1×10; shop 50: web 4×10 + release overlap 1×10): scale down, or lower a pool",
  ])
    expect(output).toContain(line);
});

test("what it allows is let through", async () => {
  const { code, output } = await preview({ blog: web(3), shop: web(4), ticks: `procfile: "clock: tick"` }, {});
  expect(output).toMatch(/✅ formation@v0\.1\.0/);
  expect(code).toBe(0);
});
