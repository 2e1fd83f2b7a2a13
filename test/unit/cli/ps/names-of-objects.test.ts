import { historyOf } from "../../../../cli/state/history";
import { appOf } from "../../../../cli/observe/app";
import { rowsOf, running } from "../../../../cli/ps/rows";
import { counts } from "../../../../cli/ps/text";
import type { Properties } from "../../../../provider/core/record/properties";
import { check } from "../../../../provider/lifecycle/check";
import { surroundings } from "../../../support/surroundings";
import { Pulumi, runningIn } from "../../../support/fake/pulumi";
import { Town } from "../../../support/fake/town";

// Names that every JavaScript object has as properties are names like any others.

const settings = { port: 8080, connections: { constructor: 1 }, command: "run" };
const program = (more: Properties = {}): Properties => ({
  app: "constructor",
  image: "shop:1",
  update: { monitor: 0 },
  hosts: [{ name: "a", host: "unix:///a" }],
  processes: { constructor: settings, web: { command: "run" } },
  scale: { constructor: 1 },
  backingServices: { constructor: { maxConnections: 5 } },
  ...more,
});

function inTown(): Pulumi {
  const town = new Town(["a"]);
  town.engines.get("a")!.images.set("shop:1", "id1");
  return new Pulumi(town);
}

test("a type, an app and a service called constructor are deployed, changed and destroyed", async () => {
  const pulumi = inTown();
  expect((await pulumi.up(program())).kind).toBe("done");
  expect(runningIn(pulumi.town)).toEqual(["constructor.constructor.1 on a: run", "constructor.web.1 on a: run"]);
  expect(pulumi.state).toMatchObject({ endpoints: { constructor: [expect.stringMatching(/^127/)] } });
  expect(await pulumi.preview(program())).toBeUndefined();
  await pulumi.up(program({ processes: { web: { command: "run" } }, scale: {}, backingServices: {} }));
  expect(runningIn(pulumi.town)).toEqual(["constructor.web.1 on a: run"]);
  expect((await pulumi.destroy()).kind).toBe("done");
});

test("of a type called constructor that has only a command, nothing is inherited", async () => {
  const pulumi = inTown();
  const bare = program({ processes: {}, procfile: "constructor: run", backingServices: {} });
  expect((await pulumi.up(bare)).kind).toBe("done");
  expect(runningIn(pulumi.town)).toEqual(["constructor.constructor.1 on a: run"]);
});

test("a host without the label that a type asks for has it not, whatever it is called", async () => {
  const placed = program({
    processes: { web: { command: "run", placement: { labels: { constructor: "x" } } } },
    scale: { web: 1 },
  });
  await expect(inTown().up(placed)).rejects.toThrow(/constructor=x/);
});

test.each(["processes", "scale", "env", "backingServices"])("%s.__proto__ is refused, not dropped", (where) => {
  const value =
    where === "processes" ? '{"command":"run"}' : where === "backingServices" ? '{"maxConnections":1}' : "1";
  const given = JSON.parse(`{"${where}":{"__proto__":${value}}}`) as Properties;
  const { [where]: _, ...rest } = program();
  const { faults } = check({}, { ...rest, ...given }, surroundings());
  expect(faults.join("\n")).toMatch(/__proto__/);
});

test("a size called constructor in app.json is none", () => {
  const given = program({ appJson: JSON.stringify({ formation: { web: { quantity: 1, size: "constructor" } } }) });
  expect(check({}, given, surroundings()).faults.join()).toMatch(/size is "constructor"/);
});

/** Properties of every object, except those that no type or app can be called. */
const NAMES = ["constructor", "toString", "hasOwnProperty", "valueOf", "isPrototypeOf", "__defineGetter__"];

test.each(NAMES)("variables, services, labels and connections called %s, from check to ps", async (name) => {
  const pulumi = inTown();
  const named = program({
    app: "shop",
    hosts: [{ name: "a", host: "unix:///a", labels: { [name]: "x" } }],
    processes: {
      web: { ...settings, connections: { [name]: 2 }, placement: { labels: { [name]: "x" } } },
      constructor: { command: "run", connections: {} },
    },
    scale: { web: 2 },
    backingServices: { [name]: { maxConnections: 10 } },
    env: { [name]: "a value" },
  });
  expect((await pulumi.up(named)).kind).toBe("done");
  const { state } = pulumi;
  expect(state).toMatchObject({
    formation: { web: 2, constructor: 0 },
    running: { web: 2, constructor: 0 },
    summary: "web=2, constructor=0",
    budgets: { [name]: { used: 6, limit: 10, detail: "web 2×2 + release overlap 1×2" } },
  });
  expect(pulumi.town.engines.get("a")!.boxes()[0]!.options.Env).toContain(`${name}=a value`);
  expect(await pulumi.preview(named)).toBeUndefined();
  const app = appOf({ urn: "", name: "shop", app: "shop", inputs: state, outputs: state }, "shop/dev");
  const rows = rowsOf(app, { containers: [], lost: ["a"], details: new Map(), usage: new Map() });
  expect(rows.map((row) => `${row.name}: ${row.command}`)).toEqual(["web.1: run", "web.2: run"]);
  expect(counts(app.types, running(app.types, rows), app.formation)).toEqual(["web ?/2", "constructor 0/0"]);
});

test("of a type that is declared no longer, and called constructor, nothing is wanted", () => {
  const inputs = { procfile: "web: run", formation: { web: 1 } };
  const app = appOf({ urn: "", name: "shop", app: "shop", inputs, outputs: {} }, "shop/dev");
  expect(counts(["web", "constructor"], {}, app.formation)).toEqual(["web ?/1", "constructor ?/0"]);
  const former = { type: "constructor", index: 1, host: "a", container: "1" };
  const remembered = appOf(
    { urn: "", name: "shop", app: "shop", inputs, outputs: { instances: [former] } },
    "shop/dev",
  );
  const rows = rowsOf(remembered, { containers: [], lost: ["a"], details: new Map(), usage: new Map() });
  expect(rows.map(({ name, mark }) => [name, mark])).toEqual([
    ["web.1", undefined],
    ["constructor.1", "surplus"],
  ]);
  const line = (formation: string) => `2026-11-24T22:00:01+00:00 formation[api]: Scale to ${formation} by x`;
  const log = [line("web=1"), line("web=1, constructor=2")];
  expect(historyOf(log, []).map(({ changed }) => changed)).toEqual(["web=1", "constructor=2"]);
});

test.each([
  ["a process type", { scale: { web: 1 } }, { procfile: "web: run\n__proto__: run\n" }],
  [
    "a file of a secret",
    { orchestrator: "swarm", hosts: undefined, processes: { web: { command: "run" } } },
    { scale: { web: 1 }, secretsAsFiles: ["toString"] },
  ],
])("%s that nothing can be called is refused", (_, base, more) => {
  const { faults } = check({}, program({ backingServices: {}, ...base, ...more }), surroundings());
  expect(faults.join("\n")).toMatch(/__proto__|toString/);
});

test("stack config for a type that nothing can be called is refused", () => {
  const scaleConfig = JSON.parse('{"shop": {"__proto__": 2}}') as Record<string, Record<string, unknown>>;
  const { faults } = check({}, program({ app: "shop" }), surroundings({ scaleConfig }));
  expect(faults.join("\n")).toMatch(/formation:scale\.shop\.__proto__ is not a process type/);
});
