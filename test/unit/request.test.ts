import { check, diff } from "../../provider/lifecycle";
import { REQUEST_VARIABLE, type Request } from "../../provider/core/request";
import * as hooks from "../../provider/dynamic";
import type { Properties } from "../../provider/properties";
import type { Surroundings } from "../../provider/world";
import { surroundings } from "../support/surroundings";

// What an operator asks of a formation between two deployments.

const around = surroundings({ connect: () => [] });
const declared = { image: "shop:1", procfile: "web: a\nworker: b\nclock: c\n", scale: { web: 2, worker: 1 } };
const deployed = check({}, declared, around).inputs;
const request: Request = {
  ...{ urn: "", before: { web: 2, worker: 1, clock: 0 }, scale: ["web"] },
  ...{ mayStop: true, stopFile: "" },
};

function asked(news: Properties, config: Pick<Surroundings, "scaleConfig" | "restartConfig">, more: object = {}) {
  return check(deployed, news, { ...around, ...config, request: { ...request, ...more } });
}

test("only the types that are named change, whatever stack config says of others", () => {
  const { inputs, kept } = asked(declared, { scaleConfig: { shop: { web: 3, worker: 5 } } });
  expect(inputs).toMatchObject({ summary: "web=3, worker=1, clock=0" });
  expect(kept).toEqual([]);
});

test("what the program says by now waits for the next deployment", () => {
  const program = { ...declared, image: "shop:2", scale: { worker: 9 }, env: { A: "1" } };
  const { inputs, kept } = asked(program, { scaleConfig: { shop: { web: 3 } } });
  expect(inputs).toEqual({
    ...deployed,
    formation: { web: 3, worker: 1, clock: 0 },
    summary: "web=3, worker=1, clock=0",
  });
  expect(kept).toEqual(["image", "scale"]);
});

test.each([
  [{ shop: { clock: 2 } }, ["clock"], "clock is a singleton: asked for 2, at most 1 may run"],
  [{ shop: { web: -1 } }, ["web"], "formation:scale.shop.web is -1"],
  [{ shop: { web: 101 } }, ["web"], "web is scaled to 101, 0 to 100 are allowed"],
])("%j is refused as in a deployment", (scaleConfig, scale, fault) => {
  expect(asked(declared, { scaleConfig }, { scale }).faults).toEqual([expect.stringContaining(fault)]);
});

test("a request on a formation that has changed meanwhile is refused", () => {
  const { faults } = asked(
    declared,
    { scaleConfig: { shop: { web: 3 } } },
    { before: { web: 4, worker: 1, clock: 0 } },
  );
  expect(faults).toEqual([
    "somebody has changed the formation meanwhile: it is web=2, worker=1, clock=0, no longer web=4, worker=1, clock=0; run the command again",
  ]);
  expect(check({}, declared, { ...around, request }).faults).toEqual([
    "the formation is not deployed yet: run pulumi up first",
  ]);
});

test("stack config restarts types and processes; what is gone is passed over", () => {
  const restartConfig = { shop: { web: "now", "worker.1": "then", "gone.2": "ever" } };
  const program = { ...declared, restartedAt: { clock: "first", web: "old" } };
  expect(check({}, program, { ...around, restartConfig }).inputs["restartedAt"]).toEqual({
    ...{ clock: "first", web: "now", "worker.1": "then" },
  });
  expect(asked(declared, { scaleConfig: {}, restartConfig }).inputs["restartedAt"]).toEqual({
    ...{ web: "now", "worker.1": "then" },
  });
});

test.each<[string, object, object, object, object]>([
  ["nobody names it any more", {}, {}, { web: "t1" }, { web: "t1" }],
  [
    "the program has it no longer, config of another",
    { web: "t1" },
    { worker: "t2" },
    { web: "t0" },
    { web: "t1", worker: "t2" },
  ],
  ["an empty text says nothing", {}, { worker: "" }, { web: "t1" }, { web: "t1" }],
  ["config comes before the program", { web: "t2" }, { web: "t3" }, { web: "t1" }, { web: "t3" }],
  [
    "an earlier time is told by somebody who does not know of the later restart",
    {},
    { web: "2026-11-01T00:00:00.000Z" },
    { web: "2026-11-02T00:00:00.000Z" },
    { web: "2026-11-02T00:00:00.000Z" },
  ],
])("a restart is done once: %s", (_, program, config, before, expected) => {
  const olds = { ...deployed, restartedAt: before };
  const restarts = { ...around, restartConfig: { shop: config as Record<string, unknown> } };
  expect(check(olds, { ...declared, restartedAt: program }, restarts).inputs["restartedAt"]).toEqual(expected);
});

test("an operator's request neither creates nor deletes, whoever asks", async () => {
  process.env[REQUEST_VARIABLE] = JSON.stringify(request);
  try {
    await expect(hooks.create(deployed)).rejects.toThrow("change what is deployed, and never create it");
    await expect(hooks.remove("id", deployed)).rejects.toThrow("change what is deployed, and never delete it");
  } finally {
    Reflect.deleteProperty(process.env, REQUEST_VARIABLE);
  }
});

test("a stop that the operator does not know of is refused before anything is touched", async () => {
  const instance = (index: number) => ({
    ...{ host: "local", container: `c${index}`, name: `shop.web.${index}`, app: "shop", owner: "shop/dev" },
    ...{ type: "web", index, singleton: false, image: "shop:1", imageId: "sha:1", configuration: "" },
    ...{ stopTimeout: 30, state: "running" as const, createdAt: 0 },
  });
  const instances = [instance(1), instance(2)];
  const observed = { name: "local", address: "unix:///x", engine: "E", strangers: [], imageId: "sha:1", instances };
  const host = { name: "local", address: "unix:///x", observe: () => Promise.resolve(observed) };
  const connect = () => [host] as unknown as ReturnType<Surroundings["connect"]>;
  const down = asked(declared, { scaleConfig: { shop: { web: 1 } } }).inputs;
  const see = (mayStop: boolean) =>
    diff({ ...deployed, __key: "k" }, down, { ...around, connect, request: { ...request, mayStop } });
  // Another configuration and image are no reason to stop the other one.
  await expect(see(false)).rejects.toThrow(/^running processes would be stopped: web\.2 \(scale down\)$/);
  expect(await see(true)).toBe(true);
});
