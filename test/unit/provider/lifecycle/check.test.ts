import { check } from "../../../../provider/lifecycle/check";
import { surroundings } from "../../../support/surroundings";

const context = surroundings();
const procfile = "web: a\nworker: b\nclock: c\n";

test("the full formation becomes an input, by the rules of scale", () => {
  const first = check({}, { image: "shop:1", procfile, scale: { worker: 2 } }, context);
  expect(first.inputs).toMatchObject({
    formation: { web: 1, worker: 2, clock: 0 },
    summary: "web=1, worker=2, clock=0",
  });
  const second = check(first.inputs, { image: "shop:1", procfile, scale: { clock: 1 } }, context);
  expect(second.inputs).toMatchObject({ summary: "web=1, worker=2, clock=1" });
  const config = { ...context, scaleConfig: { shop: { web: 3 } } };
  expect(check(second.inputs, { image: "shop:1", procfile, scale: { web: 1 } }, config).inputs).toMatchObject({
    summary: "web=3, worker=2, clock=1",
  });
});
