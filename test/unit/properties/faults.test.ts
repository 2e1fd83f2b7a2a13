import fc from "fast-check";
import type { Seconds } from "../../../provider/core/values/units";
import { ANYTHING, scenes, type Scene, type TypeName } from "../../support/fake/scene";
import { Trial } from "../../support/fake/trial";
import { lulls, misdeeds, shortcomings, untruths } from "../../support/fake/verdict";
import { ACTS, FAULTS, LOOKS, type Call, type Fate, type Kind } from "../../support/fake/wire";
import { holds } from "../../support/holds";

/** Longer than any update takes, however many of its calls fail. */
const TOO_LONG: Seconds = 3600;
const NO_PLACE = /finds? no place/;

/** Without further faults, the next update does everything that is left. */
async function expectToConverge(trial: Trial, scene: Scene): Promise<void> {
  trial.heal();
  const ending = await trial.up();
  expect(misdeeds(trial, scene)).toEqual([]);
  if (ending.kind === "refused") return expect(ending.why).toMatch(NO_PLACE);
  expect(ending).toMatchObject({ kind: "done" });
  expect(await shortcomings(trial)).toEqual([]);
}

test("wherever the provider is killed and whatever the engines do then, the next up finishes", async () => {
  const kills = fc.record({
    scene: scenes(ANYTHING),
    at: fc.integer({ min: 1, max: 100 }),
    isRestarted: fc.boolean(),
    isReverted: fc.boolean(),
  });
  await holds(kills, async ({ scene, at, isRestarted, isReverted }) => {
    const trial = await Trial.of(scene);
    await trial.up({ fate: ({ number }) => (number === at ? "killed" : "answered") });
    if (isRestarted) for (const engine of trial.town.engines.values()) engine.restart();
    // The former quantity of a type with one process per host may need more hosts than there are now.
    if (isReverted && (scene.before.quantities.api ?? 0) <= scene.after.hosts.length) trial.revert();
    await expectToConverge(trial, scene);
    // An engine that goes down takes its processes with it, so fewer serve for a while.
    if (!isRestarted && !isReverted) expect(lulls(trial, scene)).toEqual([]);
  });
});

const program = (quantities: Partial<Record<TypeName, number>>, command: string, hosts: readonly string[]) => ({
  quantities,
  hosts,
  image: "shop:1",
  commands: { web: command, worker: command, mailer: command, clock: command, api: command },
});
const all = { web: 3, worker: 2, mailer: 2, clock: 1 };
const rest: Omit<Scene, "before" | "after" | "hosts"> = {
  disturbances: [],
  isRebuilt: false,
  isPrepared: true,
  lacking: [],
  failureAction: "rollback",
  seed: 1,
  placement: { ssd: [], isPicky: false, most: {}, isRebalanced: false },
};
test.each<[string, Scene]>([
  [
    "a release",
    {
      ...rest,
      before: program(all, "run v1", ["a", "b"]),
      after: program(all, "run v2", ["a", "b"]),
      hosts: { a: "fine", b: "fine" },
    },
  ],
  [
    "a host emptied",
    {
      ...rest,
      before: program(all, "run v1", ["a", "b"]),
      after: program(all, "run v1", ["b", "c"]),
      hosts: { a: "former", b: "fine", c: "new" },
    },
  ],
  [
    "a bad release taken back",
    {
      ...rest,
      before: program(all, "run v1", ["a"]),
      after: { ...program(all, "run v2", ["a"]), commands: { ...program(all, "run v2", []).commands, clock: "bad" } },
      hosts: { a: "fine" },
    },
  ],
])("killed after any of its calls, %s ends as it would have", async (name, scene) => {
  for (let at = 1; ; at++) {
    const trial = await Trial.of(scene);
    const ending = await trial.up({ fate: ({ number }) => (number === at ? "killed" : "answered") });
    if (ending.kind !== "killed") return expect(at).toBeGreaterThan(20);
    if (name === "a bad release taken back") {
      await trial.up();
      expect(trial.running().filter(({ type }) => type === "clock")).toHaveLength(1);
    } else await expectToConverge(trial, scene);
    expect([...misdeeds(trial, scene), ...lulls(trial, scene)]).toEqual([]);
  }
});

const fate = fc.constantFrom(...FAULTS);
const call = fc.integer({ min: 1, max: 100 });
const failures = fc.record({
  scene: scenes(ANYTHING),
  /** Fates of single calls, of any kind. */
  fates: fc.array(fc.tuple(call, fate), { maxLength: 3 }),
  /** Fates of the n-th call of a kind, so that rare kinds fail too. */
  ofKind: fc.array(
    fc
      .tuple(fc.constantFrom<Kind>(...LOOKS, ...ACTS), fc.integer({ min: 1, max: 8 }), fate)
      .map(([what, nth, becomes]) => ({ what, nth, becomes })),
    { maxLength: 3 },
  ),
  outage: fc.record({ host: fc.constantFrom("a", "b"), from: call, calls: fc.nat({ max: 20 }), becomes: fate }),
});

test("whatever engines answer, or do not, each update ends, what it records is true, and the next one finishes", async () => {
  await holds(
    failures,
    async ({ scene, fates, ofKind, outage }) => {
      const trial = await Trial.of(scene);
      const ofNumber = new Map<number, Fate>(fates);
      const met = new Set<string>();
      const began = trial.town.clock.now();
      const ending = await trial.up({
        fate: ({ number, nth, host, what }: Call) => {
          const isOut = host === outage.host && number >= outage.from && number < outage.from + outage.calls;
          const rare = ofKind.find((one) => one.what === what && one.nth === nth)?.becomes;
          const becomes = isOut ? outage.becomes : (rare ?? ofNumber.get(number) ?? "answered");
          met.add(becomes).add(`${becomes} ${what}`);
          return becomes;
        },
      });
      expect(trial.town.clock.now() - began).toBeLessThan(TOO_LONG);
      expect(misdeeds(trial, scene)).toEqual([]);
      // A late call is carried out after the last observation.
      if (!met.has("late") && (ending.kind === "done" || ending.kind === "partial"))
        expect(untruths(trial, { reasons: [], ...ending })).toEqual([]);
      await expectToConverge(trial, scene);
      // A stop that is carried out after the provider gave it up ends a process that was to stay by then.
      if (!met.has("late stop")) expect(lulls(trial, scene)).toEqual([]);
    },
    2000,
    150,
  );
});
