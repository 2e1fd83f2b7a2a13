import { inputs } from "../../../../provider/core/inputs/inputs";
import { UNKNOWN } from "../../../../provider/core/values/unknown";
import { check } from "../../../../provider/lifecycle/check";
import { nodesIn } from "../../../support/input-nodes";
import { surroundings } from "../../../support/surroundings";

// The types say that an input may be an output at any depth, so a preview must bear it there.

const rows = nodesIn(inputs).map((node) => [node.path, node] as const);

test.each(rows)("%s may be known only at up", (_, { example, around }) => {
  const declared = { procfile: "web: run", ...(around(UNKNOWN, UNKNOWN) as object) };
  const { faults } = check({}, declared, surroundings());
  expect(faults.filter((fault) => fault.startsWith(`${example} `))).toEqual([]);
});
