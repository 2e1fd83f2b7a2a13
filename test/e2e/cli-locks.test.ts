import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CliApp } from "../support/cli-app";
import { containersOf } from "../support/engine";
import { commandLine } from "../support/processes";
import { formation, pressCtrlC, startFormation } from "../support/formation-command";

// Commands at the same time, commands interrupted by Ctrl-C, and commands that were killed.

const app = new CliApp();
const { stack } = app;
const locks = join(stack.folder, "backend/.pulumi/locks/organization/cli/dev");

// New workers are watched for so long that other commands can run meanwhile, on a busy machine, too.
beforeAll(() =>
  app.create(`update: { monitor: 2 }, procfile: "web: sleep 1000\\nworker: sleep 1000\\n", scale: { web: 1 },
    processes: { worker: { update: { monitor: 10 } } }`),
);
afterAll(() => app.remove());

async function eventually<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await delay(50)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`never: ${String(look)}`);
}

const lockFiles = () => (existsSync(locks) ? readdirSync(locks).filter((name) => name.endsWith(".json")) : []);

/** Waits for the lock on the state that an update holds. */
function pulumiLock(): Promise<{ pid: number }> {
  return eventually(() => {
    const text = lockFiles().map((file) => readFileSync(join(locks, file), "utf8"))[0];
    return text ? (JSON.parse(text) as { pid: number }) : undefined;
  });
}

/** Waits for a number of containers; a process that is being replaced counts twice. */
function containersAre(count: number): Promise<true> {
  return eventually(async () => (await containersOf(app.name)).length === count || undefined);
}

async function quantities(): Promise<string> {
  return (await formation(stack, "scale")).stdout.trim();
}

test("of two at once, one waits and does it on top: never a mixed formation, and both are in the history", async () => {
  const wishes = ["web=3 worker=2", "web=2 worker=1"];
  const both = wishes.map((wish, at) =>
    startFormation(stack, ["scale", ...wish.split(" "), "--yes"], { FORMATION_ACTOR: `operator-${at}` }),
  );
  const endings = await Promise.all(both.map(({ ended }) => ended));
  for (const ending of endings) expect(ending).toMatchObject({ code: 0 });
  expect(endings.map(({ stderr }) => stderr).join("")).toMatch(/waiting: operator-\d runs formation scale web=/);
  const reached = await quantities();
  expect(wishes).toContain(reached);
  const names = Object.keys(await app.processes()).map((name) => name.split(".")[0]);
  const counts = ["web", "worker"].map((type) => `${type}=${names.filter((name) => name === type).length}`);
  expect(counts.join(" ")).toBe(reached);
  for (const quantity of reached.split(" ")) expect(app.config()).toContain(quantity.replace("=", ": "));
  const { stdout } = await formation(stack, "history");
  expect(stdout).toContain("operator-0");
  expect(stdout).toContain("operator-1");
  expect(app.leftovers()).toEqual([]);
});

test("Ctrl-C, however often, lets the running step end, begins no other, and records what is so", async () => {
  expect(await formation(stack, "scale", "web=3", "worker=0", "--yes")).toMatchObject({ code: 0 });
  const before = await app.processes();
  // Two seconds for each process, one after the other.
  const restart = startFormation(stack, ["restart", "web"]);
  await containersAre(4);
  pressCtrlC(restart);
  await restart.says("ending what was begun, then stopping");
  pressCtrlC(restart);
  pressCtrlC(restart);
  const { code, stderr } = await restart.ended;
  expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringContaining("pulumi up does the rest") as string });
  const after = await app.processes();
  expect(Object.keys(after)).toEqual(["web.1", "web.2", "web.3"]);
  expect(Object.values(after).filter((id) => !Object.values(before).includes(id))).toHaveLength(1);
  app.recorded();
  expect(app.leftovers()).toEqual([]);
  const plan = await formation(stack, "plan", "--deployed");
  expect(plan.code).toBe(2);
  expect(plan.stdout.match(/replace on local {2}restart/g)).toHaveLength(2);
  // The interrupted command's message asks for this.
  expect(await stack.pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  const done = await app.processes();
  const began = Object.keys(after).filter((name) => after[name] !== before[name]);
  expect(Object.keys(done).filter((name) => done[name] === after[name])).toEqual(began);
  expect(Object.values(done).filter((id) => Object.values(before).includes(id))).toEqual([]);
});

test("a scale that is killed goes on to its end; unlock waits for that, then records it", async () => {
  const scale = startFormation(stack, ["scale", "worker=1"]);
  await containersAre(4);
  const { pid } = await pulumiLock();
  scale.child.kill("SIGKILL");
  await scale.ended;

  const other = await formation(stack, "scale", "worker=2", "--wait", "0");
  expect(other.code).toBe(75);
  expect(other.stderr).toContain("adam@example.com runs formation scale worker=1 since ");
  expect(other.stderr).toContain("that process is gone\nformation unlock");
  const early = await formation(stack, "unlock");
  expect(early.code).toBe(75);
  expect(early.stderr).toContain("updates the stack since ");
  expect(early.stderr).toContain(`(pid ${pid})`);

  await eventually(() => lockFiles().length === 0 || undefined);
  expect(app.config()).not.toContain("worker: 1");
  expect(await formation(stack, "unlock")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("its update had succeeded and is now in the stack's configuration") as string,
  });
  expect(app.config()).toContain("worker: 1");
  expect(await quantities()).toBe("web=3 worker=1");
  expect(app.leftovers()).toEqual([]);
  expect(await formation(stack, "unlock")).toMatchObject({ code: 0, stdout: "nothing is locked\n" });
});

test("an update that runs is named, and so is one that was killed; unlock clears its lock", async () => {
  const config = app.config();
  const up = stack.pulumi("up", "--yes", "--skip-preview");
  const { pid } = await pulumiLock();
  const refused = await formation(stack, "scale", "worker=2", "--wait", "0");
  expect(refused.code).toBe(75);
  expect(refused.stderr).toContain(`(pid ${pid})`);
  process.kill(pid, "SIGKILL");
  await up;
  expect(await formation(stack, "scale", "worker=2", "--wait", "0")).toMatchObject({
    code: 75,
    stderr: expect.stringContaining("formation unlock clears its lock") as string,
  });
  expect(app.config()).toBe(config);
  expect(await formation(stack, "unlock")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(new RegExp(`cleared Pulumi's lock: .* \\(pid ${pid}\\)`)) as string,
  });
  expect(await formation(stack, "scale", "worker=2")).toMatchObject({
    code: 0,
    stdout: "Scaling worker processes... done, now running 2\n",
  });
});

/** Processes that do the provider's work for this stack's commands. */
function runtimes(): number[] {
  const mine = readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`) === stack.folder;
    } catch {
      return false;
    }
  });
  return mine.filter((pid) => commandLine(pid).some((word) => word.endsWith("runtime/main.js"))).map(Number);
}

test("a scale whose provider is killed fails, leaves no lock and no twin, and the next one does it", async () => {
  const before = await app.processes();
  const scale = startFormation(stack, ["scale", "worker=3"]);
  await containersAre(Object.keys(before).length + 1);
  const [pid] = runtimes();
  process.kill(pid!, "SIGKILL");
  expect(await scale.ended).toMatchObject({ code: 1 });
  expect(lockFiles()).toEqual([]);
  expect(app.leftovers()).toEqual([]);
  expect(await formation(stack, "scale", "worker=3")).toMatchObject({
    code: 0,
    stdout: "Scaling worker processes... done, now running 3\n",
  });
  expect(await app.processes()).toMatchObject(before);
  expect(await containersOf(app.name)).toHaveLength(Object.keys(before).length + 1);
  expect(runtimes()).toEqual([]);
});
