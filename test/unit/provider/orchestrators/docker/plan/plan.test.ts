import { configurationOf, formatConfiguration } from "../../../../../../provider/core/model/configuration";
import type { ObservedHost, ObservedInstance, Settings } from "../../../../../../provider/core/model/observed";
import { plan } from "../../../../../../provider/orchestrators/docker/plan/plan";
import { formatPlan } from "../../../../../../provider/core/plan/text";
import { parseSpec } from "../../../../../../provider/core/guards/declaration";
import type { Spec } from "../../../../../../provider/core/inputs/spec";
import type { Formation } from "../../../../../../provider/core/values/formation";

const identity = { owner: "shop/dev", key: "key" };
const rooms = [{ name: "a", labels: {}, maxProcesses: Infinity, abandoned: false }];

function specOf(more: object = {}): Spec {
  const raw = { image: "shop:1", procfile: "web: a\nworker: b\nclock: c\n", processes: { web: { port: 80 } }, ...more };
  const parsed = parseSpec(raw, "shop");
  if (parsed.kind !== "spec") throw new Error(JSON.stringify(parsed));
  return parsed.spec;
}

/** Container of the app as `specOf()` declares it, except for `more`. */
function seen(type: string, index: number, more: Partial<ObservedInstance> = {}): ObservedInstance {
  const spec = specOf();
  const declared = spec.types.find((one) => one.name === type);
  return {
    host: "a",
    container: `${type}${index}`,
    name: `shop.${type}.${index}`,
    app: "shop",
    owner: identity.owner,
    type,
    index,
    singleton: declared?.singleton ?? false,
    image: "shop:1",
    imageId: "id1",
    stopTimeout: 30,
    state: "running",
    createdAt: index,
    configuration:
      declared === undefined ? "" : formatConfiguration(configurationOf(spec, declared, index, identity.key)),
    ...more,
  };
}

function textOf(spec: Spec, after: Formation, instances: readonly ObservedInstance[]): string[] {
  const host: ObservedHost = {
    name: "a",
    address: "unix:///a",
    engine: "A",
    instances,
    strangers: [],
    images: { "shop:1": { id: "id1" } },
  };
  const planned = plan({ spec, formation: after, rooms, identity }, [host]);
  const order = spec.types.map((type) => type.name);
  return formatPlan({ before: undefined, after, sources: {}, order }, planned).split("\n").slice(1);
}

const kept: Settings = { pids: 4096, isRestarted: true, isConnected: true };

/** Web process of the size asked for, except for `more`. */
function sized(index: number, more: { [K in keyof Settings]?: Settings[K] | undefined }): ObservedInstance {
  const spec = specOf({ processes: { web: { size: { cpus: 1, memory: "64Mi" } } } });
  const configuration = formatConfiguration(configurationOf(spec, spec.types[0]!, index, identity.key));
  const settings = { ...kept, cpus: 1e9, memory: 2 ** 26, ...more } as Settings;
  return seen("web", index, { configuration, settings });
}

const all = { web: 2, worker: 1, clock: 1 };
const world = [seen("web", 1), seen("web", 2), seen("worker", 1), seen("clock", 1)];

test.each<[string, Spec, Formation, ObservedInstance[], string[]]>([
  ["nothing to do", specOf(), all, world, []],
  ["the order of what was observed does not matter", specOf(), all, [...world].reverse(), []],
  [
    "scale up fills the lowest free slot",
    specOf(),
    { ...all, web: 3 },
    [seen("web", 1), seen("web", 3), ...world.slice(2)],
    ["web.2      create on a  scale up"],
  ],
  [
    "scale down gives up what does not run first",
    specOf(),
    { ...all, web: 1 },
    [seen("web", 1, { state: "exited" }), ...world.slice(1)],
    ["web.1      remove on a  scale down"],
  ],
  [
    "an exited process is started",
    specOf(),
    all,
    [...world.slice(0, 3), seen("clock", 1, { state: "exited" })],
    ["clock.1    start on a  not running"],
  ],
  [
    "a release names the image, and the gap of a singleton",
    specOf({ image: "shop:2" }),
    { ...all, web: 0, worker: 0 },
    [seen("clock", 1)],
    ["clock.1    replace on a  image shop:1 → shop:2, stopped up to 30 s"],
  ],
  [
    "a changed part is named",
    specOf({ env: { A: "b" } }),
    { ...all, web: 0, clock: 0 },
    [seen("worker", 1)],
    ["worker.1   replace on a  env changed"],
  ],
  [
    "a restart of a type",
    specOf({ restartedAt: { web: "now" } }),
    { ...all, worker: 0, clock: 0 },
    world.slice(0, 2),
    ["web.1      replace on a  restart", "web.2      replace on a  restart"],
  ],
  [
    "a restart of one process leaves the others alone",
    specOf({ restartedAt: { "web.2": "now", "worker.7": "now" } }),
    all,
    world,
    ["web.2      replace on a  restart"],
  ],
  [
    "a tag that means another image is a release",
    specOf(),
    { ...all, web: 0, clock: 0 },
    [seen("worker", 1, { imageId: "old" })],
    ["worker.1   replace on a  image shop:1 rebuilt"],
  ],
  [
    "a type that left the Procfile is removed",
    specOf(),
    all,
    [...world, seen("mailer", 1)],
    ["mailer.1   remove on a  type removed"],
  ],
  [
    "what was changed by hand is put right, whatever an engine does not keep or tell",
    specOf({ processes: { web: { size: { cpus: 1, memory: "64Mi" } } } }),
    { web: 6, worker: 1, clock: 1 },
    [
      ...[{}, { cpus: 5e8 }, { memory: 2 ** 27 }, { pids: Infinity }, { isConnected: false, cpus: 5e8 }].map(
        (more, at) => sized(at + 1, more),
      ),
      sized(6, { cpus: undefined, memory: undefined, pids: undefined }),
      seen("worker", 1, { settings: { ...kept, isRestarted: false } }),
      seen("clock", 1, { settings: { ...kept, memory: 1 } }),
    ],
    [
      "web.2      replace on a  size changed by hand",
      "web.3      replace on a  size changed by hand",
      "web.4      replace on a  pids limit changed by hand",
      "web.5      replace on a  size, network changed by hand",
      "worker.1   start on a    restart policy changed by hand",
      "clock.1    replace on a  size changed by hand, stopped up to 30 s",
    ],
  ],
  [
    "what was paused or has ended and was changed by hand besides is put right in one go",
    specOf({ processes: { web: { size: { cpus: 1, memory: "64Mi" } } } }),
    { web: 2, worker: 2, clock: 1 },
    [
      { ...sized(1, { memory: 2 ** 27 }), state: "paused" },
      { ...sized(2, { memory: 2 ** 27 }), state: "exited" },
      seen("worker", 1, { state: "paused", settings: { ...kept, isRestarted: false } }),
      seen("worker", 2, { state: "exited", settings: { ...kept, isRestarted: false } }),
      seen("clock", 1, { state: "paused", settings: { ...kept, isRestarted: false } }),
    ],
    [
      "web.1      replace on a  size changed by hand",
      "web.2      replace on a  size changed by hand",
      "worker.1   unpause on a  paused and restart policy changed by hand",
      "worker.2   start on a    not running",
      "clock.1    unpause on a  paused and restart policy changed by hand",
    ],
  ],
  [
    "a twin of the clock is removed",
    specOf(),
    all,
    [...world, seen("clock", 1, { container: "twin", name: "x", createdAt: 9 })],
    ["clock.1    remove on a  twin of clock.1"],
  ],
])("%s", (_, spec, formation, instances, expected) => {
  expect(textOf(spec, formation, instances)).toEqual(expected);
});

test("a singleton under a new name starts only after the one under its old name is gone", () => {
  const spec = specOf({ procfile: "web: a\nscheduler: c\n" });
  const host: ObservedHost = { name: "a", address: "", engine: "A", instances: [seen("clock", 1)], strangers: [] };
  const { changes } = plan({ spec, formation: { web: 0, scheduler: 1 }, rooms, identity }, [host]);
  const create = changes.find((change) => change.verb === "create");
  expect(create?.needs).toEqual(changes.filter((change) => change.verb === "remove"));
  expect(create?.needs).toHaveLength(1);
});

test("what would move to a host that cannot be reached stays where it is", () => {
  const from: ObservedHost = { name: "a", address: "unix:///a", engine: "A", instances: world, strangers: [] };
  const to: ObservedHost = {
    name: "b",
    address: "unix:///b",
    engine: "",
    instances: [],
    strangers: [],
    unreachable: "gone",
  };
  const moved = [{ name: "b", labels: {}, maxProcesses: Infinity, abandoned: false }];
  const fixed = { worker: { port: 1, bind: "127.0.0.1:80" }, web: { update: { order: "stop-first" } } };
  for (const processes of [{}, fixed]) {
    const spec = specOf({ processes });
    const { changes, blocked } = plan({ spec, formation: all, rooms: moved, identity }, [from, to]);
    expect(changes).toEqual([]);
    expect(blocked.map(({ slot }) => slot)).toEqual(["web.1", "web.2", "worker.1", "clock.1"]);
  }
});
