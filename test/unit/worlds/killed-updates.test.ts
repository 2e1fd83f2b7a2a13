import type { Properties } from "../../../provider/core/record/properties";
import { Pulumi, runningIn } from "../../support/fake/pulumi";
import { Town, type Ending, type Weather } from "../../support/fake/town";

// An update that was killed is noticed by the next one, whatever program that has.

const program = (hosts: readonly string[], more: Properties = {}): Properties => ({
  app: "shop",
  image: "shop:1",
  processes: { clock: { command: "run" } },
  scale: { clock: 1 },
  update: { monitor: 1 },
  hosts: hosts.map((name) => ({ name, host: `unix:///${name}` })),
  ...more,
});

function inTown(): Pulumi {
  const town = new Town(["a", "b", "c"]);
  for (const engine of town.engines.values()) engine.images.set("shop:1", "id1");
  return new Pulumi(town);
}

const whyOf = (ending: Ending) => (ending.kind === "refused" ? ending.why : ending.kind);

/** Kills the provider once it has asked for a process to be started. */
const killed: Weather = { fate: ({ what }) => (what === "start" ? "killed" : "answered") };

describe("a first up that was killed", () => {
  test("on two hosts, is gone on with on one of them", async () => {
    const pulumi = inTown();
    expect(await pulumi.up(program(["a", "b"]), killed)).toEqual({ kind: "killed" });
    expect(runningIn(pulumi.town)).toEqual(["shop.clock.1 on a: run"]);
    expect((await pulumi.up(program(["b"]))).kind).toBe("done");
    expect(runningIn(pulumi.town)).toEqual(["shop.clock.1 on b: run"]);
  });

  test("is gone on with also where the name is taken over of a formation that has left no more than a claim", async () => {
    const town = inTown().town;
    const [first, second] = ["front", "back"].map((name) => new Pulumi(town, { name, urn: `urn:${name}` }));
    await first!.up(program(["a"], { app: "store" }));
    const identity = String(first!.state["__identity"]);
    const a = town.engines.get("a")!;
    const left = [...a.claims];
    await first!.destroy();
    a.claims = left;
    await second!.up(program(["a"]), killed);
    expect((await second!.up(program(["a"], { app: "store", takeOver: identity }))).kind).toBe("done");
    expect(runningIn(town)).toEqual(["store.clock.1 on a: run"]);
  });

  test("waits for a host that it had begun to use, where nothing else tells of its processes", async () => {
    const pulumi = inTown();
    const [a, b] = ["a", "b"].map((name) => pulumi.town.engines.get(name)!);
    await pulumi.up(program(["b", "a"]), killed);
    expect(runningIn(pulumi.town)).toEqual(["shop.clock.1 on b: run"]);
    b!.isReachable = false;
    const words = /cannot reach b.*first up that died.*abandoned\[0\]' unix:\/\/\/b/;
    expect(whyOf(await pulumi.up(program(["a"])))).toMatch(words);
    expect(a!.boxes()).toEqual([]);
    b!.isReachable = true;
    expect((await pulumi.up(program(["a"]))).kind).toBe("done");
    expect(runningIn(pulumi.town)).toEqual(["shop.clock.1 on a: run"]);
  });

  test("is gone on with under another name of the app", async () => {
    const pulumi = inTown();
    await pulumi.up(program(["a"]), killed);
    expect((await pulumi.up(program(["a"], { app: "store" }))).kind).toBe("done");
    expect(runningIn(pulumi.town)).toEqual(["store.clock.1 on a: run"]);
    await pulumi.destroy();
    expect(pulumi.town.engines.get("a")!.claims).toEqual([]);
  });
});

test("an update that has ended, but was not recorded, leaves a sign of the host that it moved to", async () => {
  const pulumi = inTown();
  await pulumi.up(program(["a"]));
  const { state } = pulumi;
  expect((await pulumi.up(program(["b"]))).kind).toBe("done");
  const recorded = pulumi.state;
  pulumi.state = state;
  expect((await pulumi.up(program(["c"]))).kind).toBe("done");
  expect(runningIn(pulumi.town)).toEqual(["shop.clock.1 on c: run"]);

  // The next update removes the claim; a host that is switched off by then does not hold it up.
  expect(recorded["__former"]).toEqual([expect.objectContaining({ host: "unix:///a", left: true })]);
  for (const isReachable of [true, false]) {
    const other = inTown();
    await other.up(program(["a"]));
    await other.up(program(["b"]));
    other.town.engines.get("a")!.isReachable = isReachable;
    expect(await other.preview(program(["b"]))).toBeUndefined();
    expect((await other.up(program(["b"], { env: { RELEASE: "2" } }))).kind).toBe("done");
    expect(other.state["__former"]).toEqual([]);
    expect(other.town.engines.get("a")!.claims).toHaveLength(isReachable ? 0 : 1);
  }
});
test("a first up that was killed, and of the next one any call to its host fails: nothing of it is forgotten", async () => {
  const store = program(["a", "b"], { app: "store" });
  // Before its 18th call the update only waits to learn what became of the first one.
  for (let at = 18; at <= 40; at++) {
    const pulumi = inTown();
    await pulumi.up(program(["a", "b"]), killed);
    await pulumi.up(store, { fate: ({ number }) => (number === at ? "lost" : "answered") });
    expect((await pulumi.up(store)).kind).toBe("done");
    expect([at, ...runningIn(pulumi.town)]).toEqual([at, "store.clock.1 on a: run"]);
  }
}, 60_000);

describe("an update that was killed, and the program is set back", () => {
  const old = program(["a"]);
  test.each([
    ["it moved everything to another host", program(["b"])],
    ["it moved everything to another host, and renamed the app", program(["b"], { app: "store" })],
    ["it added a host", program(["b", "a"])],
    ["it renamed the app", program(["a"], { app: "store" })],
  ])("%s", async (_, next) => {
    const pulumi = inTown();
    await pulumi.up(old);
    await pulumi.up(next, killed);
    expect((await pulumi.up(old)).kind).toBe("done");
    expect(runningIn(pulumi.town)).toEqual(["shop.clock.1 on a: run"]);
    expect(await pulumi.preview(old)).toBeUndefined();
  });

  test("it moved a process back to a host that the formation had left", async () => {
    const pulumi = inTown();
    await pulumi.up(program(["b"]));
    await pulumi.up(old);
    await pulumi.up(program(["b"]), killed);
    expect((await pulumi.up(old)).kind).toBe("done");
    expect(runningIn(pulumi.town)).toEqual(["shop.clock.1 on a: run"]);
  });

  test("and the formation destroyed while the other host is out of reach, says so and can be destroyed later", async () => {
    const pulumi = inTown();
    await pulumi.up(old);
    await pulumi.up(program(["b"]), killed);
    pulumi.town.engines.get("b")!.isReachable = false;
    expect(whyOf(await pulumi.destroy())).toContain("cannot reach b");
    pulumi.town.engines.get("b")!.isReachable = true;
    expect((await pulumi.destroy()).kind).toBe("done");
    expect(runningIn(pulumi.town)).toEqual([]);
    expect([...pulumi.town.engines.values()].flatMap(({ claims }) => claims)).toEqual([]);
  });

  test("a host to which nothing was to be brought keeps no claim that says that the app is there", async () => {
    const none = { scale: { clock: 0 } };
    const pulumi = inTown();
    await pulumi.up(program(["a"], none));
    await pulumi.up(program(["b"], none), { fate: ({ what }) => (what === "claim" ? "killed" : "answered") });
    expect((await pulumi.up(program(["a"], none))).kind).toBe("done");
    expect(pulumi.town.engines.get("b")!.claims.filter(({ begun }) => begun === undefined)).toEqual([]);
  });

  test("of a formation whose engine has no claim of it, because version 0.1 made it", async () => {
    const pulumi = inTown();
    await pulumi.up(old);
    pulumi.town.engines.get("a")!.claims = [];
    await pulumi.up(program(["b"]), killed);
    await pulumi.up(old);
    expect(runningIn(pulumi.town)).toEqual(["shop.clock.1 on a: run"]);
  });
});

test("a formation whose state was lost after a killed renaming of its app is taken over with what runs under either name", async () => {
  const pulumi = inTown();
  const idle = program(["a"], { scale: { clock: 0 } });
  await pulumi.up(idle);
  await pulumi.up(program(["a"], { app: "store" }), killed);
  pulumi.state = {};
  const refused = await pulumi.up(program(["a"]));
  expect(refused).toMatchObject({ kind: "refused", why: expect.stringMatching(/takeOver/) as string });
  const [takeOver] = /[0-9a-f]{16}/.exec(JSON.stringify(refused)) ?? [];
  expect((await pulumi.up(program(["a"], { takeOver }))).kind).toBe("done");
  expect(runningIn(pulumi.town)).toEqual(["shop.clock.1 on a: run"]);
});
