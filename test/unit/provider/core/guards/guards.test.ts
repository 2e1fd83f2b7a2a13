import { adviseOnCpus } from "../../../../../provider/core/guards/advice";
import { parseSpec } from "../../../../../provider/core/guards/declaration";
import { check } from "../../../../../provider/lifecycle/check";
import { surroundings } from "../../../../support/surroundings";

let warnings: string[] = [];
let plans: string[] = [];
const context = surroundings({ say: (text, level) => (level === "warning" ? warnings : plans).push(text) });
const procfile = "web: a\nworker: b\nclock: c\n";

function faults(more: object): readonly string[] {
  warnings = [];
  plans = [];
  return check({}, { image: "shop:1", procfile, ...more }, context).faults;
}

const db = { backingServices: { db: { maxConnections: 100, reserve: 10 } } };
const pools = { processes: { web: { connections: { db: 10 } }, worker: { connections: { db: 5 } } } };

test.each<[string, object, string[]]>([
  ["what there is may be used up", { ...db, ...pools, scale: { web: 5, worker: 3 } }, []],
  [
    "the overlap of a release counts",
    { ...db, ...pools, scale: { web: 8, worker: 6 } },
    [
      "db: 140 of 90 connections (web 8×10 + release overlap 2×10, worker 6×5 + release overlap 2×5): scale web to 4, lower its pool to 5, or raise the limit",
    ],
  ],
  [
    "without an overlap more fit",
    { ...db, processes: { web: { connections: { db: 10 }, update: { order: "stop-first" } } }, scale: { web: 9 } },
    [],
  ],
  [
    "one process alone is too many",
    { backingServices: { db: { maxConnections: 1 } }, ...pools },
    ["db: 20 of 1 connections (web 1×10 + release overlap 1×10): raise the limit"],
  ],
  [
    "a service that is not defined",
    { ...db, processes: { web: { connections: { redis: 1 } } } },
    ["processes.web.connections.redis is not one of backingServices: there are db; add it there"],
  ],
  [
    "below min",
    { processes: { web: { min: 2, max: 10 } }, scale: { web: 1 } },
    ["scale: web is scaled to 1, 2 to 10 are allowed: scale it to 2, or lower processes.web.min"],
  ],
  [
    "above max",
    { processes: { web: { min: 2, max: 10 } }, scale: { web: 12 } },
    ["scale: web is scaled to 12, 2 to 10 are allowed: scale it to 10, or raise processes.web.max"],
  ],
  [
    "min above max",
    { processes: { web: { min: 5, max: 4 } }, scale: { web: 4 } },
    ["processes.web.min is 5, but its max is 4: lower min, or raise max"],
  ],
  [
    "the sum of all types",
    { maxProcesses: 5, scale: { web: 3, worker: 3 } },
    ["maxProcesses is 5, but the formation has 6 processes: scale a type down, or raise maxProcesses"],
  ],
  ["app.json that is none", { appJson: "{" }, [expect.stringMatching(/^appJson is not JSON: /) as string]],
  [
    "app.json of another shape",
    { appJson: '{"formation": {"web": {"quantity": -1}, "worker": {"size": "huge"}}}' },
    [
      "appJson.formation.web.quantity is -1: give a whole number, 0 or more",
      expect.stringMatching(/^appJson\.formation\.worker\.size is "huge" \(a string\): give one of free, /) as string,
    ],
  ],
  [
    "a size that nobody knows",
    { appJson: '{"formation": {"worker": {"size": "huge"}}}' },
    [
      expect.stringMatching(
        /^appJson\.formation\.worker\.size is "huge" \(a string\): give one of free, .*, eco, .*, shield-2xl, or dyno-2c-4gb/,
      ) as string,
    ],
  ],
])("%s", (_, more, expected) => {
  expect(faults(more)).toEqual(expected);
});

test("a first deployment starts from app.json, and what the program says comes first", () => {
  const appJson = JSON.stringify({ formation: { web: { quantity: 3 }, worker: { quantity: 2, size: "Standard-1X" } } });
  const { inputs } = check({}, { image: "shop:1", procfile, appJson, scale: { worker: 1 } }, context);
  expect(inputs).toMatchObject({ summary: "web=3, worker=1, clock=0" });
  const later = check(inputs, { image: "shop:1", procfile, appJson: "{}" }, context);
  expect(later.inputs).toMatchObject({ summary: "web=3, worker=1, clock=0" });
});

test("a first deployment has as many as must be", () => {
  expect(check({}, { image: "a:1", procfile, processes: { worker: { min: 2 } } }, context).inputs).toMatchObject({
    summary: "web=1, worker=2, clock=0",
  });
});

test("a service may be overloaded where that is said", () => {
  const services = { backingServices: { db: { maxConnections: 9, policy: "warn" } } };
  expect(faults({ ...services, ...pools })).toEqual([]);
  expect(warnings).toEqual([
    "db: 20 of 9 connections (web 1×10 + release overlap 1×10): lower its pool to 4, or raise the limit",
  ]);
});

test("the preview shows what every service has to bear", () => {
  faults({ ...db, ...pools, scale: { web: 2, worker: 0 } });
  expect(plans.join("\n").split("\n").at(-1)).toBe("db         30 of 90 connections  web 2×10 + release overlap 1×10");
});

test.each<[string, object, string]>([
  [
    "long-jobs",
    { processes: { worker: { jobTimeout: "2h" } }, scale: { worker: 4 } },
    "worker runs jobs of up to 2 h: more processes take more jobs, but finish none sooner; fan one long job out into many short ones",
  ],
  [
    "singleton-name",
    { processes: { "tweet-stream": { command: "s" } }, scale: { "tweet-stream": 2 } },
    "tweet-stream sounds like a type that must never run twice, but is scaled to 2: set processes.tweet-stream.singleton to true, or to false if it may",
  ],
  [
    "single-web",
    { update: { order: "stop-first" } },
    "web is a single process and is stopped before its successor starts: a release, or a crash, is an outage; scale it to 2 or use start-first",
  ],
  [
    "singleton-order",
    { processes: { clock: { update: { order: "start-first" } } } },
    "clock is a singleton: update.order start-first is not followed, as two would run at once",
  ],
])("advice: %s, unless it is silenced", (code, more, text) => {
  expect(faults(more)).toEqual([]);
  expect(warnings).toEqual([`${text} (docs/concurrency.md#${code}; silence: ["${code}"])`]);
  faults({ ...more, silence: [code] });
  expect(warnings).toEqual([]);
});

test("advice: cpus, once the hosts have been seen, unless it is silenced", () => {
  const advice = (web: number, silence: string[] = []) => {
    const processes = { web: { command: "a", size: { cpus: 0.75 } } };
    const parsed = parseSpec({ image: "shop:1", processes, silence }, "shop");
    if (parsed.kind !== "spec") throw new Error(JSON.stringify(parsed));
    return adviseOnCpus(parsed.spec, { web }, 2);
  };
  expect(advice(4)).toEqual([
    'the processes may use 3 CPUs together, the hosts have 2: more processes will not do more work (docs/concurrency.md#cpus; silence: ["cpus"])',
  ]);
  expect([advice(2), advice(4, ["cpus"])]).toEqual([[], []]);
});
