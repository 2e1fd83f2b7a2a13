import { MIGRATION, type Scene } from "../../support/fake/scene";
import { Trial } from "../../support/fake/trial";
import { lulls, misdeeds, shortcomings } from "../../support/fake/verdict";
import type { Call, Fate } from "../../support/fake/wire";

// Random worlds in which something once went wrong.

const RUNS = { web: "run v1", worker: "run v1", mailer: "run v1", clock: "run v1", api: "run v1" };
type Version = Scene["before"];
const version = (
  quantities: Version["quantities"],
  hosts: readonly string[],
  more: Partial<Version> = {},
): Version => ({
  quantities,
  hosts,
  commands: RUNS,
  image: "shop:1",
  ...more,
});
const scene = (before: Version, after: Version, hosts: Scene["hosts"], more: Partial<Scene> = {}): Scene => ({
  before,
  after,
  hosts,
  disturbances: [],
  isRebuilt: false,
  isPrepared: false,
  lacking: [],
  placement: { ssd: [], isPicky: false, most: {}, isRebalanced: false },
  failureAction: "rollback",
  seed: 0,
  ...more,
});

interface World {
  readonly title: string;
  readonly scene: Scene;
  readonly fate: (call: Call) => Fate;
}

const worlds: readonly World[] = [
  {
    title: "a process was paused, and its restart policy changed",
    scene: scene(
      version({ api: 1 }, ["a"]),
      version({ api: 1 }, ["a"]),
      { a: "fine" },
      {
        disturbances: [
          { which: 0, what: "pause", host: 0 },
          { which: 0, what: "exit", host: 0 },
        ],
      },
    ),
    fate: () => "answered",
  },
  {
    title: "a release is taken back in which a stopped process took the place of one on a host that left",
    scene: scene(
      version({ web: 2, worker: 3 }, ["a", "b"]),
      version({ web: 0, worker: 2 }, ["a"], { image: "shop:2" }),
      { a: "fine", b: "former" },
      { disturbances: [{ which: 7, what: "exit", host: 0 }] },
    ),
    fate: ({ what, nth }) => (what === "rename" && nth === 1 ? "lost" : "answered"),
  },
  {
    title: "a move is taken back while another process has come in the slot of the one that moved",
    scene: scene(
      version({ mailer: 1 }, ["b", "c", "d"]),
      version({ mailer: 2 }, ["a", "c", "d"]),
      { a: "new", b: "former", c: "fine", d: "back" },
      {
        disturbances: [
          { which: 0, what: "twin", host: 2 },
          { which: 9, what: "exit", host: 0 },
        ],
      },
    ),
    fate: ({ what, nth, host }) => (what === "glance" && nth === 1 && host === "a" ? "lost" : "answered"),
  },
  {
    title: "a release is taken back in which one leaves a host whose slot a stopped one has elsewhere",
    scene: scene(
      version({ mailer: 2, clock: 1 }, ["a", "b", "d"]),
      version({ mailer: 3 }, ["a", "c", "d"]),
      { a: "fine", b: "former", c: "new", d: "fine" },
      {
        disturbances: [
          { which: 5, what: "exit", host: 0 },
          { which: 5, what: "twin", host: 1 },
        ],
        isRebuilt: true,
      },
    ),
    fate: ({ what, host }) => (what === "create" && host === "a" ? "silent" : "answered"),
  },
  {
    title: "a release command was made and never started, on a host that has room for no more than is to run",
    scene: scene(
      version({ worker: 0 }, ["a"]),
      version({ worker: 3, api: 1 }, ["a"]),
      { a: "fine" },
      {
        placement: { ssd: [], isPicky: false, most: { a: 4 }, isRebalanced: false },
        isPrepared: true,
      },
    ),
    fate: ({ number, what }) => (what === "start" || (number < 10 && what === "remove") ? "lost" : "answered"),
  },
  {
    title: "a process was paused between two crashes",
    scene: scene(
      version({ mailer: 1 }, ["a"]),
      version({ mailer: 1 }, ["a"]),
      { a: "fine" },
      {
        disturbances: [
          { which: 0, what: "pause", host: 0 },
          { which: 0, what: "crash loop", host: 0 },
        ],
      },
    ),
    fate: () => "answered",
  },
];

test.each(worlds)("$title", async ({ scene, fate }) => {
  const trial = await Trial.of(scene);
  await trial.up({ fate });
  trial.heal();
  expect(await trial.up()).toMatchObject({ kind: "done" });
  const commands = trial.town.history.since(0, "start").filter(({ command }) => command === MIGRATION);
  expect(commands.length).toBe(scene.isPrepared ? 1 : 0);
  expect([...misdeeds(trial, scene), ...lulls(trial, scene), ...(await shortcomings(trial))]).toEqual([]);
});
