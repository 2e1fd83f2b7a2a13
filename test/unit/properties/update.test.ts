import { explain } from "../../../provider/core/values/errors";
import { ANYTHING, BAD_RELEASE, COUNTS, scenes } from "../../support/fake/scene";
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
    // A process that has to come back may find no place any more.
    if (second.kind === "refused") return expect(second.why).toMatch(NO_PLACE);
    expect(second).toMatchObject({ kind: "done" });
    expect(await shortcomings(trial)).toEqual([]);
  });
});

test("a change of quantities starts what is added, ends what is too much, and touches nothing else", async () => {
  await holds(scenes(COUNTS), async (scene) => {
    const trial = await Trial.of(scene);
    const before = trial.formation();
    const ending = await trial.up();
    if (ending.kind === "refused") return expect(ending.why).toMatch(NO_PLACE);
    const after = trial.formation();
    const { history } = trial.town;
    for (const type of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const of = (event: "start" | "die") => history.since(trial.mark, event).filter((one) => one.type === type);
      const change = (after[type] ?? 0) - (before[type] ?? 0);
      expect(of("start")).toHaveLength(Math.max(0, change));
      expect(of("die")).toHaveLength(Math.max(0, -change));
    }
  });
});

test("the plan does not depend on the order in which containers are listed", async () => {
  await holds(scenes(ANYTHING), async (scene) => {
    const trial = await Trial.of(scene);
    const { town } = trial;
    const preview = () => town.preview(trial.state, trial.inputs).catch(explain);
    const first = await preview();
    for (const engine of town.engines.values()) engine.order = (boxes) => boxes.reverse();
    expect(await preview()).toBe(first);
    for (const engine of town.engines.values()) engine.order = shuffled(scene.seed);
    expect(await preview()).toBe(first);
  });
});

test("a release that fails puts back what ran, and is still to be done", async () => {
  await holds(scenes(BAD_RELEASE), async (scene) => {
    const trial = await Trial.of({ ...scene, failureAction: "rollback" });
    const before = trial.formation();
    const old = trial.running();
    const ending = await trial.up();
    const stays = (type: string) => Math.min(before[type] ?? 0, trial.formation()[type] ?? 0);
    const { commands } = scene.after;
    const broken = (["web", "worker", "mailer", "clock", "api"] as const).filter(
      (type) => stays(type) > 0 && (commands[type] === "bad" || (commands[type] === "silent" && type === "web")),
    );
    if (broken.length === 0) return;
    expect(ending.kind).toBe("partial");
    expect([...misdeeds(trial, scene), ...lulls(trial, scene)]).toEqual([]);
    const now = trial.running();
    // A type that is scaled down also keeps as many old processes as its new quantity.
    for (const type of Object.keys(trial.formation())) {
      const stayed = old.filter((one) => one.type === type && now.some(({ id }) => id === one.id));
      expect([type, stayed.length]).toEqual([type, stays(type)]);
    }
    expect(await trial.town.preview(trial.state, trial.inputs)).toMatch(/ (replace|create) on /);
  });
});

function shuffled(seed: number): <T>(items: T[]) => T[] {
  return (items) =>
    items
      .map((item, at) => [(at * 7919 + seed) % 104_729, item] as const)
      .sort(([a], [b]) => a - b)
      .map(([, item]) => item);
}
