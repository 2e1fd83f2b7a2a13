import { guarded } from "../../../provider/policy";

const type = "pulumi-nodejs:dynamic/formation:Formation";
const props = {
  procfile: "web: npm start\nclock: tick\n",
  processes: { web: { connections: { db: 10 } } },
  backingServices: { db: { maxConnections: 100, reserve: 10 } },
  formation: { web: 2, clock: 1 },
};

test("a policy knows a formation's quantities, singletons and budgets", () => {
  expect(guarded({ type, name: "shop", props })).toEqual({
    app: "shop",
    formation: { web: 2, clock: 1 },
    singletons: ["clock"],
    budgets: { db: { used: 30, limit: 90, detail: "web 2×10 + release overlap 1×10" } },
  });
});

test("what is known only at up does not matter, unless the numbers depend on it", () => {
  const unknown = (key: string) =>
    Object.defineProperty({ ...props }, key, {
      enumerable: true,
      get: () => {
        throw new Error("known at up");
      },
    });
  expect(guarded({ type, name: "shop", props: unknown("image") })).toBeDefined();
  expect(() => guarded({ type, name: "shop", props: unknown("formation") })).toThrow("known at up");
});

test("other resources, and what the provider refuses by itself, are none of a policy's business", () => {
  expect(guarded({ type: "docker:index/network:Network", name: "shop", props })).toBeUndefined();
  expect(guarded({ type, name: "shop", props: { ...props, processes: { wbe: {} } } })).toBeUndefined();
});
