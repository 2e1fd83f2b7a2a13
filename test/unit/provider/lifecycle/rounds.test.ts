import type { Properties } from "../../../../provider/core/record/properties";
import { RUNS } from "../../../support/fake/behaviour";
import type { FakeEngine } from "../../../support/fake/engine";
import { Pulumi, runningIn } from "../../../support/fake/pulumi";
import { Town } from "../../../support/fake/town";
import type { Call } from "../../../support/fake/wire";

// A change between an observation and a step leads to a new observation; none of that ever makes a second singleton.

const program = (quantities: Properties, version = 1, more: Properties = {}): Properties => ({
  app: "shop",
  image: "shop:1",
  hosts: [{ name: "a", host: "unix:///a" }],
  processes: {
    web: { command: `run v${version}` },
    clock: { command: `run v${version}` },
  },
  scale: { web: 0, clock: 0, ...quantities },
  update: { monitor: 1 },
  ...more,
});

const ENDS: Readonly<Record<string, { readonly after: number; readonly code: number }>> = {
  migrate: { after: 0.1, code: 0 },
  bad: { after: 0.1, code: 4 },
};

/** Deploys a formation on one engine. */
async function inTown(first: Properties) {
  const script = (words: string) => ({
    ...RUNS,
    end: ENDS[words] ?? ("never" as const),
  });
  const town = new Town(["a"], script);
  const engine = town.engines.get("a")!;
  engine.images.set("shop:1", "id1");
  const pulumi = new Pulumi(town);
  expect(await pulumi.up(first)).toMatchObject({ kind: "done" });
  return { pulumi, town, engine };
}

const box = (engine: FakeEngine, name: string) => engine.boxes().find((one) => one.name === `shop.${name}`);

interface Row {
  readonly step: string;
  readonly what: string;
  readonly from: Properties;
  readonly to: Properties;
  /** Brings the first process into the state in which the update finds it. */
  readonly before?: (engine: FakeEngine) => void;
  /** Picks the calls before which something happens. */
  readonly at: (call: Call, engine: FakeEngine) => boolean;
  readonly happens: (engine: FakeEngine) => void;
  readonly end: readonly string[];
  /** Pattern of the update's line in the log. */
  readonly log: RegExp;
}

const first = (what: string) => (call: Call) => call.what === what;
const removed = (name: string) => (engine: FakeEngine) => engine.remove(box(engine, name)!.id, "by force");
const web = program({ web: 1 });
const clock = program({ clock: 1 });
const webRuns = (version: number) => [`shop.web.1 on a: run v${version}`];
const clockRuns = (version: number) => [`shop.clock.1 on a: run v${version}`];
const ended = (engine: FakeEngine) => {
  for (const one of engine.boxes()) {
    one.policy = "no";
    engine.crash(one.id, 1);
  }
};
/** Starts a container as the engine would for an update that has given up. */
const started = (name: string) => (engine: FakeEngine) => engine.start(box(engine, name)!.id);

const rows: readonly Row[] = [
  {
    step: "rename",
    what: "what is to be renamed is gone",
    from: web,
    to: program({ web: 1 }, 2),
    at: first("rename"),
    happens: removed("web.1"),
    end: webRuns(2),
    log: /Release \w+ to web=1/,
  },
  {
    step: "rename",
    what: "the name is taken by one of ours",
    from: web,
    to: program({ web: 1 }, 2),
    at: first("rename"),
    happens: (engine) => {
      const { options } = box(engine, "web.1")!;
      engine.create({ ...options, name: "shop.web.1.old" });
    },
    end: webRuns(2),
    log: /Release \w+ to web=1/,
  },
  {
    step: "park",
    what: "what is to be stopped is gone",
    from: clock,
    to: program({ clock: 1 }, 2),
    at: first("stop"),
    happens: removed("clock.1"),
    end: clockRuns(2),
    log: /Release \w+ to web=0, clock=1/,
  },
  {
    step: "park",
    what: "what is stopped is gone",
    from: clock,
    to: program({ clock: 1 }, 2),
    at: first("update"),
    happens: removed("clock.1"),
    end: clockRuns(2),
    log: /Release \w+ to web=0, clock=1/,
  },
  {
    step: "run",
    what: "what was created is gone",
    from: web,
    to: program({ web: 2 }),
    at: first("start"),
    happens: removed("web.2"),
    log: /Scale to web=2/,
    end: [...webRuns(1), "shop.web.2 on a: run v1"],
  },
  {
    step: "run",
    what: "its name is taken by one of ours",
    from: program({ web: 1 }),
    to: program({ web: 2 }),
    at: first("create"),
    happens: (engine) => engine.rename(box(engine, "web.1")!.id, "shop.web.2"),
    end: [...webRuns(1), "shop.web.2 on a: run v1"],
    log: /Scale to web=2/,
  },
  {
    step: "ready",
    what: "what is waited for is gone",
    from: web,
    to: program({ web: 2 }),
    at: first("inspect"),
    happens: removed("web.2"),
    log: /Scale to web=2/,
    end: [...webRuns(1), "shop.web.2 on a: run v1"],
  },
  {
    step: "ready",
    what: "a successor is gone",
    from: clock,
    to: program({ clock: 1 }, 2),
    at: first("inspect"),
    happens: removed("clock.1"),
    log: /Release \w+ to web=0, clock=1/,
    end: clockRuns(2),
  },
  {
    step: "ready",
    what: "what is waited for has another name",
    from: web,
    to: program({ web: 2 }),
    at: first("inspect"),
    happens: (engine) => engine.rename(box(engine, "web.2")!.id, "odd"),
    end: [...webRuns(1), "shop.web.2 on a: run v1"],
    log: /Scale to web=2/,
  },
  {
    step: "start",
    what: "what is to be started is gone",
    from: clock,
    to: clock,
    before: ended,
    at: first("update"),
    happens: removed("clock.1"),
    end: clockRuns(1),
    log: /Repair clock.1/,
  },
  {
    step: "unpause",
    what: "what is to go on has ended",
    from: clock,
    to: clock,
    before: (engine) => engine.pause(box(engine, "clock.1")!.id),
    at: first("unpause"),
    happens: (engine) => {
      engine.unpause(box(engine, "clock.1")!.id);
      ended(engine);
    },
    end: clockRuns(1),
    log: /Repair clock.1/,
  },
  {
    step: "remove",
    what: "what was stopped runs again",
    from: program({ web: 2 }),
    to: web,
    at: first("remove"),
    happens: started("web.2"),
    end: webRuns(1),
    log: /Scale to web=1/,
  },
  {
    step: "remove",
    what: "the predecessor runs again",
    from: web,
    to: program({ web: 1 }, 2),
    at: first("remove"),
    happens: started("web.1.old"),
    end: webRuns(2),
    log: /Release \w+ to web=1/,
  },
  {
    step: "once",
    what: "its name is taken by one of ours",
    from: clock,
    to: program({ clock: 1 }, 2, { procfile: "release: migrate" }),
    at: first("create"),
    happens: (engine) => {
      const { options } = box(engine, "clock.1")!;
      const Labels = { ...options.Labels, "formation.type": "release" };
      engine.create({ ...options, Labels, name: "shop.release.1" });
    },
    end: clockRuns(2),
    log: /Release \w+ to web=0, clock=1/,
  },
];

test.each(rows)("$step: $what", async ({ from, to, before, at, happens, end, log }) => {
  const { pulumi, town, engine } = await inTown(from);
  before?.(engine);
  const mark = town.history.happenings.length;
  let [times, looks] = [0, 0];
  const ending = await pulumi.up(to, {
    fate: (call) => {
      if (call.what === "observe") looks++;
      // The first observation, which asks whether another update is under way, does not count.
      if (looks > 0 && times === 0 && at(call, engine)) {
        times++;
        happens(engine);
      }
      return "answered";
    },
  });
  expect(times).toBe(1);
  expect(ending).toMatchObject({ kind: "done" });
  expect(runningIn(town)).toEqual(end);
  expect(engine.boxes()).toHaveLength(end.length);
  expect(town.history.overlaps(mark, (one) => (one.singleton ? one.type : ""))).toEqual([]);
  const lines = (pulumi.state["log"] as string[]).slice(1);
  expect(lines).toEqual([expect.stringMatching(log)]);
  expect(lines[0]).not.toMatch(/incomplete|failed/);
  expect(await pulumi.preview(to)).toBeUndefined();
});

/** @returns also the number of creates */
async function upWhile(meddle: (call: Call, engine: FakeEngine) => void, to: Properties, from = web) {
  const { pulumi, town, engine } = await inTown(from);
  let creations = 0;
  const ending = await pulumi.up(to, {
    fate: (call) => {
      if (call.what === "create") creations++;
      meddle(call, engine);
      return "answered";
    },
  });
  return { pulumi, town, engine, ending, creations };
}

test("what changes the world again and again has the last word, and is named", async () => {
  const meddle = ({ what }: Call, engine: FakeEngine) => {
    if (what === "start") removed("web.2")(engine);
  };
  const { ending, creations, town, pulumi } = await upWhile(meddle, program({ web: 2 }));
  expect(ending).toMatchObject({
    kind: "partial",
    reasons: [expect.stringMatching(/^web.2 on a: create failed: a: No such container/)],
  });
  expect(creations).toBe(3);
  expect(runningIn(town)).toEqual(webRuns(1));
  expect((pulumi.state["log"] as string[]).at(-1)).toMatch(
    /Scale to web=2, clock=0 by .* \(incomplete: 1 of 1 changes/,
  );
});

test("what fails in the world that was planned for fails at once", async () => {
  const meddle = ({ what }: Call, engine: FakeEngine) => {
    if (what === "create") engine.images.clear();
  };
  const { ending, creations } = await upWhile(meddle, program({ web: 1 }, 2));
  expect(ending).toMatchObject({
    kind: "partial",
    reasons: [expect.stringMatching(/No such image/)],
  });
  expect(creations).toBe(1);
});

test("another failure beside it is reason enough to leave the rest to the next update", async () => {
  const bad = program({ web: 1, clock: 1 }, 2);
  const processes = { web: { command: "bad" }, clock: { command: "run v2" } };
  const meddle = ({ what }: Call, engine: FakeEngine) => {
    if (what === "stop" && box(engine, "clock.1") !== undefined) removed("clock.1")(engine);
  };
  const { ending, engine } = await upWhile(meddle, { ...bad, processes }, program({ web: 1, clock: 1 }));
  expect(ending).toMatchObject({ kind: "partial" });
  expect(engine.boxes().filter(({ name }) => name.startsWith("shop.clock"))).toEqual([]);
});

test("a release command that has run is not run again", async () => {
  const to = program({ web: 1 }, 2, { procfile: "release: migrate" });
  let isGone = false;
  const meddle = ({ what }: Call, engine: FakeEngine) => {
    if (what !== "rename" || isGone) return;
    isGone = true;
    removed("web.1")(engine);
  };
  const { ending, town } = await upWhile(meddle, to);
  expect(ending).toMatchObject({ kind: "done" });
  expect(town.history.happenings.filter(({ event, type }) => event === "start" && type === "release")).toHaveLength(1);
});

test("a destroy ends what was started again while it was ended", async () => {
  const { pulumi, engine } = await inTown(program({ web: 1, clock: 1 }));
  let times = 0;
  const ending = await pulumi.destroy({
    fate: ({ what }) => {
      if (what === "remove" && times++ === 0) for (const one of engine.boxes()) engine.start(one.id);
      return "answered";
    },
  });
  expect(ending).toMatchObject({ kind: "done" });
  expect(engine.boxes()).toEqual([]);
});
