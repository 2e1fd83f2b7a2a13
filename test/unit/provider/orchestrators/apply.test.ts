import { apply, INTERRUPTED } from "../../../../provider/orchestrators/apply";
import { plainChange, type Change } from "../../../../provider/core/model/change";
import { FormationError } from "../../../../provider/core/values/errors";
import type { Properties } from "../../../../provider/core/record/properties";
import { Pulumi, runningIn } from "../../../support/fake/pulumi";
import { Town, type Ending } from "../../../support/fake/town";

// An interruption is no failure: changes that had not begun wait, and only those that it cut short are taken back.

const program = (command: string, update: Properties, quantity = 4, more: Properties = {}): Properties => ({
  app: "shop",
  image: "shop:1",
  processes: { web: { command, ...more } },
  scale: { web: quantity },
  update: { monitor: 0, ...update },
  hosts: [{ name: "a", host: "unix:///a" }],
});

/** Runs an `up`, then another that is interrupted after a number of starts. */
async function interrupted(after: number, first: Properties, second: Properties) {
  const town = new Town(["a"]);
  town.engines.get("a")!.images.set("shop:1", "id1");
  let starts = -Infinity;
  const pulumi = new Pulumi(town, { interrupted: () => starts >= after });
  await pulumi.up(first);
  starts = 0;
  const began = town.clock.now();
  const ending = await pulumi.up(second, {
    fate: ({ what }) => {
      if (what === "start") starts++;
      return "answered";
    },
  });
  const took = town.clock.now() - began;
  return { pulumi, ending, took, again: () => ((starts = -Infinity), pulumi.up(second)) };
}

const reasonsOf = (ending: Ending) => (ending.kind === "partial" ? ending.reasons : [ending.kind]);
const commandsOf = ({ town }: Pulumi) => runningIn(town).map((line) => line.replace(/^.*: /, ""));

test("in a delay: what was released stays, the rest waits, and the next up does it", async () => {
  const update = { delay: "1h", parallelism: 1 };
  const { pulumi, ending, took, again } = await interrupted(1, program("v1", update), program("v2", update));
  expect(reasonsOf(ending)).toEqual([
    expect.stringMatching(/^web\.\d, web\.\d, web\.\d: not begun, because the update was interrupted$/),
  ]);
  expect(commandsOf(pulumi).sort()).toEqual(["v1", "v1", "v1", "v2"]);
  // The interrupted update does not wait for the delay's end.
  expect(took).toBeLessThan(60);
  expect((pulumi.state["log"] as string[]).at(-1)).toMatch(
    /Release \w+ to web=4 by .* \(incomplete: 3 of 4 changes not begun\)$/,
  );
  expect((await again()).kind).toBe("done");
  expect(commandsOf(pulumi)).toEqual(["v2", "v2", "v2", "v2"]);
});

test("while many wait for their turn: what was only renamed goes back alone", async () => {
  const update = { parallelism: 20 };
  const { pulumi, ending, again } = await interrupted(1, program("v1", update, 20), program("v2", update, 20));
  expect(reasonsOf(ending)).toEqual([
    expect.stringMatching(/^web\.\d+, .* and \d+ more: not begun, because the update was interrupted$/),
  ]);
  const names = pulumi.town.engines
    .get("a")!
    .boxes()
    .map(({ name }) => name);
  expect(names.filter((name) => !/^shop\.web\.\d+$/.test(name))).toEqual([]);
  expect(new Set(commandsOf(pulumi))).toEqual(new Set(["v1", "v2"]));
  expect(commandsOf(pulumi)).toHaveLength(20);
  expect((await again()).kind).toBe("done");
  expect(new Set(commandsOf(pulumi))).toEqual(new Set(["v2"]));
});

test("while a process is stopped for its successor: that one comes, and no release is taken back", async () => {
  const [first, second] = ["v1", "v2"].map((command) => program(command, { order: "stop-first", parallelism: 2 }));
  const town = new Town(["a"]);
  town.engines.get("a")!.images.set("shop:1", "id1");
  let isStopped = false;
  const pulumi = new Pulumi(town, { interrupted: () => isStopped });
  await pulumi.up(first!);
  const ending = await pulumi.up(second!, {
    fate: ({ what }) => {
      isStopped ||= what === "stop";
      return "answered";
    },
  });
  expect(reasonsOf(ending)).toEqual([
    expect.stringMatching(/^web\.\d, web\.\d, web\.\d: not begun, because the update was interrupted$/),
  ]);
  expect(commandsOf(pulumi).sort()).toEqual(["v1", "v1", "v1", "v2"]);
});

describe("for any orchestrator", () => {
  const change = (type: string, steps: readonly string[], more: Partial<Change<string>> = {}): Change<string> => ({
    ...plainChange({
      type,
      index: 1,
      host: "a",
      singleton: false,
      verb: "replace",
      reason: "release",
      cause: "",
      steps,
    }),
    onFailure: "rollback",
    undo: [`undo ${type}`],
    ...more,
  });
  const run = async (changes: readonly Change<string>[], fails: Readonly<Record<string, Error>>) => {
    const performed: string[] = [];
    const report = await apply(
      changes,
      async (step) => {
        const error = Object.hasOwn(fails, step) ? fails[step] : undefined;
        if (error !== undefined) throw error;
        performed.push(step);
        return [];
      },
      { begin: () => undefined, line: () => undefined, sleep: async () => undefined, stopped: () => false },
    );
    return { performed, ...report };
  };
  const cut = new FormationError("Interrupted", INTERRUPTED);
  const done = change("web", ["put web"]);

  test("one that was cut short goes back alone", async () => {
    const { performed, failures, waiting, isTakenBack } = await run(
      [done, change("worker", ["rename", "put worker"], { needs: [done] })],
      { "put worker": cut },
    );
    expect(performed).toEqual(["put web", "rename", "undo worker"]);
    expect({ failures, isTakenBack, waiting: waiting.map(({ reason }) => reason) }).toEqual({
      failures: [],
      isTakenBack: false,
      waiting: [INTERRUPTED],
    });
  });

  test("one that cannot go back has failed, and takes nothing with it", async () => {
    const { performed, failures, left } = await run(
      [done, change("worker", ["rename", "put worker"], { needs: [done] })],
      { "put worker": cut, "undo worker": new Error("no") },
    );
    expect(performed).toEqual(["put web", "rename"]);
    expect(failures.map(({ reason }) => reason)).toEqual([
      `replace failed: ${INTERRUPTED}; and it could not be taken back: no`,
    ]);
    expect(left).toEqual([]);
  });
});
