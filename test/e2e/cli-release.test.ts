import { CliApp } from "../support/cli-app";
import { docker } from "../support/engine";
import { formation } from "../support/formation-command";

// A scale in the middle of a release of which only a part was done.

const app = new CliApp();
const { stack } = app;

/** @param where the process that cannot start */
const version = (n: number, where = "nowhere") => `
  processes: { web: { command: ["sh", "-c", "if [ $PS = ${where} ]; then exit 3; fi; exec sleep ${n}000"] } },
  scale: { web: 2 }, env: { SECRET: pulumi.secret("half-canary-${n}"), VERSION: "${n}" },
  update: { monitor: "1s", failureAction: "pause" }`;

beforeAll(() => app.create(version(1)));
afterAll(() => app.remove());

async function versions(): Promise<Record<string, string>> {
  const found = Object.entries(await app.processes()).map(async ([name, id]) => {
    const { Config } = await docker.getContainer(id).inspect();
    return [name, Config.Env.find((one) => one.startsWith("VERSION="))!];
  });
  return Object.fromEntries(await Promise.all(found)) as Record<string, string>;
}

test("a scale adds to the release that was begun last, and touches nothing that runs", async () => {
  app.declare(version(2, "web.2"));
  expect((await stack.pulumi("up", "--yes", "--skip-preview")).code).not.toBe(0);
  expect(await versions()).toEqual({ "web.1": "VERSION=2", "web.2": "VERSION=1" });
  const before = await app.processes();

  expect(await formation(stack, "scale", "web=3")).toEqual({
    code: 0,
    stdout: "Scaling web processes... done, now running 3\n",
    stderr: "",
  });
  expect(await versions()).toEqual({ "web.1": "VERSION=2", "web.2": "VERSION=1", "web.3": "VERSION=2" });
  expect(await app.processes()).toMatchObject(before);
  expect(await formation(stack, "scale", "web=4", "--yes")).toMatchObject({ code: 0, stderr: "" });
  expect(await app.processes()).toMatchObject(before);
  expect((await versions())["web.4"]).toBe("VERSION=2");
  // Values that only the unfinished release has stay secret in the state.
  expect((await stack.pulumi("stack", "export")).output).not.toContain("half-canary");

  expect(await formation(stack, "scale", "web=2", "--yes")).toMatchObject({ code: 0, stderr: "" });
  expect(await app.processes()).toEqual(before);
});

test("the next release does the rest", async () => {
  app.declare(version(2));
  expect(await stack.pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  expect(await versions()).toEqual({ "web.1": "VERSION=2", "web.2": "VERSION=2" });
  expect((await formation(stack, "plan", "--deployed")).stdout).toBe("nothing to do\n");
});

test("a release that was taken back is not begun", async () => {
  const taken = (n: number, where?: string) => version(n, where).replace('"pause"', '"rollback"');
  app.declare(taken(3, "web.1"));
  expect((await stack.pulumi("up", "--yes", "--skip-preview")).code).not.toBe(0);
  expect(await formation(stack, "scale", "web=3")).toMatchObject({ code: 0, stderr: "" });
  expect(await versions()).toEqual({ "web.1": "VERSION=2", "web.2": "VERSION=2", "web.3": "VERSION=2" });
});

test("a restart is not done again by an update from where nobody knows of it", async () => {
  app.declare(version(2));
  expect(await stack.pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  const known = app.config();
  expect(await formation(stack, "restart", "web")).toMatchObject({ code: 0, stderr: "" });
  const restarted = await app.processes();
  expect(app.config()).toContain("formation:restartedAt");
  expect(await stack.pulumi("config", "rm", "formation:restartedAt")).toMatchObject({ code: 0 });
  expect(app.config()).toContain(known.trim().split("\n").at(-1));
  expect(await stack.pulumi("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
  expect(await stack.pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  expect(await app.processes()).toEqual(restarted);
});
