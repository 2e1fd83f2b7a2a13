import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CliContext } from "../../../cli/context";
import { formationReader } from "../../../cli/state/formations";
import { commandsFor, createProgram } from "../../../cli/program";
import { findProject } from "../../../cli/project/project";

// Shells ask for words of a stack whose state only Pulumi can read.

const root = mkdtempSync(join(tmpdir(), "formation-words-"));
afterAll(() => rmSync(root, { recursive: true }));
const env = {
  PATH: `${join(root, "bin")}:${process.env["PATH"]}`,
  PULUMI_HOME: root,
  XDG_CACHE_HOME: join(root, "cache"),
};

const formation = (app: string, quantities: object, ...processes: string[]) => ({
  urn: `urn:pulumi:dev::p::pulumi-nodejs:dynamic/formation:Formation::${app}`,
  type: "pulumi-nodejs:dynamic/formation:Formation",
  inputs: { formation: quantities, summary: Object.keys(quantities).join("=1, ") },
  outputs: { instances: processes.map((name) => ({ name })) },
});

beforeAll(() => {
  for (const folder of ["bin", "project"]) mkdirSync(join(root, folder));
  writeFileSync(join(root, "project/Pulumi.yaml"), "name: p\nbackend:\n  url: s3://states\n");
  const resources = [
    formation("shop", { web: 2, clock: 1 }, "web.1", "web.2", "clock.1"),
    formation("blog", { press: 1 }),
  ];
  writeFileSync(join(root, "state"), JSON.stringify({ deployment: { resources } }));
  writeFileSync(join(root, "bin/pulumi"), `#!/bin/sh\necho x >> ${root}/asked\ncat ${root}/state\n`, { mode: 0o755 });
});

async function words(kind: string, app: string | undefined, stack = "dev"): Promise<readonly string[]> {
  const said: string[] = [];
  const program = createProgram("0.0.0");
  const project = () => findProject(join(root, "project"), stack, env);
  const context = {
    env,
    project,
    app: () => app,
    formations: formationReader(project, env),
    out: (line: string) => said.push(line),
  };
  for (const register of await commandsFor(["words"])) register(program, context as unknown as CliContext);
  await program.parseAsync(["words", kind], { from: "user" });
  return said;
}

const timesAsked = () =>
  existsSync(join(root, "asked")) ? readFileSync(join(root, "asked"), "utf8").split("x").length - 1 : 0;

test("Pulumi is asked once, not at each TAB, and again after a while", async () => {
  expect(await words("quantities", "shop")).toEqual(["web=2", "clock=1"]);
  expect(await words("types", "shop")).toEqual(["web", "clock"]);
  expect(await words("names", "shop")).toEqual(["web", "clock", "web.1", "web.2", "clock.1"]);
  expect(await words("types", "blog")).toEqual(["press"]);
  expect(await words("apps", undefined)).toEqual(["blog", "shop"]);
  expect(timesAsked()).toBe(1);
  await words("apps", undefined, "prod");
  expect(timesAsked()).toBe(2);

  const files = readdirSync(join(root, "cache/pulumi-formation")).map((name) =>
    join(root, "cache/pulumi-formation", name),
  );
  expect(files).toHaveLength(2);
  for (const file of files) {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    utimesSync(file, new Date(), new Date(Date.now() - 61_000));
  }
  await words("apps", undefined);
  expect(timesAsked()).toBe(3);
});

test("of several apps one has to be said, for any words but their names", async () => {
  await expect(words("types", undefined)).rejects.toThrow("stack dev has several apps: blog, shop");
});

test("no help shows what only shells say", async () => {
  const program = createProgram("0.0.0");
  for (const register of await commandsFor([])) register(program, {} as CliContext);
  expect(program.helpInformation()).toContain("completion <shell>");
  expect(program.helpInformation()).not.toContain("words <kind>");
});
