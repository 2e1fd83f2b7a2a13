import { formation, startFormation, type Running } from "../support/formation-command";
import { freePort } from "../support/ports";
import { Stack } from "../support/stack";
import { startRig, type Rig } from "../support/rig";
import { formSwarm, WATCHFUL, type TestSwarm } from "../support/rig/swarm";
import { until } from "../support/rig/run";

// The real Pulumi and the formation command, on a Swarm of one manager and two workers.

let rig: Rig;
let swarm: TestSwarm;
const stack = new Stack("swarm");
/** Engine whose node will lose its power. */
const DARK = "c";
const name = "shop";
const begun: Running[] = [];

function start(...args: string[]): Running {
  const running = startFormation(stack, args);
  begun.push(running);
  return running;
}

beforeAll(async () => {
  rig = await startRig({ engines: 3 });
  swarm = await formSwarm(rig, 1, WATCHFUL);
  await swarm.label(2, { clock: "here" });
  expect(await stack.pulumi("stack", "init", "dev")).toMatchObject({ code: 0 });
});
afterAll(async () => {
  for (const { child } of begun) child.kill("SIGKILL");
  await rig?.stop();
  stack.delete();
});

const command = (type: string) => ["/bin/sh", "-c", `echo ${type} $WORD on $PS; while :; do sleep 0.3; done`];
const clock = { stopTimeout: 5, placement: { labels: { clock: "here" } } };
function declare(scale: object, word: string): void {
  const args = {
    app: name,
    image: rig.image,
    orchestrator: "swarm",
    update: { monitor: 0 },
    scale,
    env: { WORD: word },
    hosts: [rig.engines[0]!.hostArgs],
    processes: { web: { command: command("web") }, clock: { ...clock, command: command("clock") } },
  };
  stack.program(name, JSON.stringify(args));
}
const run = (...args: string[]) => formation(stack, ...args);

interface Instance {
  readonly name: string;
  readonly host: string;
  readonly state: string;
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
  expect(wide).toMatch(/^clock\.1 +up for \d+s +c +[0-9a-f]{8} +[0-9a-f]{12} +- +- +\/bin\/sh/m);
  expect(wide).toMatch(/\n\nclock 1\/1\n$/);
});

test("metrics and the dashboard have what the Swarm runs", async () => {
  const { stdout } = await run("metrics");
  expect(stdout.split("\n")).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^formation_desired_processes\{.*app="shop",type="web"\} 2$/),
      expect.stringMatching(/^formation_ready_processes\{.*app="shop",type="web"\} 2$/),
      expect.stringMatching(/^formation_singleton_copies\{.*app="shop",type="clock"\} 1$/),
    ]),
  );
  expect(stdout).toMatch(/^formation_process_info\{.*app="shop",type="clock",process="clock\.1",host="c"/m);
  const port = await freePort();
  await start("dashboard", "--listen", String(port)).says("until Ctrl-C");
  const events = await fetch(`http://127.0.0.1:${port}/events`);
  let text = "";
  for await (const chunk of events.body!) if (/^data: .*\n\n/m.test((text += Buffer.from(chunk).toString()))) break;
  const { types } = JSON.parse(/^data: (.*)$/m.exec(text)![1]!) as { types: object[] };
  expect(types).toMatchObject([
    { type: "web", desired: 2, running: 2 },
    { type: "clock", desired: 1, running: 1, isSingleton: true },
  ]);
});

test("logs has the lines of all, and follows them across a release", async () => {
  expect((await run("logs")).stdout.replace(/^\S+ /gm, "").split("\n").sort()).toEqual([
    "",
    "app[clock.1]: clock one on clock.1",
    "app[web.1]: web one on web.1",
    "app[web.2]: web one on web.2",
    "formation[api]: Scale to web=2, clock=1 by adam@example.com",
  ]);
  const following = start("logs", "-f", "clock");
  let text = "";
  following.child.stdout?.on("data", (chunk) => (text += String(chunk)));
  await until("the clock's line is there", 20, () => Promise.resolve(text.includes("clock one on clock.1")));
  declare({ web: 2, clock: 1 }, "two");
  expect(await stack.pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  await until("its successor's, too", 20, () => Promise.resolve(text.includes("clock two on clock.1")));
});

test("refresh, a new scale from the command line", async () => {
  expect(await stack.pulumi("refresh", "--yes")).toMatchObject({ code: 0 });
  expect(await run("scale", "web=3", "--yes")).toMatchObject({
    code: 0,
    stdout: "Scaling web processes... done, now running 3\n",
  });
  expect(await stack.outputs()).toMatchObject({ running: { web: 3, clock: 1 } });
  expect(await run("wait", "--timeout", "10")).toMatchObject({ code: 0, stdout: "4/4\n" });
  const { code, stderr } = await run("run", "true");
  expect({ code, stderr }).toEqual({
    code: 125,
    stderr: expect.stringContaining("cannot be run on a Swarm yet") as string,
  });
});

test("a node loses its power: what may run elsewhere does, and ps tells what it cannot know (F31)", async () => {
  const where = async () => {
    const { processes } = JSON.parse((await run("ps", "--json")).stdout) as Shown;
    return processes.map(({ name, state, host }) => `${name} ${state} on ${host}`);
  };
  declare({ web: 3, clock: 1 }, "two");
  expect(await stack.pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  expect(await where()).toEqual([expect.anything(), expect.anything(), expect.anything(), `clock.1 up on ${DARK}`]);
  await rig.powerOff(2);
  await until("web runs on the others, and of what was there nobody knows", 30, async () => {
    const seen = await where();
    const up = seen.filter((line) => / up on [ab]$/.test(line));
    return up.length === 3 && seen.includes(`clock.1 unknown on ${DARK}`);
  });
  await rig.heal(2);
  await rig.restart(2);
  await until("the clock is back where it was", 60, async () => (await where()).includes(`clock.1 up on ${DARK}`));
});

test("with no manager in reach, ps says so", async () => {
  await rig.kill(0);
  const { stdout, stderr } = await run("ps");
  expect(`${stdout}${stderr}`).toMatch(/cannot reach/);
  await rig.restart(0);
  await swarm.settled();
});

test("destroy leaves no service", async () => {
  expect(await stack.pulumi("destroy", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  expect(await rig.engines[0]!.docker.listServices()).toEqual([]);
});
