import type { Properties } from "../../../provider/core/record/properties";
import { resourceLog } from "../../../provider/pulumi/resource-log";
import { Pulumi, runningIn } from "../../support/fake/pulumi";
import { Town, type Ending, type Weather } from "../../support/fake/town";
import type { Fate } from "../../support/fake/wire";

// An update records everything that it has done, and its messages are true.

const program = (command: string, more: Properties = {}): Properties => ({
  app: "shop",
  image: "shop:1",
  processes: { web: { command } },
  scale: { web: 2 },
  update: { monitor: 0 },
  hosts: ["a", "b"].map((name) => ({ name, host: `unix:///${name}` })),
  ...more,
});

function inTown(): Pulumi {
  const town = new Town(["a", "b"]);
  for (const engine of town.engines.values()) engine.images.set("shop:1", "id1");
  return new Pulumi(town);
}
const engineOf = ({ town }: Pulumi, name: string) => town.engines.get(name)!;
const reasonsOf = (ending: Ending) => (ending.kind === "partial" ? ending.reasons.join("\n") : ending.kind);
const logOf = ({ state }: Pulumi) => (state["log"] as string[]).at(-1);

test("an actor that cannot be found costs nothing", async () => {
  const pulumi = inTown();
  pulumi.resource = { actor: () => Promise.reject(new Error("ENOENT")) };
  expect((await pulumi.up(program("run"))).kind).toBe("done");
  expect(logOf(pulumi)).toMatch(/Scale to web=2 by unknown$/);
});

test.each<[Fate, RegExp]>([
  ["halved", /^image shop:2 is not on a and cannot be pulled: .*no space left on device/],
  ["bare", /^image shop:2 is not on a, although its pull ended without an error/],
])("an image that a pull does not bring (%s) stops nothing", async (fate, why) => {
  const pulumi = inTown();
  const clock = { processes: { clock: { command: "run" } }, scale: { clock: 1 } };
  await pulumi.up(program("", clock));
  for (const engine of pulumi.town.engines.values()) engine.registry.set("shop:2", "id2");
  const before = pulumi.town.history.happenings.length;
  const release = program("", { ...clock, image: "shop:2" });
  const ending = await pulumi.up(release, { fate: ({ what }) => (what === "pull" ? fate : "answered") });
  expect(ending).toMatchObject({ kind: "refused", why: expect.stringMatching(why) as string });
  expect(pulumi.town.history.happenings.length).toBe(before);
  expect((await pulumi.up(release)).kind).toBe("done");
  expect(await pulumi.preview(release)).toBeUndefined();
});

test("a message that cannot be sent fails nothing", () => {
  // No client can be made for this address.
  expect(() => resourceLog("urn", "")("hello")).not.toThrow();
});

test("a last look that fails: what may be there is recorded, in a state that nobody knows, and the next up finishes", async () => {
  const pulumi = inTown();
  await pulumi.up(program("run"));
  let isStarted = false;
  const broken: Weather = {
    fate: ({ what }) => {
      isStarted ||= what === "start";
      if (isStarted && what === "observe")
        engineOf(pulumi, "a").order = () => {
          throw new Error("500: out of order");
        };
      return "answered";
    },
  };
  const ending = await pulumi.up(program("run", { scale: { web: 3 } }), broken);
  expect(reasonsOf(ending)).toBe("what runs now could not be looked at: 500: out of order");
  const instances = pulumi.state["instances"] as { name: string; host: string; state: string }[];
  expect(instances.map(({ name, host, state }) => `${name} ${host} ${state}`).sort()).toEqual([
    "web.1 a unknown",
    "web.2 b unknown",
    "web.3 a unknown",
  ]);
  expect(pulumi.state["running"]).toEqual({ web: 0 });
  expect(logOf(pulumi)).toMatch(/Scale to web=3 by adam@example.com$/);
  engineOf(pulumi, "a").order = (boxes) => boxes;
  expect((await pulumi.up(program("run", { scale: { web: 3 } }))).kind).toBe("done");
  expect(runningIn(pulumi.town)).toHaveLength(3);
});

test("a time that is none, of a container or in the state, costs no record", async () => {
  const pulumi = inTown();
  await pulumi.up(program("run"));
  const instances = (pulumi.state["instances"] as object[]).map((one) => ({ ...one, since: "yesterday" }));
  pulumi.state = { ...pulumi.state, instances };
  engineOf(pulumi, "b").isReachable = false;
  const ending = await pulumi.up(program("run", { scale: { web: 3 } }));
  expect(ending.kind).toBe("partial");
  expect(pulumi.state["instances"]).toHaveLength(3);
});

/** Lets no call to b through once its new process has been started. */
function freezing(pulumi: Pulumi): Weather {
  let isFrozen = false;
  return {
    fate: ({ host, what }): Fate => {
      if (host === "b" && what === "start") isFrozen = true;
      const isLost = isFrozen && host === "b" && what !== "start";
      if (isLost) engineOf(pulumi, "b").isReachable = false;
      return "answered";
    },
  };
}

test("a host that is frozen in a release: what was put back, and how many changes failed, is told as it is", async () => {
  const pulumi = inTown();
  const more = { scale: { web: 4 }, update: { monitor: 1, parallelism: 4 } };
  await pulumi.up(program("run", more));
  const ending = await pulumi.up(program("run 2", more), freezing(pulumi));
  const told = reasonsOf(ending);
  expect(told).toMatch(/^web\.1, web\.3: put back as before; mend the cause, then run up again$/m);
  expect(told).not.toMatch(/^web\.[24].*put back as before/m);
  expect(logOf(pulumi)).toMatch(
    /^\S+ formation\[api\]: Release \w+ to web=4 by adam@example.com \(failed, put back in part: 2 of 4 changes failed, 2 put back\)$/,
  );
  engineOf(pulumi, "b").isReachable = true;
  expect((await pulumi.up(program("run 2", more))).kind).toBe("done");
});

test("a release of one process that is put back is told, as every other", async () => {
  const pulumi = inTown();
  await pulumi.up(program("run", { scale: { web: 1 } }));
  const ending = await pulumi.up(program("exit 3", { scale: { web: 1 }, update: { monitor: 1 } }));
  expect(reasonsOf(ending)).toMatch(/^web\.1 on a: replace failed: exited with code 3/);
  expect(logOf(pulumi)).toMatch(/Release \w+ to web=1 by .* \(failed, the former release was put back\)$/);
});

test("a predecessor that cannot be removed counts once, and its successor is not said to have failed", async () => {
  const pulumi = inTown();
  await pulumi.up(program("run"));
  const ending = await pulumi.up(program("run 2"), {
    fate: ({ what, host }) => (what === "remove" && host === "a" ? "lost" : "answered"),
  });
  expect(reasonsOf(ending)).toMatch(/^web\.1 on a: its predecessor could not be removed: cannot reach a/);
  expect(logOf(pulumi)).toMatch(/\(incomplete: 1 of 2 changes failed\)$/);
});
