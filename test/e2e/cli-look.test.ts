import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { CliApp } from "../support/cli-app";
import { docker } from "../support/engine";
import { formation, main, startFormation, type Ending, type Running } from "../support/formation-command";

// Commands ps, logs, run and wait, on one app.

const app = new CliApp();
const { stack } = app;
const SECRET = "hunter2-canary";
const CLOCK = `node -e 'let n = 0; setInterval(() => console.log("tick", ++n), 200)'`;

const run = (...args: string[]) => formation(stack, ...args);
const container = (name: string) => docker.getContainer(`${app.name}.${name}`);
const lines = ({ stdout }: Pick<Ending, "stdout">) => stdout.trimEnd().split("\n");

async function eventually(test: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await test())) {
    if (Date.now() > deadline) throw new Error(`never came true: ${String(test)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

beforeAll(() =>
  app.create(`update: { monitor: 0 }, scale: { web: 2, clock: 1 },
    env: { DATABASE_URL: pulumi.secret(${JSON.stringify(SECRET)}), FLAVOUR: "plain" },
    procfile: ${JSON.stringify(`web: echo web is up; exec sleep 100000\nworker: sleep 100000\nclock: ${CLOCK}\n`)}`),
);
afterAll(async () => {
  for (const { child } of started) child.kill("SIGKILL");
  await app.remove();
});

const started: Running[] = [];
function start(args: readonly string[], input?: "pipe"): Running {
  const running = startFormation(stack, args, {}, input);
  started.push(running);
  return running;
}

describe("ps", () => {
  test("shows what runs, in the words of the Procfile", async () => {
    const ended = await run("ps");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    const [head, rule, ...rest] = lines(ended);
    expect([head, rule]).toEqual([
      expect.stringMatching(/^Process {2}State {6,}Command$/),
      expect.stringMatching(/^------- {2}-+ {2}-+$/),
    ]);
    expect(rest.map((line) => line.replace(/\d+[sm] +/, "… "))).toEqual([
      "web.1    up for … echo web is up; exec sleep 100000",
      "web.2    up for … echo web is up; exec sleep 100000",
      `clock.1  up for … ${CLOCK}`,
      "",
      "web 2/2, worker 0/0, clock 1/1",
    ]);
  });

  test("shows what is wrong, of the processes that are named", async () => {
    await container("web.2").stop({ t: 0 });
    try {
      const { stdout } = await run("ps", "web");
      expect(stdout).toMatch(/web\.1 +up for/);
      expect(stdout).toMatch(/web\.2 +crashed \(exit \d+\) \d+s ago/);
      expect(stdout).toMatch(/\n\nweb 1\/2\n$/);
      expect(stdout).not.toContain("clock");
    } finally {
      await container("web.2").start();
    }
  });

  test("has everything for programs, and where it runs and what it uses for people", async () => {
    const { web, processes } = await psJson();
    expect(web).toEqual([2, 2]);
    const { Id, State } = await container("clock.1").inspect();
    expect(processes.find(({ name }) => name === "clock.1")).toMatchObject({
      type: "clock",
      index: 1,
      state: "up",
      host: "local",
      container: Id,
      restarts: 0,
      since: State.StartedAt,
      release: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
    });
    const wide = await run("ps", "--wide", "clock");
    expect(lines(wide)[2]).toMatch(/^clock\.1 .* local +[0-9a-f]{8} +[0-9a-f]{12} +[\d.]+ [KM]iB +\d+% /);
  });

  test("goes on and on, one table after the other in a pipe", async () => {
    const watching = start(["ps", "--watch", "0.2", "web.1"]);
    let text = "";
    watching.child.stdout?.on("data", (chunk) => (text += String(chunk)));
    await eventually(() => text.split("Process").length > 3);
    watching.child.kill();
    await watching.ended;
    expect(text).not.toContain("\x1b");
  });

  test("refuses what there is not, and says what there is", async () => {
    expect(await run("ps", "wrker")).toMatchObject({
      code: 64,
      stdout: "",
      stderr:
        "error: wrker is no process type and no process of this app\nthere are web, worker, clock; a process is named as in web.1\n",
    });
  });

  test("loads nothing that takes long and is not needed", () => {
    const script = `require(process.argv[1]);
      console.log(JSON.stringify(Object.keys(require.cache).map((file) => /node_modules\\/(@[^/]+\\/)?[^/]+/.exec(file)?.[0])))`;
    const command = join(dirname(main), "ps/show.js");
    const out = [command, join(dirname(main), "commands/ps.js")].map((file) =>
      execFileSync(process.execPath, ["-e", script, file], { encoding: "utf8" }),
    );
    const loaded = new Set(out.flatMap((text) => JSON.parse(text) as (string | null)[]));
    expect(loaded).toContain("node_modules/easy-table");
    for (const heavy of ["zod", "yaml", "ajv", "@pulumi/pulumi", "@grpc/grpc-js"])
      expect(loaded).not.toContain(`node_modules/${heavy}`);
  });

  async function psJson() {
    const { stdout } = await run("ps", "--json");
    const {
      formation: wanted,
      running,
      processes,
    } = JSON.parse(stdout) as {
      formation: Record<string, number>;
      running: Record<string, number>;
      processes: { name: string }[];
    };
    return { web: [wanted["web"], running["web"]], processes };
  }
});

describe("logs", () => {
  test("are merged by time, with who scaled what", async () => {
    const { stdout, stderr, code } = await run("logs");
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
    const all = stdout.trimEnd().split("\n");
    for (const line of all)
      expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00 (app|formation)\[[\w.]+\]: /);
    expect(all).toEqual([...all].sort());
    expect(all.filter((line) => / app\[web\.\d\]: web is up$/.test(line)).length).toBeGreaterThanOrEqual(2);
    expect(all.filter((line) => line.includes("Scale"))).toEqual([
      expect.stringMatching(/ formation\[api\]: Scale to web=2, worker=0, clock=1 by adam@example\.com$/),
    ]);
  });

  test("of some processes, the last so many, since a time", async () => {
    const last = await run("logs", "-n", "3", "clock");
    const ticks = lines(last).map((line) => Number(/clock\.1\]: tick (\d+)$/.exec(line)?.[1]));
    expect(ticks).toEqual([ticks[0], ticks[0]! + 1, ticks[0]! + 2]);
    const recent = await run("logs", "--since", "2s", "clock");
    expect(lines(recent).length).toBeLessThan(25);
    expect(await run("logs", "--since", "yesterday")).toMatchObject({ code: 64, stdout: "" });
  });

  test("go on across a replacement, without losing or repeating a line", async () => {
    const following = start(["logs", "-f", "-n", "1"]);
    let text = "";
    following.child.stdout?.on("data", (chunk) => (text += String(chunk)));
    await eventually(() => text.includes("clock.1]: tick"));
    await container("clock.1").remove({ force: true });
    expect(await run("scale", "worker=1")).toMatchObject({ code: 0 });
    await eventually(() => text.includes("clock.1]: tick 3\n") && text.includes("Scale"));
    following.child.kill();
    await following.ended;
    const ticks = [...text.matchAll(/clock\.1\]: tick (\d+)/g)].map(([, tick]) => Number(tick));
    const again = ticks.lastIndexOf(1);
    expect(ticks.slice(0, again)).toEqual(ticks.slice(0, again).map((_, at) => ticks[0]! + at));
    expect(ticks.slice(again)).toEqual(ticks.slice(again).map((_, at) => at + 1));
    expect(text).toMatch(/formation\[api\]: Scale to web=2, worker=1, clock=1 by adam@example\.com/);
  });
});

describe("run", () => {
  async function withInput(input: string, ...args: string[]) {
    const running = start(["run", ...args], "pipe");
    running.child.stdin?.end(input);
    return running.ended;
  }

  async function expectNoneLeft(): Promise<void> {
    await eventually(async () => Object.keys(await app.processes()).every((name) => !name.startsWith("run.")));
  }

  test("has the app's image and env, our input and output, and gives back the exit code", async () => {
    const program = `process.stdin.on("data", (data) => process.stdout.write(process.env.PS + " " + data));
      process.stdin.on("end", () => { console.error(process.argv.slice(1).join()); process.exit(process.env.DATABASE_URL.length) });`;
    expect(await withInput("hello", "--", "node", "-e", program, "--", "a b", "$PS")).toEqual({
      code: SECRET.length,
      stdout: "run.1 hello",
      stderr: "Running run.1 on local\na b,$PS\n",
    });
    await expectNoneLeft();
  });

  test("runs one line in a shell", async () => {
    const { code, stdout } = await withInput("", `echo "$FORMATION_PROCESS $FLAVOUR" | cat; exit 3`);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "run.1 plain\n" });
    expect(await run("run", "echo", "x")).toMatchObject({ code: 125, stdout: "" });
  });

  test("two at once have a number each, ps shows them, and a signal ends them", async () => {
    const program = `console.log("ready"); setInterval(() => {}, 1000)`;
    const both = [1, 2].map(() => start(["run", "--", "node", "-e", program]));
    const names = async () => Object.keys(await app.processes()).filter((name) => name.startsWith("run."));
    await eventually(async () => (await names()).length === 2);
    await eventually(async () => (await run("ps", "run")).stdout.match(/run\.[12] +up for/g)?.length === 2);
    both[0]?.child.kill("SIGINT");
    both[1]?.child.kill("SIGTERM");
    const codes = (await Promise.all(both.map(({ ended }) => ended))).map(({ code }) => code);
    expect(codes).toEqual([130, 143]);
    await expectNoneLeft();
  });

  test("is removed even when we are killed", async () => {
    const running = start(["run", "--", "node", "-e", `process.stdin.resume()`], "pipe");
    await eventually(async () => "run.1" in (await app.processes()));
    await eventually(
      async () =>
        (
          await container("run.1")
            .inspect()
            .catch(() => undefined)
        )?.State.Running === true,
    );
    running.child.kill("SIGKILL");
    await expectNoneLeft();
  });

  test("ends when nobody reads what it writes any more", async () => {
    const running = start(["run", "--", "node", "-e", `setInterval(() => console.log("on and on"), 50)`], "pipe");
    await once(running.child.stdout!, "data");
    running.child.stdout?.destroy();
    await running.ended;
    await expectNoneLeft();
  });

  test("ends when its terminal is closed, though it reads nothing", async () => {
    const inner = `exec ${process.execPath} ${main} run 'echo begun; exec sleep 1000'`;
    const typed = spawn("script", ["-qec", inner, "/dev/null"], { cwd: stack.folder, env: stack.env });
    let text = "";
    typed.stdout.on("data", (chunk) => (text += String(chunk)));
    try {
      await eventually(() => text.includes("begun"));
    } finally {
      // The process's terminal goes with it.
      typed.kill("SIGKILL");
    }
    await expectNoneLeft();
  });

  test("has a terminal where we have one, of the same size, and what is typed goes there", async () => {
    const program = `node -e "setTimeout(() => console.log(process.stdout.getWindowSize()), 1500)"`;
    const inner = `stty cols 91 rows 31; exec ${process.execPath} ${main} run '${program}; read line; echo "got $line"'`;
    const typed = spawn("script", ["-qec", inner, "/dev/null"], { cwd: stack.folder, env: stack.env });
    let [text, isOver] = ["", false];
    typed.stdout.on("data", (chunk) => (text += String(chunk)));
    typed.once("close", () => (isOver = true));
    try {
      await eventually(() => /91.*31/.test(text));
      typed.stdin.write("hello\r");
      await eventually(() => text.includes("got hello"));
      await eventually(() => isOver);
    } finally {
      typed.kill();
    }
    await expectNoneLeft();
  });
});

describe("wait", () => {
  test("returns when every process is ready", async () => {
    expect(await run("wait")).toEqual({ code: 0, stdout: "4/4\n", stderr: "" });
  });

  test("says what is missing when the time is over", async () => {
    await container("web.2").pause();
    try {
      expect(await run("wait", "--timeout", "1s")).toEqual({
        code: 1,
        stdout: "3/4  web.2 paused\n",
        stderr: "error: not ready after 1 s:\nweb.2: paused\nsee formation logs web.2\n",
      });
    } finally {
      await container("web.2").unpause();
    }
  });

  test("goes on as soon as what was missing is there", async () => {
    await container("clock.1").stop({ t: 0 });
    const waiting = start(["wait"]);
    let text = "";
    waiting.child.stdout?.on("data", (chunk) => (text += String(chunk)));
    await eventually(() => text.startsWith("3/4  clock.1 crashed"));
    await container("clock.1").start();
    expect(await waiting.ended).toEqual({ code: 0, stdout: expect.stringMatching(/\n4\/4\n$/) as string, stderr: "" });
  });
});
