import type { ObservedHost } from "../../../../../../provider/core/model/observed";
import { parseSpec } from "../../../../../../provider/core/guards/declaration";
import type { ProcessType } from "../../../../../../provider/core/inputs/process-type";
import { placer, type Room } from "../../../../../../provider/orchestrators/docker/plan/placement";
import { hostOf } from "../../../../../support/build";

// Where a process finds a place, and why it finds none.

const capacity = { cpus: 4e9, memory: 4 * 2 ** 30 };

function typeOf(own: object = {}): ProcessType {
  const parsed = parseSpec({ image: "shop:1", processes: { web: { command: "run", ...own } } }, "shop");
  if (parsed.kind !== "spec") throw new Error(JSON.stringify(parsed));
  return parsed.spec.types[0]!;
}

const room = (name: string, more: Partial<Room> = {}): Room => ({
  name,
  labels: {},
  maxProcesses: Infinity,
  abandoned: false,
  ...more,
});

const two = [room("a"), room("b")];
const both = [hostOf("a", { capacity }), hostOf("b", { capacity })];

test("the host with the fewest of the type comes first, then the one with the fewest in all, then the first", () => {
  const [web, worker] = [typeOf(), { ...typeOf(), name: "worker" }];
  const places = placer(two, both);
  places.occupy("a", worker);
  expect([web, web, web, worker].map((type) => places.place(type))).toEqual(["b", "a", "b", "b"]);
  places.vacate("b", web);
  expect(places.place(web)).toBe("a");
});

test.each<[string, object, readonly Room[], readonly ObservedHost[], string]>([
  ["an abandoned host", {}, [room("a", { abandoned: true })], both, "a is abandoned"],
  ["an unreachable host", {}, [room("a")], [hostOf("a", { unreachable: "no route" })], "a cannot be reached"],
  [
    "a label that a host does not have",
    { placement: { labels: { disk: "ssd" } } },
    [room("a", { labels: { disk: "hdd" } })],
    both,
    "a has no label disk=ssd",
  ],
  ["a host that is full", {}, [room("a", { maxProcesses: 0 })], both, "a has 0 of at most 0 processes"],
  ["more CPUs than there are", { size: { cpus: 8 } }, [room("a")], both, "a has 4 CPUs, size.cpus allows 8"],
  [
    "memory that is not there",
    { reservation: { memory: "5Gi" } },
    [room("a")],
    both,
    "a has 4 GiB of 4 GiB memory unreserved, 5 GiB are needed",
  ],
  [
    "CPUs that are not there",
    { reservation: { cpus: 5 } },
    [room("a")],
    both,
    "a has 4 of 4 CPUs unreserved, 5 are needed",
  ],
])("%s takes no process", (_, own, rooms, hosts, why) => {
  const places = placer(rooms, hosts);
  const type = typeOf(own);
  expect(places.place(type)).toBeUndefined();
  expect(places.refusal(type)).toBe(why);
});

test("a fixed port is given once on each host", () => {
  const type = typeOf({ port: 80, bind: "0.0.0.0:8080" });
  const places = placer(two, both);
  expect([places.place(type), places.place(type), places.place(type)]).toEqual(["a", "b", undefined]);
  expect(places.refusal(type)).toBe(
    "a has port 8080 in use by a process of web; b has port 8080 in use by a process of web",
  );
});

test("processes that stay may have come to reserve more than a host has", () => {
  const type = typeOf({ reservation: { cpus: 3, memory: "3Gi" } });
  const places = placer(two, both);
  places.occupy("a", type);
  places.occupy("a", type);
  const ways = "scale a type down, lower a reservation, or add a host and change rebalance";
  expect(places.overfull()).toEqual([
    `a has 4 GiB memory, but its processes reserve 6 GiB together: ${ways}`,
    `a has 4 CPUs, but its processes reserve 6 together: ${ways}`,
  ]);
});
