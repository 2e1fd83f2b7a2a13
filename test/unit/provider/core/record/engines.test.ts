import { areOne } from "../../../../../provider/core/record/engines";
import type { ObservedHost } from "../../../../../provider/core/model/observed";

const host = (more: Partial<ObservedHost>): ObservedHost => ({
  name: "a",
  address: "unix:///a",
  engine: "id",
  machine: "m",
  containers: ["1"],
  instances: [],
  strangers: [],
  ...more,
});

test.each<[string, Partial<ObservedHost>, Partial<ObservedHost>, boolean]>([
  ["one id, the same containers", {}, {}, true],
  ["one id, and one container that was made between the two looks", { containers: ["1", "2"] }, {}, true],
  ["one id, and nothing there", { containers: [] }, { containers: [] }, true],
  ["ids that change with each look", { engine: "" }, { engine: "" }, true],
  [
    "ids that change with each look, and nothing there",
    { engine: "", containers: [] },
    { engine: "", containers: [] },
    false,
  ],
  ["two ids", { engine: "other" }, {}, false],
  ["clones, one of which has been used since", { containers: [] }, {}, false],
  ["clones that have been used apart", { containers: ["2"] }, {}, false],
  ["clones that were renamed", { machine: "n" }, {}, false],
  ["one that cannot be reached", { unreachable: "cannot reach a" }, {}, false],
])("%s", (_, one, other, expected) => {
  expect([areOne(host(one), host(other)), areOne(host(other), host(one))]).toEqual([expected, expected]);
});
