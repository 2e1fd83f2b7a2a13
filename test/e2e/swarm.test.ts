import { formation, startFormation, type Running } from "../support/formation-command";
import { Stack } from "../support/stack";
import { startRig, type Rig } from "../support/rig";
import { formSwarm } from "../support/rig/swarm";
import { until } from "../support/rig/run";

// The real Pulumi and the formation command, on a Swarm.

let rig: Rig;
const stack = new Stack("swarm");
const name = "shop";
let following: Running | undefined;

beforeAll(async () => {
  rig = await startRig({ engines: 2 });
  await formSwarm(rig);
  expect(await stack.pulumi("stack", "init", "dev")).toMatchObject({ code: 0 });
});
afterAll(async () => {
  following?.child.kill("SIGKILL");
  await rig?.stop();
  stack.delete();
});

const command = (type: string) => ["/bin/sh", "-c", `echo ${type} $WORD on $PS; while :; do sleep 0.3; done`];
function declare(scale: object, word: string): void {
  const args = {
    ...{ app: name, image: rig.image, orchestrator: "swarm", update: { monitor: 0 }, scale, env: { WORD: word } },
    hosts: rig.engines.map(({ hostArgs }) => hostArgs),
    processes: { web: { command: command("web") }, clock: { command: command("clock"), stopTimeout: 5 } },
  };
  stack.program(name, JSON.stringify(args));
}
const run = (...args: string[]) => formation(stack, ...args);

interface Instance {
  readonly name: string;
  readonly host: string;
  readonly container: string;
}
interface Shown {
  readonly running: Readonly<Record<string, number>>;
  readonly processes: readonly Instance[];
}

test("preview, up, a second preview", async () => {
  declare({ web: 2, clock: 1 }, "one");
  const preview = await stack.pulumi("preview");
  expect(preview.output).toMatch(/web\.2 +create on swarm +scale up/);
  expect(await stack.pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  expect(await stack.outputs()).toMatchObject({ running: { web: 2, clock: 1 } });
  expect(await stack.pulumi("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
});

test("ps shows every process with its node", async () => {
  const { running, processes } = JSON.parse((await run("ps", "--json")).stdout) as Shown;
  expect(running).toEqual({ web: 2, clock: 1 });
  const { instances } = await stack.outputs<{ instances: Instance[] }>();
  expect(processes.map(({ name, host, container }) => ({ name, host, container }))).toEqual(
    instances.map(({ name, host, container }) => ({ name, host, container })),
  );
  const wide = (await run("ps", "--wide", "clock")).stdout;
  expect(wide).toMatch(/^clock\.1 +up for \d+s +[ab] +[0-9a-f]{8} +[0-9a-f]{12} +- +- +\/bin\/sh/m);
  expect(wide).toMatch(/\n\nclock 1\/1\n$/);
});

test("logs has the lines of all, and follows them across a release", async () => {
  expect((await run("logs")).stdout.replace(/^\S+ /gm, "").split("\n").sort()).toEqual([
    "",
    "app[clock.1]: clock one on clock.1",
    "app[web.1]: web one on web.1",
    "app[web.2]: web one on web.2",
    "formation[api]: Scale to web=2, clock=1 by adam@example.com",
  ]);
  following = startFormation(stack, ["logs", "-f", "clock"]);
  let text = "";
  following.child.stdout?.on("data", (chunk) => (text += String(chunk)));
  await until("the clock's line is there", 20, () => Promise.resolve(text.includes("clock one on clock.1")));
  declare({ web: 2, clock: 1 }, "two");
  expect(await stack.pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  await until("its successor's, too", 20, () => Promise.resolve(text.includes("clock two on clock.1")));
});

test("refresh, a new scale from the command line, destroy", async () => {
  expect(await stack.pulumi("refresh", "--yes")).toMatchObject({ code: 0 });
  expect(await run("scale", "web=3", "--yes")).toMatchObject({
    code: 0,
    stdout: "Scaling web processes... done, now running 3\n",
  });
  expect(await stack.outputs()).toMatchObject({ running: { web: 3, clock: 1 } });
  expect(await run("wait", "--timeout", "10")).toMatchObject({ code: 0, stdout: "4/4\n" });
  const { code, stderr } = await run("run", "true");
  expect({ code, stderr }).toEqual({
    code: 64,
    stderr: expect.stringContaining("cannot be run on a Swarm yet") as string,
  });
  expect(await stack.pulumi("destroy", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  expect(await rig.engines[0]!.docker.listServices()).toEqual([]);
});
