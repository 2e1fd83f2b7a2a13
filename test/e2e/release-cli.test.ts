import { readdirSync, readlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { baseImage, containersOf, removeContainersOf, uniqueName } from "../support/engine";
import { BEATING, Heartbeats } from "../support/heartbeats";
import { commandLine } from "../support/processes";
import { Stack } from "../support/stack";

// Releases as an operator observes them: the real CLI, its output and its exit code.

const app = uniqueName("cli");
const stack = new Stack("release");
const image = baseImage();
const PASSWORD = "registry-canary-77ab";
let heartbeats: Heartbeats;
let said = "";

interface Declared {
  readonly web?: string;
  readonly release?: string;
  readonly stop?: number;
}

function declare(
  version: number,
  { web = "sleep 1000", release = "echo migrating for $VERSION", stop = 500 }: Declared = {},
) {
  const declared = {
    image,
    procfile: `web: ${web}\nrelease: ${release}\n`,
    processes: { web: { stopTimeout: 0 }, clock: { command: BEATING, stopTimeout: 3 } },
    scale: { web: 3, clock: 1 },
    update: { monitor: "0.5s" },
    env: { VERSION: String(version), COLLECTOR: heartbeats.collector, STOP_MS: String(stop) },
    registryAuth: [{ address: "registry.example.com", username: "deployer", password: PASSWORD }],
  };
  stack.program(app, JSON.stringify(declared));
}

async function pulumi(...args: string[]) {
  const outcome = await stack.pulumi(...args);
  said += outcome.output;
  return outcome;
}

const containers = async () => (await containersOf(app)).map(({ Id, State }) => `${Id} ${State}`).sort();

beforeAll(async () => {
  heartbeats = await Heartbeats.of(app);
  declare(1);
  expect(await stack.pulumi("stack", "init", "dev")).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await removeContainersOf(app);
  heartbeats.close();
  stack.delete();
});

test("the release command stands in the preview, and what it says in the update", async () => {
  const preview = await pulumi("preview");
  expect(preview.output).toMatch(/release\.1 +run on local +before this release\n/);
  const up = await pulumi("up", "--yes", "--skip-preview");
  expect(up).toMatchObject({ code: 0, output: expect.stringContaining("release.1: migrating for 1") as string });
});

test("registry credentials stand nowhere in clear", async () => {
  const state = await stack.pulumi("stack", "export");
  expect(state.output).toContain("registryAuth");
  expect(state.output + said).not.toContain(PASSWORD);
});

test("a release command that fails stops everything with nothing changed", async () => {
  const before = await containers();
  declare(2, { release: "echo no such table; exit 2" });
  const up = await pulumi("up", "--yes", "--skip-preview");
  expect(up.code).not.toBe(0);
  expect(up.output).toContain("release.1 on local: run failed: exited with code 2; its last lines:");
  expect(up.output).toContain("release.1: no such table");
  expect(await containers()).toEqual(before);
});

test("a bad release is taken back, says why, and is still to do", async () => {
  const before = await containers();
  declare(3, { web: "echo no database; exit 3" });
  const up = await pulumi("up", "--yes", "--skip-preview");
  expect(up.code).not.toBe(0);
  expect(up.output).toMatch(/web\.1 on local: replace failed: exited with code 3.*; its last lines:\n *no database/);
  expect(up.output).toMatch(/web\.2, web\.3: not begun, because web\.1 on local failed/);
  expect(await containers()).toEqual(before);
  const preview = await pulumi("preview", "--expect-no-changes");
  expect(preview.code).not.toBe(0);
  expect(preview.output).toMatch(/web\.1 +replace on local +command, env changed/);
  declare(4);
  expect(await pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  expect(await pulumi("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
});

test("the provider is killed in the middle of a release: never two clocks, and the next up finishes", async () => {
  for (const [round, wait] of [200, 1200].entries()) {
    declare(10 + round, { stop: 1500 });
    const cut = pulumi("up", "--yes", "--skip-preview");
    await killProviderOnceIt(wait);
    expect((await cut).code).not.toBe(0);
    expect(await pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
    expect((await containers()).map((one) => one.split(" ")[1])).toEqual(Array(4).fill("running"));
    expect(heartbeats.overlaps("clock.1")).toEqual([]);
  }
  expect(heartbeats.heard).toBeGreaterThanOrEqual(4);
});

/** Kills this stack's provider a while after its first change to processes. */
async function killProviderOnceIt(wait: number): Promise<void> {
  const before = await containers();
  while ((await containers()).join() === before.join()) await delay(50);
  await delay(wait);
  for (const pid of providers()) process.kill(pid, "SIGKILL");
}

function providers(): number[] {
  const mine = readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`) === stack.folder;
    } catch {
      return false;
    }
  });
  return mine.filter((pid) => commandLine(pid).some((word) => word.includes("dynamic-provider"))).map(Number);
}
