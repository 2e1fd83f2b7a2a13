import fc from "fast-check";
import { ANYTHING, scenes, type Scene } from "../../support/fake/scene";
import { Trial } from "../../support/fake/trial";
import { lulls, misdeeds, shortcomings } from "../../support/fake/verdict";
import type { Call, Fate } from "../../support/fake/wire";
import { holds } from "../../support/holds";

const NO_PLACE = /finds? no place/;

/** Nothing is in the way any more: all that was left undone is done. */
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
    at: fc.integer({ min: 1, max: 60 }),
    isRestarted: fc.boolean(),
  });
  await holds(kills, async ({ scene, at, isRestarted }) => {
    const trial = await Trial.of(scene);
    await trial.up({ fate: ({ number }) => (number === at ? "killed" : "answered") });
    if (isRestarted) for (const engine of trial.town.engines.values()) engine.restart();
    await expectToConverge(trial, scene);
    // An engine that goes down takes all with it.
    if (!isRestarted) expect(lulls(trial, scene)).toEqual([]);
  });
});

test("whatever calls fail, the next up finishes", async () => {
  const failures = fc.record({
    scene: scenes(ANYTHING),
    fates: fc.array(fc.tuple(fc.integer({ min: 5, max: 60 }), fc.constantFrom<Fate[]>("lost", "unanswered")), {
      maxLength: 4,
    }),
    outage: fc.record({
      host: fc.constantFrom("a", "b"),
      from: fc.integer({ min: 5, max: 60 }),
      calls: fc.nat({ max: 20 }),
    }),
  });
  await holds(failures, async ({ scene, fates, outage }) => {
    const trial = await Trial.of(scene);
    const fateOf = new Map<number, Fate>(fates);
    await trial.up({
      fate: ({ number, host }: Call) =>
        host === outage.host && number >= outage.from && number < outage.from + outage.calls
          ? "lost"
          : (fateOf.get(number) ?? "answered"),
    });
    await expectToConverge(trial, scene);
    expect(lulls(trial, scene)).toEqual([]);
  });
});
