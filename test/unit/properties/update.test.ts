import { ANYTHING, scenes } from "../../support/fake/scene";
import { Trial } from "../../support/fake/trial";
import { lulls, misdeeds, shortcomings, wasted } from "../../support/fake/verdict";
import { holds } from "../../support/holds";

const NO_PLACE = /finds? no place/;

test("an up does what the program says, and the next preview is empty", async () => {
  await holds(scenes(ANYTHING), async (scene) => {
    const trial = await Trial.of(scene);
    const first = await trial.up();
    expect([...misdeeds(trial, scene), ...lulls(trial, scene)]).toEqual([]);
    if (first.kind === "refused") {
      expect(trial.town.calls).toEqual([]);
      return expect(first.why).toMatch(NO_PLACE);
    }
    if (first.kind === "done") expect(wasted(trial)).toEqual([]);
    trial.heal();
    const second = await trial.up();
    expect([...misdeeds(trial, scene), ...lulls(trial, scene)]).toEqual([]);
    // What comes back may find no place any more.
    if (second.kind === "refused") return expect(second.why).toMatch(NO_PLACE);
    expect(second).toMatchObject({ kind: "done" });
    expect(await shortcomings(trial)).toEqual([]);
  });
});
