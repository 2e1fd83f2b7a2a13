import { writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { limit } from "../../provider/engine/limit";
import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { eventually } from "../support/eventually";
import { EngineProxy, type Fault } from "../support/engine-proxy";
import { BEATING, Heartbeats } from "../support/heartbeats";
import { HookError, Provider, type Properties } from "../support/provider";

// One call in a release of a clock goes wrong, of each kind and in each way: the update ends in time, the next one puts
// all right, and there are never two clocks.

const CASES_AT_ONCE = 10;
/** Times that the documents promise, in seconds, with room for a busy machine. */
const ROOM = 25;
const GIVEN_UP = 20;
const LOOKS = 2 * 5;
const USUAL = 15;

const image = baseImage();
const stack = new Provider("stack");
afterAll(() => stack.kill());

/** Kinds of calls. The first call of a kind in the update is the one that goes wrong. */
const KINDS = {
  info: /^GET .*\/info/,
  list: /^GET .*\/containers\/json/,
  claims: /^GET .*\/volumes\?/,
  image: /^GET .*\/images\//,
  inspect: /^GET .*\/containers\/[^/]+\/json/,
  pull: /^POST .*\/images\/create/,
  create: /^POST .*\/containers\/create/,
  start: /^POST .*\/start$/,
  wait: /^POST .*\/wait/,
  logs: /^GET .*\/logs/,
  stop: /^POST .*\/stop/,
  policy: /^POST .*\/update/,
  rename: /^POST .*\/rename/,
  // Removal of the predecessor: the one-off process is removed by force.
  remove: /^DELETE .*\?v=true$/,
};
type Kind = keyof typeof KINDS;

const says = (status: number, message: string): Fault => ({ status, body: JSON.stringify({ message }) });
const pulled = (...events: readonly object[]): Fault => ({
  status: 200,
  body: events.map((event) => `${JSON.stringify(event)}\n`).join(""),
});

/** @property ends only right outcome of the update, if there is just one */
interface Way {
  readonly fault?: Fault;
  readonly isFrozen?: boolean;
  readonly late?: number;
  readonly ends?: "done" | "left undone";
  readonly within: number;
  readonly kinds?: readonly Kind[];
}

const WAYS: Readonly<Record<string, Way>> = {
  frozen: { isFrozen: true, ends: "left undone", within: GIVEN_UP + LOOKS },
  "cut before": { fault: "cut before", ends: "done", within: USUAL },
  "cut after": { fault: "cut after", ends: "done", within: USUAL },
  "500": { fault: says(500, "something is broken"), within: USUAL },
  "503": { fault: says(503, "the engine is starting"), within: USUAL },
  "a page": {
    fault: { status: 502, body: "<html><h1>502 Bad Gateway</h1></html>", type: "text/html" },
    within: USUAL,
    kinds: ["list", "create", "stop"],
  },
  "3 s late": { late: 3, ends: "done", within: USUAL + 6 * 3 },
  "an error in the stream": {
    fault: pulled({ status: "Pulling" }, { error: "no space left on device" }),
    ends: "left undone",
    within: USUAL,
    kinds: ["pull"],
  },
};

interface Seen {
  readonly kind: Kind;
  readonly way: string;
  /** Outcome of the update; `not met` when it made no such call. */
  readonly outcome: "done" | "left undone" | "not met";
  readonly seconds: number;
  readonly words: string;
  readonly faults: readonly string[];
}

async function tried(kind: Kind, way: string): Promise<Seen> {
  const { fault, isFrozen = false, late = 0, ends, within } = WAYS[way]!;
  const app = uniqueName("answers");
  const provider = new Provider(app, { beside: stack });
  let [isArmed, isMet] = [false, false];
  let thaw = () => {};
  const thawed = new Promise<void>((resolve) => (thaw = resolve));
  const onCall = async (_: number, method: string, path: string): Promise<Fault | undefined> => {
    const isMeant = KINDS[kind].test(`${method} ${path}`);
    if (isArmed && isMeant) {
      if (fault !== undefined && !isMet) {
        isMet = true;
        return fault;
      }
      isMet = true;
      await delay(late * 1000);
    }
    if (isArmed && isMet && isFrozen) await thawed;
    // Answers for a registry that does not exist: a real look-up of its name would make all other calls wait.
    if (/\/distribution\//.test(path)) return says(404, "there is no registry");
    // The image is there and counts as pulled.
    return KINDS.pull.test(`${method} ${path}`) ? pulled({ status: "Image is up to date" }) : undefined;
  };
  const proxy = await EngineProxy.start({ onCall });
  const beats = await Heartbeats.of(app);
  const declare = (release: string): Properties => ({
    image,
    pull: "always",
    hosts: [{ host: proxy.address, name: "a" }],
    update: { monitor: 0.3 },
    procfile: "release: echo migrated",
    processes: { clock: { command: BEATING, stopTimeout: 5 } },
    scale: { clock: 1 },
    env: { COLLECTOR: beats.collector, STOP_MS: "100", RELEASE: release },
  });
  try {
    await eventually(() => provider.up(declare("1")));
    isArmed = true;
    const began = performance.now();
    const words = await provider.up(declare("2")).then(
      () => "",
      (error: unknown) => (error instanceof HookError ? error.message : String(error)),
    );
    const seconds = (performance.now() - began) / 1000;
    isArmed = false;
    thaw();
    const outcome = !isMet ? "not met" : words === "" ? "done" : "left undone";
    const again = await provider.up(declare("2")).then(
      () => "",
      (error: unknown) => `the next update: ${String(error)}`,
    );
    const left = (await containersOf(app)).map(({ Names, State }) => `${Names[0]!.slice(app.length + 2)} ${State}`);
    const [clock] = await containersOf(app);
    const env = clock === undefined ? [] : (await docker.getContainer(clock.Id).inspect()).Config.Env;
    const faults = [
      ...(again === "" ? [] : [again]),
      ...(left.join() === "clock.1 running" ? [] : [`there is ${left.join()}`]),
      ...(env.includes("RELEASE=2") ? [] : ["it is not the release"]),
      ...((await provider.preview(declare("2"))) ? ["there is something left to do"] : []),
      ...beats.overlaps("clock.1"),
      ...(seconds > within + ROOM ? [`it took ${seconds} s`] : []),
      ...(isMet && ends !== undefined && outcome !== ends ? [`${outcome}: ${words}`] : []),
      ...(outcome === "left undone" && !/\ba\b/.test(words) ? [`it does not name the host: ${words}`] : []),
    ];
    await provider.destroy();
    return { kind, way, outcome, seconds, words, faults };
  } catch (error) {
    return { kind, way, outcome: "left undone", seconds: 0, words: "", faults: [String(error)] };
  } finally {
    thaw();
    beats.close();
    await proxy.close();
    await removeContainersOf(app);
  }
}

test("whatever becomes of one call", async () => {
  const turn = limit(CASES_AT_ONCE);
  const cases = Object.entries(WAYS).flatMap(([way, { kinds }]) =>
    (Object.keys(KINDS) as Kind[]).filter((kind) => kinds?.includes(kind) ?? true).map((kind) => ({ kind, way })),
  );
  await stack.check({ image, processes: {} });
  const seen = await Promise.all(cases.map(({ kind, way }) => turn(() => tried(kind, way))));
  if (process.env["FAULTS_TABLE"] !== undefined) writeFileSync(process.env["FAULTS_TABLE"], JSON.stringify(seen));
  expect(seen.flatMap(({ kind, way, faults }) => faults.map((fault) => `${kind}, ${way}: ${fault}`))).toEqual([]);
  expect(seen.filter(({ outcome }) => outcome === "not met").map(({ kind, way }) => `${kind}, ${way}`)).toEqual([]);
}, 400_000);
