import fc from "fast-check";
import { LABEL } from "../../../provider/core/model/labels";
import { COUNTS, scenes } from "../../support/fake/scene";
import { Trial } from "../../support/fake/trial";
import { misdeeds, shortcomings } from "../../support/fake/verdict";
import { holds } from "../../support/holds";

const NO_PLACE = /finds? no place/;

const RELEASES = { ...COUNTS, commands: ["run v1", "run v2"], disturbances: 2 };
const meddling = fc.record({
  scene: scenes(RELEASES),
  deeds: fc.array(
    fc.record({
      at: fc.integer({ min: 5, max: 60 }),
      which: fc.nat({ max: 20 }),
      what: fc.constantFrom("remove" as const, "rename" as const, "restart" as const, "pause" as const),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

test("whatever is removed, renamed, restarted or paused between the look and the steps, no singleton runs twice, and all comes right", async () => {
  await holds(meddling, async ({ scene, deeds }) => {
    const trial = await Trial.of(scene);
    const ending = await trial.up({
      fate: ({ number }) => {
        for (const { at, which, what } of deeds) if (at === number) meddle(trial, which, what);
        return "answered";
      },
    });
    expect(misdeeds(trial, scene)).toEqual([]);
    if (ending.kind === "refused") return expect(ending.why).toMatch(NO_PLACE);
    const next = await trial.up();
    expect(misdeeds(trial, scene)).toEqual([]);
    expect(next).toMatchObject({ kind: "done" });
    expect(await shortcomings(trial)).toEqual([]);
  });
});

/** Types that stop before their successor starts: a container renamed meanwhile cannot be found for the rollback. */
const STOP_FIRST = ["mailer", "clock"];

function meddle(trial: Trial, which: number, what: "remove" | "rename" | "restart" | "pause"): void {
  const all = trial.boxes().filter(({ box }) => box.options.Labels?.[LABEL.app] !== undefined);
  const chosen = all[which % Math.max(1, all.length)];
  if (chosen === undefined) return;
  const { engine, box } = chosen;
  if (what === "remove") return engine.remove(box.id, "by force");
  if (what === "pause") return box.state === "running" && !box.isStopping ? engine.pause(box.id) : undefined;
  if (what === "rename") {
    const isRenamable = box.state !== "restarting" && !STOP_FIRST.includes(box.options.Labels?.[LABEL.type] ?? "");
    return isRenamable && !box.name.startsWith("odd-") ? engine.rename(box.id, `odd-${box.id}`) : undefined;
  }
  return engine.crash(box.id, 1);
}
