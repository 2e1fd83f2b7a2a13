import { crashLoops } from "../../../provider/orchestrators/docker/container/crash-loops";
import type { ContainerInfo } from "dockerode";
import type { Properties } from "../../../provider/core/record/properties";
import { RUNS } from "../../support/fake/behaviour";
import { commandOf, type Box, type FakeEngine } from "../../support/fake/engine";
import { Pulumi } from "../../support/fake/pulumi";
import { Town } from "../../support/fake/town";

// A formation becomes what is asked for, whatever state its containers are in; test/engine/states.test.ts asks engines.

const STATES: Readonly<Record<Box["state"], (engine: FakeEngine, box: Box) => void>> = {
  created: (_, box) => (box.state = "created"),
  running: () => undefined,
  paused: (engine, { id }) => engine.pause(id),
  restarting: (engine, box) => {
    box.restarts = 12;
    engine.crash(box.id, 3);
  },
  exited: (engine, box) => {
    box.policy = "no";
    engine.crash(box.id, 3);
  },
  dead: (_, box) => (box.state = "dead"),
  removing: (_, box) => (box.state = "removing"),
};
const states = Object.keys(STATES) as Box["state"][];

const program = (quantity: number, more: Properties = {}): Properties => ({
  app: "shop",
  image: "shop:1",
  hosts: [{ name: "a", host: "unix:///a" }],
  processes: { web: { command: "run v1" } },
  scale: { web: quantity },
  update: { monitor: 1 },
  ...more,
});
const stopFirst = (quantity: number, more: Properties = {}) =>
  program(quantity, { update: { monitor: 1, order: "stop-first" }, ...more });
const command = (words: string) => ({ processes: { web: { command: words } } });

/** Deploys a formation of a number of processes, all in one state. */
async function allIn(state: Box["state"], declared: Properties) {
  const script = (words: string) => ({ ...RUNS, end: words === "bad" ? { after: 0.1, code: 4 } : ("never" as const) });
  const town = new Town(["a"], script);
  const engine = town.engines.get("a")!;
  engine.images.set("shop:1", "id1");
  const pulumi = new Pulumi(town);
  await pulumi.up(declared);
  for (const box of engine.boxes()) STATES[state](engine, box);
  const seen = () => engine.boxes().map((box) => `${box.name} ${box.state} ${commandOf(box.options)}`);
  return { pulumi, engine, seen };
}

interface Row {
  readonly operation: string;
  readonly from: Properties;
  readonly to: Properties;
  readonly end: readonly string[];
}

const v1 = (index: number) => `shop.web.${index} running run v1`;
const v2 = (index: number) => `shop.web.${index} running run v2`;
const rows: readonly Row[] = [
  { operation: "a release", from: program(2), to: program(2, command("run v2")), end: [v2(1), v2(2)] },
  { operation: "a release, stop first", from: stopFirst(1), to: stopFirst(1, command("run v2")), end: [v2(1)] },
  { operation: "a restart", from: program(1), to: program(1, { restartedAt: { web: "now" } }), end: [v1(1)] },
  { operation: "scaling down", from: program(2), to: program(1), end: [v1(1)] },
  { operation: "scaling up", from: program(1), to: program(2), end: [v1(1), v1(2)] },
];
const table = states.flatMap((state) => rows.map((row) => ({ state, ...row })));

test.each(table)("$operation of what is $state", async ({ state, from, to, end }) => {
  const { pulumi, seen } = await allIn(state, from);
  expect(await pulumi.up(to)).toMatchObject({ kind: "done" });
  expect(seen().sort()).toEqual(end);
  expect(await pulumi.preview(to)).toBeUndefined();
});

test.each(states)("a failed release of what is %s is put back, and the next one goes through", async (state) => {
  const { pulumi, seen } = await allIn(state, program(1));
  const ending = await pulumi.up(program(1, command("bad")));
  expect(ending).toMatchObject({
    kind: "partial",
    reasons: [expect.stringMatching(/^web.1 on a: replace failed: exited/)],
  });
  expect(seen().map((line) => line.replace("restarting", "running"))).toEqual(
    state === "dead" || state === "removing" ? [] : [v1(1)],
  );
  const next = program(1, command("run v2"));
  expect(await pulumi.up(next)).toMatchObject({ kind: "done" });
  expect(seen()).toEqual([v2(1)]);
});

test("a process that crashes while a release that fails is under way does not keep the new one there", async () => {
  const { pulumi, engine, seen } = await allIn("running", program(1));
  const [old] = engine.boxes();
  old!.restarts = 12;
  const crash = () => engine.crash(old!.id, 3);
  // The predecessor crashes when its successor is created.
  const fate = ({ what }: { readonly what: string }) => (what === "create" && crash(), "answered" as const);
  expect(await pulumi.up(program(1, command("bad")), { fate })).toMatchObject({ kind: "partial" });
  expect(seen()).toEqual([expect.stringMatching(/^shop.web.1 (running|restarting) run v1$/)]);
});

describe("a crash loop shows whenever it is looked at", () => {
  test("also at a moment at which it runs", async () => {
    const { pulumi, engine } = await allIn("running", program(1));
    const [box] = engine.boxes();
    await pulumi.town.clock.sleep(100);
    expect(await pulumi.preview(program(1))).toBeUndefined();
    box!.startedAt = pulumi.town.clock.now();
    box!.restarts = 5;
    expect(await pulumi.preview(program(1))).toMatch(/web.1 +replace on a +crash loop/);
  });

  const seen = (State: string, Status: string): ContainerInfo => ({
    ...({ Id: `${State} ${Status}`, State, Status } as ContainerInfo),
  });
  test.each<[string, ContainerInfo, number | undefined, boolean]>([
    ["was started again twice", seen("running", "Up 3 seconds"), 2, true],
    ["is healthy at the moment", seen("running", "Up 3 seconds (healthy)"), 2, true],
    ["has just begun", seen("running", "Up Less than a second"), 9, true],
    ["was started again once", seen("running", "Up 3 seconds"), 1, false],
    ["was started by hand, or for the first time", seen("running", "Up 3 seconds"), 0, false],
    ["has come up for good", seen("running", "Up 10 seconds"), 9, false],
    ["has come up long ago", seen("running", "Up About a minute"), 9, false],
    ["is paused between two crashes", seen("paused", "Up 3 seconds (Paused)"), 9, true],
    ["was paused when it had come up for good", seen("paused", "Up 2 minutes (Paused)"), 9, false],
    ["waits for its next start", seen("restarting", "Restarting (3) 3 seconds ago"), 9, false],
    ["is gone meanwhile", seen("running", "Up 3 seconds"), undefined, false],
  ])("one that %s", (_, info, RestartCount, isLoop) => {
    const full = RestartCount === undefined ? [undefined] : [{ RestartCount }];
    expect([...crashLoops([info], full)]).toEqual(isLoop ? [info.Id] : []);
  });
});
