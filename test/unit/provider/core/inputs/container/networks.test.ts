import { configurationOf } from "../../../../../../provider/core/model/configuration";
import { desiredInstances, desiredOneOff } from "../../../../../../provider/core/model/desired";
import { createOptions } from "../../../../../../provider/orchestrators/docker/container/container";
import { changedByHand } from "../../../../../../provider/orchestrators/swarm/plan/service/compare";
import { desiredOnce, desiredService } from "../../../../../../provider/orchestrators/swarm/plan/service/desired";
import { parseSpec } from "../../../../../../provider/core/guards/declaration";
import { UNKNOWN } from "../../../../../../provider/core/values/unknown";

// Networks of the app and of one type: parsed, digested, told to engines.

const identity = { owner: "shop/dev", key: "key" };

function specOf(app: object, own: object = {}) {
  const read = parseSpec({ image: "shop:1", processes: { Web_a: { command: "a", ...own } }, ...app }, "shop");
  if (read.kind !== "spec") throw new Error(JSON.stringify(read));
  return read.spec;
}

function wanted(app: object, own: object = {}) {
  const spec = specOf(app, own);
  return desiredInstances(spec, spec.types[0]!, identity)(1, "", []);
}

function created(app: object, own: object = {}) {
  const { HostConfig, NetworkingConfig, Labels } = createOptions(wanted(app, own), undefined);
  return [HostConfig?.NetworkMode, NetworkingConfig?.EndpointsConfig, Labels?.["formation.networks"]];
}

const digestOf = (app: object, own: object = {}) => {
  const spec = specOf(app, own);
  return configurationOf(spec, spec.types[0]!, 1, "key").network;
};

function service(app: object, own: object = {}) {
  const spec = specOf({ orchestrator: "swarm", ...app }, own);
  return desiredService(spec, spec.types[0]!, 1, identity, { networks: { backend: "id-b" } }, undefined);
}

const NAMES = ["web-a", "shop-web-a"];

test.each<[string, object, object, unknown[]]>([
  ["none", {}, {}, [undefined, undefined, undefined]],
  ["an engine's own", { network: "bridge" }, {}, ["bridge", undefined, undefined]],
  ["network", { network: "backend" }, {}, ["backend", { backend: { Aliases: NAMES } }, undefined]],
  ["a list of one", { networks: ["backend"] }, {}, ["backend", { backend: { Aliases: NAMES } }, undefined]],
  [
    "aliases",
    { networks: { backend: { aliases: ["db", "web-a"] } } },
    {},
    ["backend", { backend: { Aliases: [...NAMES, "db"] } }, undefined],
  ],
  [
    "several, of which the first by name is told at creation",
    { networks: { frontend: { aliases: ["shop"] }, backend: {} } },
    {},
    ["backend", { backend: { Aliases: NAMES } }, "backend,frontend"],
  ],
  [
    "those of a type in place of the app's",
    { network: "backend" },
    { networks: ["own"] },
    ["own", { own: { Aliases: NAMES } }, undefined],
  ],
  ["a type without any", { networks: ["backend"] }, { networks: [] }, [undefined, undefined, undefined]],
])("an engine is told networks: %s", (_, app, own, told) => {
  expect(created(app, own)).toEqual(told);
});

test("networks are a part of the configuration, in which a single one is as in 0.1", () => {
  expect(digestOf({})).toBeUndefined();
  expect(digestOf({ network: "backend" })).toBe("021e8de609");
  expect(digestOf({ networks: ["backend"] })).toBe("021e8de609");
  expect(digestOf({ network: "other" }, { networks: { backend: {} } })).toBe("021e8de609");
  expect(digestOf({ networks: ["b", "a"] })).toBe(digestOf({ networks: { a: {}, b: { aliases: [] } } }));
  const all = [{ networks: ["a", "b"] }, { networks: ["a"] }, { networks: { a: { aliases: ["x"] } } }, {}];
  expect(new Set(all.map((app) => digestOf(app))).size).toBe(all.length);
});

test.each<[object]>([
  [{ networks: UNKNOWN }],
  [{ networks: ["a", UNKNOWN] }],
  [{ networks: { a: { aliases: [UNKNOWN] } } }],
])("%j that is known at up is told as such in the plan", (app) => {
  expect(digestOf(app)).toBe(UNKNOWN);
  expect(digestOf({}, app)).toBe(UNKNOWN);
});

test("a one-off process joins the networks of the app, under no name of it", () => {
  const app = { networks: { backend: {}, frontend: { aliases: ["shop"] } } };
  const want = desiredOneOff(specOf(app, { networks: ["own"] }), "run", 1, "a", identity);
  expect(want.networks).toEqual([
    { name: "backend", aliases: [] },
    { name: "frontend", aliases: [] },
  ]);
  const once = desiredOnce(specOf({ orchestrator: "swarm", ...app }), "release", "a", identity, {});
  expect(once.TaskTemplate.Networks).toEqual([{ Target: "backend" }, { Target: "frontend" }]);
});

test("a Swarm is told networks by id, as far as it has them, with all names", () => {
  const app = { networks: { backend: {}, frontend: { aliases: ["shop"] } } };
  expect(service(app).TaskTemplate.Networks).toEqual([
    { Target: "id-b", Aliases: NAMES },
    { Target: "frontend", Aliases: [...NAMES, "shop"] },
  ]);
  expect(service({ network: "host" }).TaskTemplate.Networks).toEqual([{ Target: "host" }]);
  expect(service(app, { networks: [] }).TaskTemplate.Networks).toEqual([]);
});

test("a service that an earlier version has made without names is not changed by hand", () => {
  const want = service({ network: "backend" });
  const has = { ...want, TaskTemplate: { ...want.TaskTemplate, Networks: [{ Target: "id-b" }] } };
  expect(changedByHand(want, has)).toEqual([]);
  expect(changedByHand(service({ networks: ["backend", "frontend"] }), has)).toEqual(["network"]);
});
