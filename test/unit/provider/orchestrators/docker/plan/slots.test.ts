import type { ObservedInstance } from "../../../../../../provider/core/model/observed";
import { assignSlots } from "../../../../../../provider/orchestrators/docker/plan/slots";
import { instanceOf } from "../../../../../support/build";

// Which containers keep their slots, which go, and which slots are filled.

const standing = {
  isCurrent: ({ configuration }: ObservedInstance) => configuration !== "old",
  isNamed: ({ name }: ObservedInstance) => !name.endsWith(".old"),
  isKnown: ({ container }: ObservedInstance) => !container.startsWith("by hand"),
};

const web = (index: number, more: Partial<ObservedInstance> = {}) => instanceOf(`web.${index}`, more);
const stopped = { state: "exited" } as const;
const unseen = { state: "unknown" } as const;
const old = { configuration: "old" };

test.each<[string, readonly ObservedInstance[], number, string]>([
  ["nothing is there", [], 2, "free 1 2"],
  ["as many as are wanted", [web(1), web(2)], 2, "kept 1 2"],
  ["a gap is filled first", [web(1), web(3)], 3, "kept 1 3, free 2"],
  ["the highest index goes", [web(1), web(2), web(3)], 2, "kept 1 2, surplus 3"],
  ["a stopped one goes before a running one", [web(1, stopped), web(2)], 1, "kept 2, surplus 1"],
  ["one on an unreachable host goes before a running one", [web(1, unseen), web(2)], 1, "kept 2, surplus 1"],
  ["a stopped one goes before one on an unreachable host", [web(1, stopped), web(2, unseen)], 1, "kept 2, surplus 1"],
  ["one of an old configuration goes before a current one", [web(1, old), web(2)], 1, "kept 2, surplus 1"],
  [
    "a running one of an old configuration stays before a stopped one",
    [web(1, stopped), web(2, old)],
    1,
    "kept 2, surplus 1",
  ],
  ["of two in a slot the running one stays", [web(1, stopped), web(1, { container: "b" })], 1, "kept 1, twins 1"],
  ["nothing is wanted", [web(1), web(2)], 0, "surplus 1 2"],
])("%s", (_, instances, quantity, expected) => {
  const slots = assignSlots(instances, quantity, standing);
  const shown = (["kept", "surplus", "twins", "free"] as const).flatMap((what) => {
    const all = slots[what].map((one) => (typeof one === "number" ? one : one.index));
    return all.length === 0 ? [] : `${what} ${all.join(" ")}`;
  });
  expect(shown.join(", ")).toBe(expected);
});

test.each<[string, ObservedInstance, ObservedInstance]>([
  ["has its slot's name", web(1, { container: "b" }), web(1, { name: "shop.web.1.old", container: "a" })],
  ["was left by the last update", web(1, { container: "b" }), web(1, { container: "by hand" })],
  ["is older", web(1, { container: "b" }), web(1, { container: "a", createdAt: 2 })],
])("of two that run in one slot, that one stays which %s", (_, stays, goes) => {
  for (const all of [
    [stays, goes],
    [goes, stays],
  ])
    expect(assignSlots(all, 1, standing)).toMatchObject({ kept: [stays], twins: [goes] });
});
