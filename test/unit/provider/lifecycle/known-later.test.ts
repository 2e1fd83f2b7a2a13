import { UNKNOWN } from "../../../../provider/core/values/unknown";
import { check } from "../../../../provider/lifecycle/check";
import type { Properties } from "../../../../provider/core/record/properties";
import { Town } from "../../../support/fake/town";
import { surroundings } from "../../../support/surroundings";

// A value known only at `up` takes no more of a preview away than the parts that depend on it.

let said: string[] = [];
const context = surroundings({ say: (text) => said.push(text) });
const procfile = "web: a\nworker: b\nclock: c\n";

function faults(more: Properties): readonly string[] {
  said = [];
  return check({}, { image: "shop:1", procfile, ...more }, context).faults;
}

const TWO_CLOCKS =
  "scale: clock is a singleton: asked for 2, at most 1 may run; scale it to 1, or set processes.clock.singleton: false if two may run at once";
const noSuch = (type: string) => `scale.${type} is not a process type of shop: it has web, worker, clock`;

test.each<[string, Properties]>([
  ["env", { env: UNKNOWN }],
  ["hosts", { hosts: UNKNOWN }],
  ["a host", { hosts: [UNKNOWN] }],
  ["a host's labels", { hosts: [{ host: "unix:///a", labels: UNKNOWN }] }],
  ["registryAuth", { registryAuth: UNKNOWN }],
  ["a registry", { registryAuth: [UNKNOWN] }],
  ["backingServices", { backingServices: UNKNOWN, processes: { web: { connections: { db: 1 } } } }],
  ["a type", { processes: { web: UNKNOWN } }],
  ["a type's port", { processes: { web: { port: UNKNOWN, bind: "127.0.0.1:80", health: { path: "/" } } } }],
  ["a type's address", { processes: { web: { port: 80, bind: UNKNOWN } } }],
  ["a service's connections", { backingServices: { db: { maxConnections: UNKNOWN } } }],
  ["a type's limits", { processes: { worker: { min: 2, max: UNKNOWN } } }],
  ["update", { update: UNKNOWN }],
  ["restartedAt", { restartedAt: UNKNOWN }],
  ["the Procfile", { procfile: UNKNOWN, processes: { web: { port: 80 } } }],
  ["app.json", { appJson: UNKNOWN }],
])("%s: two clocks are refused all the same, and one is shown", (_, more) => {
  expect(faults({ ...more, scale: { clock: 2 } })).toEqual([TWO_CLOCKS]);
  expect(faults({ ...more, scale: { clock: 1 } })).toEqual([]);
  expect(said.join("\n")).toMatch(/^formation .*known at up/s);
});

test.each<[string, Properties, string[]]>([
  [
    "a misspelt input beside an unknown one",
    { image: UNKNOWN, env: UNKNOWN, scael: {} },
    ["scael is not an input of Formation: did you mean scale?"],
  ],
  [
    "a quantity beside an unknown one",
    { scale: { web: UNKNOWN, worker: -1 } },
    ["scale.worker is -1: give a whole number, 0 or more"],
  ],
  ["a type that is none, env unknown", { env: UNKNOWN, scale: { wrk: 1 } }, [noSuch("wrk")]],
  [
    "a registry beside one whose address is unknown",
    { registryAuth: [{ address: UNKNOWN, username: "u", password: "p" }, { address: "" }, UNKNOWN] },
    [
      'registryAuth.1.address is "" (a string): give a registry\'s address such as registry.example.com:5000',
      "registryAuth.1.username is missing: give a string",
      "registryAuth.1.password is missing: give a string",
    ],
  ],
  [
    "a shape beside an unknown Procfile",
    { procfile: UNKNOWN, network: 5 },
    ["network is 5: give a Docker network's name"],
  ],
  [
    "a shape beside unknown processes",
    { processes: UNKNOWN, network: 5 },
    ["network is 5: give a Docker network's name"],
  ],
])("%s is refused", (_, more, expected) => {
  expect(faults(more)).toEqual(expected);
});

test.each<[string, Properties]>([
  [
    "how many hosts there are",
    { hosts: UNKNOWN, processes: { web: { port: 80, bind: "0.0.0.0:80" } }, scale: { web: 2 } },
  ],
  ["which services there are", { backingServices: UNKNOWN, processes: { web: { connections: { db: 99 } } } }],
  ["how many may run", { processes: { web: { max: UNKNOWN } }, scale: { web: 500 } }],
  ["what app.json allows", { appJson: UNKNOWN, scale: { web: 500 } }],
  ["whether two may run", { processes: { clock: { singleton: UNKNOWN } }, scale: { clock: 2 } }],
  ["which types the Procfile has", { procfile: UNKNOWN, restartedAt: { web: "x" } }],
  ["whether env has it", { orchestrator: "swarm", env: UNKNOWN, secretsAsFiles: ["URL"] }],
])("%s is not guessed", (_, more) => {
  expect(faults(more)).toEqual([]);
});

describe("an app that runs", () => {
  const program = (more: Properties = {}): Properties => ({
    app: "shop",
    image: "shop:1",
    update: { monitor: 0 },
    hosts: [{ name: "a", host: "unix:///a" }],
    procfile: "web: run\nclock: run",
    scale: { web: 2, clock: 1 },
    ...more,
  });

  test.each<[string, Properties, string]>([
    [
      "env",
      { env: UNKNOWN, scale: { web: 0 } },
      [
        "formation  web=2 → web=0, clock=1 (kept)",
        "web.1      remove on a   scale down",
        "web.2      remove on a   scale down",
        "clock.1    replace on a  if env changes: known at up, stopped up to 30 s",
        "note: known at up: env",
      ].join("\n"),
    ],
    [
      "registryAuth",
      { registryAuth: UNKNOWN, scale: { web: 1 } },
      [
        "formation  web=2 → web=1, clock=1 (kept)",
        "web.2      remove on a  scale down",
        "note: known at up: registryAuth",
      ].join("\n"),
    ],
    [
      "a registry's address and password",
      { registryAuth: [{ address: UNKNOWN, username: "u", password: UNKNOWN }], pull: "always", scale: { web: 1 } },
      ["formation  web=2 → web=1, clock=1 (kept)", "web.2      remove on a  scale down"].join("\n"),
    ],
    [
      "hosts",
      { hosts: UNKNOWN, scale: { web: 1 } },
      "formation  web=2 → web=1, clock=1 (kept)\nnote: the changes are known at up\nnote: known at up: hosts",
    ],
    [
      "scale",
      { scale: UNKNOWN },
      "formation  web=2 → web=(known at up), clock=1 → clock=(known at up)\nnote: the changes are known at up",
    ],
    ["the Procfile", { procfile: UNKNOWN, scale: {} }, "formation  clock=1, web=2 → known at up: procfile"],
    ["processes", { processes: UNKNOWN, scale: {} }, "formation  clock=1, web=2 → known at up: processes"],
  ])("with %s unknown, shows what is known", async (_, more, plan) => {
    const town = new Town(["a"]);
    town.engines.get("a")!.images.set("shop:1", "id1");
    const ending = await town.up({}, town.checked({}, program()));
    if (ending.kind !== "done") throw new Error(JSON.stringify(ending));
    const { state } = ending;
    expect(await town.preview(state, town.checked(state, program(more)))).toBe(plan);
  });
});
