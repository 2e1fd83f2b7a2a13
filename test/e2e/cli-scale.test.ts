import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { CliApp } from "../support/cli-app";
import { docker } from "../support/engine";
import { formation } from "../support/formation-command";

// Commands scale, plan, restart and history, one after the other on one app.

const app = new CliApp();
const { stack } = app;
const SECRET = "hunter2-canary";

function declaration(worker: string, env: string): string {
  return `update: { monitor: 0 }, processes: { broken: { update: { monitor: 2 } } }, env: { ${env} },
    procfile: "web: sleep 1000\\nworker: ${worker}\\nclock: sleep 1000\\nbroken: exit 3\\n"`;
}

const said: string[] = [];
async function run(...args: string[]) {
  const ending = await formation(stack, ...args);
  said.push(ending.stdout, ending.stderr);
  return ending;
}

beforeAll(() => app.create(declaration("sleep 1000", `DATABASE_URL: pulumi.secret(${JSON.stringify(SECRET)})`)));
afterAll(() => app.remove());

test("without arguments it prints the formation, in words that it takes", async () => {
  expect(await run("scale")).toEqual({ code: 0, stdout: "web=1 worker=0 clock=0 broken=0\n", stderr: "" });
});

test("whatever is wrong is named, and nothing is written", async () => {
  const before = [app.config(), JSON.stringify(app.recorded())];
  for (const [texts, fault] of [
    ["web:2", '"web:2" is not understood'],
    ["web=2 wrker=1", "wrker=1: "],
    ["web=2 web=3", "web=2 and web=3 both name web"],
    ["clock=2", "clock is a singleton: asked for 2, at most 1 may run"],
  ] as const) {
    const { code, stdout, stderr } = await run("scale", ...texts.split(" "));
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
    expect(stderr).toContain(fault);
    expect(stderr).not.toContain("    at ");
  }
  expect(await run("nope")).toMatchObject({ code: 64 });
  expect([app.config(), JSON.stringify(app.recorded())]).toEqual(before);
  expect(app.leftovers()).toEqual([]);
});

test("the types that are named change, and nothing else is deployed", async () => {
  const before = await app.processes();
  // The program has changed since, and no longer contains the secret.
  app.declare(declaration("sleep 1001", ""));
  expect(await run("scale", "web=2", "worker+1")).toEqual({
    code: 0,
    stdout: "Scaling web processes... done, now running 2\nScaling worker processes... done, now running 1\n",
    stderr: "",
  });
  const after = await app.processes();
  expect(Object.keys(after)).toEqual(["web.1", "web.2", "worker.1"]);
  expect(after["web.1"]).toBe(before["web.1"]);
  const worker = await docker.getContainer(after["worker.1"]!).inspect();
  expect(worker.Args.join(" ")).toContain("sleep 1000");
  expect(worker.Config.Env).toContain(`DATABASE_URL=${SECRET}`);
  expect(app.config()).toContain(`    ${app.name}:\n      web: 2\n      worker: 1\n`);
  expect(app.leftovers()).toEqual([]);
});

test("plan tells what a deployment would do from what has gone wrong on the hosts", async () => {
  const program = await run("plan");
  expect(program.code).toBe(2);
  expect(program.stdout).toContain("worker.1   replace on local  command, env changed");
  expect(await run("plan", "--deployed")).toEqual({ code: 0, stdout: "nothing to do\n", stderr: "" });
  const { "web.2": web } = await app.processes();
  await docker.getContainer(web!).remove({ force: true });
  expect(await run("plan", "--deployed")).toMatchObject({
    code: 2,
    stdout: expect.stringMatching(/\nweb\.2 {6}create on local {2}scale up\n$/) as string,
  });
});

test("--preview says what would be done, and --if-current what must be so", async () => {
  const before = [app.config(), await app.processes()];
  const preview = await run("scale", "worker-1", "--preview");
  expect(preview).toMatchObject({ code: 0, stderr: "" });
  expect(preview.stdout).toContain("worker=1 → worker=0");
  expect(preview.stdout).toContain("worker.1   remove on local  scale down");
  expect(await run("scale", "web=9", "--if-current", "web=3,worker=1")).toEqual({
    code: 3,
    stdout: "",
    stderr: "error: web=3 was expected, but it is 2\nthe formation is web=2 worker=1 clock=0 broken=0\n",
  });
  expect([app.config(), await app.processes()]).toEqual(before);
});

test("running processes are stopped only when that is meant", async () => {
  const refused = await run("scale", "worker=0");
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toContain("worker.1   remove on local  scale down");
  expect(refused.stderr).toContain("running processes would be stopped: worker.1 (scale down)");
  expect(refused.stderr).toContain("say --yes");
  expect(app.config()).toContain("worker: 1");

  expect(await run("scale", "worker=0", "--yes", "--if-current", "web=2")).toMatchObject({
    code: 0,
    stdout: "Scaling worker processes... done, now running 0\n",
  });
  // The web process that was gone is back, because a scale is an update of the formation.
  expect(Object.keys(await app.processes())).toEqual(["web.1", "web.2"]);
});

test("a restart replaces what is named, and is none of the others' business", async () => {
  const before = await app.processes();
  expect(await run("restart", "web.2")).toEqual({ code: 0, stdout: "Restarting web.2... done\n", stderr: "" });
  const after = await app.processes();
  expect(Object.keys(after)).toEqual(["web.1", "web.2"]);
  expect(after["web.1"]).toBe(before["web.1"]);
  expect(after["web.2"]).not.toBe(before["web.2"]);
  expect(await run("restart", "web.7")).toMatchObject({ code: 64 });
  // A rebuilt image would replace web.1, too, so the command refuses, with the reason.
  await docker.getContainer(after["web.1"]!).commit({ repo: app.name, tag: "1" });
  const refused = await run("restart", "web.2");
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("others would be stopped too: web.1");
  await app.tagImage();
});

test("what failed half way is recorded as it runs, and the answer says how to go on", async () => {
  const { code, stdout, stderr } = await run("scale", "broken=1", "clock=1", "--yes");
  expect(code).toBe(1);
  expect(stdout).toBe(
    "Scaling broken processes... failed, now running 0\nScaling clock processes... done, now running 1\n",
  );
  expect(stderr).toContain("broken.1 on local: create failed: ");
  expect(stderr).toContain("to try again: formation scale broken=1");
  const reached = { web: 2, worker: 0, clock: 1, broken: 0 };
  expect(app.recorded()).toMatchObject({ inputs: { formation: reached }, outputs: { formation: reached } });
  expect(app.config()).toContain("clock: 1");
  expect(app.config()).not.toContain("broken");
  expect(await run("plan", "--deployed")).toMatchObject({ code: 0 });
});

test("a scale stays though its number is not committed, until it is given back", async () => {
  expect(app.recorded().inputs).toMatchObject({ __scaled: { web: 2, worker: 0, clock: 1 } });
  expect(app.recorded().inputs).not.toHaveProperty("__scaled.broken");
  const config = app.config();
  rmSync(join(stack.folder, "Pulumi.dev.yaml"));
  expect(await run("plan", "--deployed")).toMatchObject({ code: 0 });
  writeFileSync(join(stack.folder, "Pulumi.dev.yaml"), config);
  expect(await run("scale", "--reset", "clock", "worker")).toEqual({
    code: 0,
    stdout: "Scaling clock processes... done, now running 1\nScaling worker processes... done, now running 0\n",
    stderr: "",
  });
  expect(app.config()).not.toMatch(/clock|worker/);
  expect(app.recorded().inputs).toMatchObject({ __scaled: { web: 2 } });
  expect(await run("scale", "--reset", "clock")).toMatchObject({ code: 64 });
  expect(app.leftovers()).toEqual([]);
});

test("the history has every change, who made it, and the full formation", async () => {
  const { code, stdout } = await run("history");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^When +Who +Change +Formation +Update\n/);
  const changes = [
    "web=1, worker=0, clock=0, broken=0",
    "web=1 → web=2, worker=0 → worker=1",
    "worker=1 → worker=0",
    "Restart web.2",
  ];
  let from = 0;
  for (const change of changes) from = stdout.indexOf(`adam@example.com  ${change}`, from) + 1 || Infinity;
  expect(from).toBeLessThan(Infinity);
  const last = JSON.parse((await run("history", "--json", "-n", "1")).stdout) as unknown;
  expect(last).toMatchObject([
    { actor: "adam@example.com", formation: { web: 2, clock: 1 }, version: expect.any(Number) as number },
  ]);
});

test("a secret that the program no longer has stays one, and nothing said tells it", () => {
  expect(() => execFileSync("grep", ["-r", SECRET, `${stack.folder}/backend`])).toThrow();
  expect(said.join("")).not.toContain(SECRET);
  // Output into a pipe has no colours, and no line is written over.
  expect(said.join("")).not.toMatch(/[\x1b\r]/);
  expect(readFileSync(`${stack.folder}/Pulumi.dev.yaml`, "utf8")).not.toContain(SECRET);
});
