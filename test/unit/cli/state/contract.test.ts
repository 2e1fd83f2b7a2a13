import { contractOf } from "../../../../cli/state/contract";

const formation = { web: 1, clock: 0 };
const outputs = {
  __state: 1,
  formation,
  running: formation,
  endpoints: {},
  release: "1f2e3d4c",
  log: [],
  summary: "web=1",
  budgets: { db: { used: 20, limit: 90, detail: "web 1×10 + release overlap 1×10" } },
  instances: [
    {
      name: "web.1",
      type: "web",
      index: 1,
      host: "a",
      container: "c1",
      state: "running",
      since: "2026-11-23T15:04:05.000Z",
      release: "1f2e3d4c",
    },
  ],
};
const recorded = { urn: "urn", name: "shop", app: "shop", inputs: { formation }, outputs };
const HINT = "update this command and the program to the same version, then run pulumi up";

test("outputs are taken as the schema has them", () => {
  expect(contractOf(recorded)).toMatchObject({ formation, budgets: { db: { limit: 90 } } });
});

test("an app of which nothing was ever written has nothing", () => {
  expect(contractOf({ ...recorded, outputs: {} })).toMatchObject({ formation, instances: [], log: [] });
});

test.each<[string, object, string]>([
  [
    "of a newer version",
    { __state: 99 },
    "the state of shop cannot be read: it was written as version 99, this command reads up to 1",
  ],
  [
    "of another shape",
    { running: { web: "one" }, budgets: { db: { used: 20 } } },
    "the state of shop cannot be read: /running/web must be integer; /budgets/db must have required property 'detail'; /budgets/db must have required property 'limit'",
  ],
])("outputs %s are refused", (_, other, message) => {
  const read = () => contractOf({ ...recorded, outputs: { ...outputs, ...other } });
  expect(read).toThrow(expect.objectContaining({ code: "InvalidState", message, hint: HINT }) as Error);
});
