import { check } from "../../../../provider/lifecycle/check";
import { remove } from "../../../../provider/lifecycle/delete";
import { diff } from "../../../../provider/lifecycle/diff";
import { REQUEST_VARIABLE, type Request } from "../../../../provider/core/inputs/operator-request";
import * as hooks from "../../../../provider/pulumi/dynamic";
import type { Properties } from "../../../../provider/core/record/properties";
import type { HookContext } from "../../../../provider/orchestrators/hook-context";
import { surroundings } from "../../../support/surroundings";

// Requests of an operator to a formation between two deployments.

const context = surroundings({ connect: () => [] });
const declared = { image: "shop:1", procfile: "web: a\nworker: b\nclock: c\n", scale: { web: 2, worker: 1 } };
const deployed = check({}, declared, context).inputs;
const request: Request = {
  urn: "",
  before: { web: 2, worker: 1, clock: 0 },
  scale: ["web"],
  mayStop: true,
  stopFile: "",
};

function asked(news: Properties, config: Pick<HookContext, "scaleConfig" | "restartConfig">, more: object = {}) {
  return check(deployed, news, { ...context, ...config, request: { ...request, ...more } });
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
    __scaled: { web: 3 },
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
  expect(check({}, declared, { ...context, request }).faults).toEqual([
    "the formation is not deployed yet: run pulumi up first",
  ]);
});

test("stack config restarts types and processes; what is gone is passed over", () => {
  const restartConfig = { shop: { web: "now", "worker.1": "then", "gone.2": "ever" } };
  const program = { ...declared, restartedAt: { clock: "first", web: "old" } };
  expect(check({}, program, { ...context, restartConfig }).inputs["restartedAt"]).toEqual({
    clock: "first",
    web: "now",
    "worker.1": "then",
  });
  expect(asked(declared, { scaleConfig: {}, restartConfig }).inputs["restartedAt"]).toEqual({
    web: "now",
    "worker.1": "then",
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
  const restarts = { ...context, restartConfig: { shop: config as Record<string, unknown> } };
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
    host: "local",
    container: `c${index}`,
    name: `shop.web.${index}`,
    app: "shop",
    owner: "shop/dev",
    type: "web",
    index,
    singleton: false,
    image: "shop:1",
    imageId: "sha:1",
    configuration: "",
    stopTimeout: 30,
    state: "running" as const,
    createdAt: 0,
  });
  const instances = [instance(1), instance(2)];
  const observed = {
    name: "local",
    address: "unix:///x",
    engine: "E",
    strangers: [],
    images: { "shop:1": { id: "sha:1" } },
    instances,
  };
  const host = { name: "local", address: "unix:///x", observe: () => Promise.resolve(observed) };
  const connect = () => [host] as unknown as ReturnType<HookContext["connect"]>;
  const down = asked(declared, { scaleConfig: { shop: { web: 1 } } }).inputs;
  const see = (mayStop: boolean) =>
    diff({ ...deployed, __key: "k" }, down, { ...context, connect, request: { ...request, mayStop } });
  // The remaining process is not stopped, although its configuration and image differ.
  await expect(see(false)).rejects.toThrow(/^running processes would be stopped: web\.2 \(scale down\)$/);
  expect(await see(true)).toBe(true);
});

describe("what an operator has set", () => {
  const scaledTo = (web: number) => asked(declared, { scaleConfig: { shop: { web } } }).inputs;
  const deploy = (olds: Properties, news: Properties, scaleConfig: HookContext["scaleConfig"] = {}) => {
    const said: string[] = [];
    const say = (text: string) => void said.push(text);
    return { ...check(olds, news, { ...context, scaleConfig, say }), said };
  };

  test("stays when the next deployment's stack config knows nothing of it", () => {
    const { inputs } = deploy(scaledTo(7), declared);
    expect(inputs["summary"]).toBe("web=7, worker=1, clock=0");
    expect(deploy(inputs, { ...declared, image: "shop:2" }).inputs["summary"]).toBe("web=7, worker=1, clock=0");
  });

  test("gives way to what the program or stack config says anew", () => {
    const edited = deploy(scaledTo(7), { ...declared, scale: { web: 5, worker: 1 } });
    expect(edited.inputs["summary"]).toBe("web=5, worker=1, clock=0");
    expect(edited.inputs).not.toHaveProperty("__scaled");
    const configured = deploy(scaledTo(7), declared, { shop: { web: 4 } });
    expect(configured.inputs["summary"]).toBe("web=4, worker=1, clock=0");
    expect(deploy(configured.inputs, declared).inputs["summary"]).toBe("web=2, worker=1, clock=0");
  });

  test("is given back: what the program said when it was deployed holds again", () => {
    const scaled = scaledTo(7);
    const before = { web: 7, worker: 1, clock: 0 };
    const { inputs } = check(scaled, declared, {
      ...context,
      request: { ...request, before, scale: ["web"], reset: ["web"] },
    });
    expect(inputs).toEqual(deployed);
  });

  test("of a type that the program says nothing of, the quantity stays when it is given back", () => {
    const declaredLess = { ...declared, scale: { worker: 1 } };
    const first = check({}, declaredLess, context).inputs;
    const before = { web: 1, worker: 1, clock: 0 };
    const scaled = check(first, declaredLess, {
      ...context,
      scaleConfig: { shop: { web: 4 } },
      request: { ...request, before },
    });
    const reset = check(scaled.inputs, declaredLess, {
      ...context,
      request: { ...request, before: { ...before, web: 4 }, reset: ["web"] },
    });
    expect(reset.inputs).toMatchObject({ summary: "web=4, worker=1, clock=0" });
    expect(reset.inputs).not.toHaveProperty("__scaled");
  });

  test("of a type that left is passed over with a warning, again and again; a slip of the pen is not", () => {
    const less = { ...declared, procfile: "web: a\nclock: c\n", scale: { web: 2 } };
    const config = { shop: { worker: 7 } };
    const first = deploy(deployed, less, config);
    expect(first.faults).toEqual([]);
    expect(first.said).toContainEqual(
      "formation:scale.shop.worker is passed over: shop has no process type worker any more; formation scale --reset worker takes it away",
    );
    const second = deploy(first.inputs, less, config);
    expect([second.faults, second.said.length]).toEqual([[], first.said.length]);
    expect(deploy(deployed, declared, { shop: { wrker: 7 } }).faults).toEqual([
      "formation:scale.shop.wrker is not a process type of shop: it has web, worker, clock; correct it, or take it away with pulumi config rm --path formation:scale.shop.wrker",
    ]);
  });
});

test("a plan says what the program says where another number holds", () => {
  const said: string[] = [];
  const fakeless = { ...context, scaleConfig: { shop: { web: 7 } }, say: (text: string) => void said.push(text) };
  check({}, declared, fakeless);
  expect(said.join("\n")).toContain("web=7 (config; the program says 2), worker=1");
});

test.each([
  ["kept", { formation: { web: 3 } }, ["web"]],
  ["set by an operator", { formation: { web: 3 }, __scaled: { web: 3 } }, []],
])("a replacement that would lose a quantity which was %s is refused", async (_, recorded, unsaid) => {
  const removal = remove({ ...deployed, ...recorded }, context, { formation: { web: 2 }, unsaid });
  await expect(removal).rejects.toThrow("would lose quantities that are only recorded: web=3 would be 2");
});
