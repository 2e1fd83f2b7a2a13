import { observations } from "../../../../../provider/core/record/outputs-of";
import type { ObservedInstance } from "../../../../../provider/core/model/observed";
import { parseSpec } from "../../../../../provider/core/guards/declaration";

function seen(host: string, index: number, container: string): ObservedInstance {
  return {
    host,
    container,
    name: `shop.web.${index}`,
    app: "shop",
    owner: "shop/dev",
    type: "web",
    index,
    singleton: false,
    image: "shop:1",
    imageId: "id1",
    stopTimeout: 30,
    state: "running",
    createdAt: 1,
    configuration: "",
  };
}

// A Swarm keeps tasks that it cannot reach beside their replacements, and lists its tasks in any order.
test("processes of the same number are told in the same order, whatever the order an engine lists them in", () => {
  const parsed = parseSpec({ image: "shop:1", procfile: "web: a\n" }, "shop");
  if (parsed.kind !== "spec") throw new Error(JSON.stringify(parsed));
  const all = [seen("c", 2, "5"), seen("a", 2, "9"), seen("c", 1, "7"), seen("c", 1, "3")];
  const told = (instances: ObservedInstance[]) =>
    observations([{ name: "all", address: "", engine: "A", strangers: [], instances }], { web: 2 }, parsed.spec);
  expect(told(all).instances.map(({ host, container }) => [host, container])).toEqual([
    ["c", "3"],
    ["c", "7"],
    ["a", "9"],
    ["c", "5"],
  ]);
  expect(told([...all].reverse())).toEqual(told(all));
});
