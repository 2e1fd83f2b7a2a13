import { patienceWith } from "../../../../../provider/core/plan/patience";
import { parseSpec } from "../../../../../provider/core/guards/declaration";
import type { ObservedHost } from "../../../../../provider/core/model/observed";
import { recorded } from "../../../../../provider/core/record/state";
import type { Properties } from "../../../../../provider/core/record/properties";
import { Town } from "../../../../support/fake/town";

// A machine made by the same program answers only a while after it has got its address.

const program = (more: object = {}): Properties => ({
  app: "shop",
  image: "shop:1",
  update: { monitor: 0 },
  processes: { web: { command: "run" } },
  hosts: [{ name: "a", host: "unix:///a", ...more }],
});

function startingIn(seconds: number): Town {
  const town = new Town(["a"]);
  const engine = town.engines.get("a")!;
  engine.images.set("shop:1", "id1");
  engine.isReachable = false;
  town.clock.after(seconds, () => (engine.isReachable = true));
  return town;
}

test("a new host is waited for as long as is said, with progress, and then used", async () => {
  const town = startingIn(60);
  const inputs = town.checked({}, program({ wait: "2m" }));
  expect((await town.up({}, inputs)).kind).toBe("done");
  expect(town.told[0]).toMatch(/^waiting 0 s of at most 2 min: cannot reach a/);
  expect(town.engines.get("a")!.boxes()).toHaveLength(1);
});

test("a host that is not there in time is named", async () => {
  const town = startingIn(200);
  const inputs = town.checked({}, program({ wait: "2m" }));
  expect(await town.up({}, inputs)).toMatchObject({
    kind: "refused",
    why: expect.stringMatching(/^cannot reach a/) as string,
  });
  expect(town.clock.now()).toBeGreaterThanOrEqual(120);
});

test("an operator who asks for what is there already waits for nobody", async () => {
  const town = startingIn(60);
  const inputs = town.checked({}, program({ wait: "2m" }));
  const request = { urn: "", before: {}, scale: [], stopFile: "/none", mayStop: true };
  expect(await town.up({}, inputs, {}, { request })).toMatchObject({ kind: "refused" });
  expect(town.told).toEqual([]);
});

const far = "ssh://deploy@b.example.com";
const lost: Omit<ObservedHost, "address"> = {
  unreachable: "cannot reach b",
  instances: [],
  strangers: [],
  engine: "",
  name: "b",
};

test.each<[string, number, object, Properties, object]>([
  ["a new machine", 300, { host: far }, {}, {}],
  ["one that was there before", 0, { host: far }, { __engines: { [far]: "id" } }, {}],
  ["one that was there before, where that is said", 60, { host: far, wait: "1m" }, { __engines: { [far]: "id" } }, {}],
  ["none, where that is said", 0, { host: far, wait: 0 }, {}, {}],
  ["this machine", 0, { host: "unix:///var/run/docker.sock" }, {}, {}],
  ["one that a person vouches for being off", 0, { host: far, abandoned: true }, {}, {}],
  ["one that no time helps", 0, { host: far }, {}, { isLasting: true }],
])("%s is waited for for %d s", (_, seconds, entry, state, more) => {
  const parsed = parseSpec({ image: "shop:1", procfile: "web: a", hosts: [entry] }, "shop");
  if (parsed.kind !== "spec") throw new Error(JSON.stringify(parsed));
  const address = (entry as { readonly host: string }).host;
  expect(patienceWith([{ ...lost, address, ...more }], parsed.spec, recorded.parse(state))).toBe(seconds);
});
