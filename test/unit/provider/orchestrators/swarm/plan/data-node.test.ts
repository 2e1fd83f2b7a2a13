import { parseSpec } from "../../../../../../provider/core/guards/declaration";
import { node, planned, specOf, swarm } from "../../../../../support/swarm-scene";

// A volume that each node of a Swarm has for itself is written to on one node alone.

const data = { type: "volume", source: "data", target: "/data" };
const placement = { labels: { disk: "ssd" } };
const processes = (own: object) => ({ processes: { db: { command: "run", mounts: [data], ...own } } });
const labelled = (...names: string[]) =>
  swarm({
    services: [],
    tasks: [],
    nodes: ["n1", "n2"].map((name) => ({ ...node(name), labels: names.includes(name) ? { disk: "ssd" } : {} })),
  });

test.each<[string, string[], number, string[]]>([
  ["one node", ["n1"], 1, []],
  [
    "two nodes",
    ["n1", "n2"],
    1,
    ["volume data of db is on one node, but n1 and n2 have label disk=ssd: leave it to the node that has the data"],
  ],
  ["two nodes, but nothing runs", ["n1", "n2"], 0, []],
])("a label of %s", (_, names, quantity, shortages) => {
  expect(planned(specOf(processes({ placement })), { db: quantity }, labelled(...names)).shortages).toEqual(shortages);
});

const WHY =
  "processes.db.mounts: volume data would be another one, and empty, on each node of a Swarm: give processes.db.placement.labels that one node alone has, or a volume driver whose data every node has";

test.each<[string, object, string[]]>([
  ["no labels", {}, [WHY]],
  ["no labels, and a singleton", { singleton: true }, [WHY]],
  ["labels", { placement }, []],
  ["a volume that is only read", { mounts: [{ ...data, readOnly: true }] }, []],
  ["a volume of a driver", { mounts: [{ ...data, driver: "rexray/ebs" }] }, []],
  ["a network file system", { mounts: [{ ...data, driver: "local", driverOptions: { type: "nfs4" } }] }, []],
  [
    "a path twice",
    { mounts: [{ type: "tmpfs", target: "/a" }], tmpfs: ["/a"] },
    ["processes.db.tmpfs has /a, as mounts has: leave one of them out"],
  ],
])("%s", (_, own, faults) => {
  const parsed = parseSpec({ image: "shop:1", orchestrator: "swarm", ...processes(own) }, "shop");
  expect(parsed.kind === "faults" ? parsed.faults : []).toEqual(faults);
});
