import type { Properties } from "../../provider/properties";
import { check } from "../../provider/lifecycle";
import { surroundings } from "../support/surroundings";
import { Pulumi, runningIn } from "../support/fake/pulumi";
import { Town } from "../support/fake/town";

// A name that every object has by itself is a name like any other.

const settings = { port: 8080, connections: { constructor: 1 }, command: "run" };
const program = (more: Properties = {}): Properties => ({
  ...{ app: "constructor", image: "shop:1", update: { monitor: 0 }, hosts: [{ name: "a", host: "unix:///a" }] },
  ...{ processes: { constructor: settings, web: { command: "run" } }, scale: { constructor: 1 } },
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
