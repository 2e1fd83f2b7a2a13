import {
  absentNetwork,
  swarmLimitRefusal,
  swarmRefusal,
} from "../../../../../../provider/orchestrators/swarm/plan/refusals";
import { planned, specOf, swarm } from "../../../../../support/swarm-scene";

// Inputs that no manager accepts are refused in a preview, as they are on hosts of one's own.

const WEB = { procfile: "web: a\n" };

test.each<[string, object, object, string | undefined]>([
  ["a network that is not there", { network: "net" }, {}, "network net is not one of the Swarm's"],
  ["a network that is there", { network: "net" }, { networks: { net: "n" } }, undefined],
  [
    "networks of which some are not there",
    { networks: ["net", "b", "a"] },
    { networks: { net: "n" } },
    "network a is not one of the Swarm's; network b is not one of the Swarm's",
  ],
  ["the app's network, which no type joins", { network: "net", processes: { web: { networks: [] } } }, {}, undefined],
  ["a network of every node", { network: "host" }, {}, undefined],
])("%s", (_, more, seen, why) => {
  const spec = specOf({ ...WEB, ...more });
  const world = swarm(seen);
  expect(absentNetwork(planned(spec, { web: 1 }, world), world, spec)?.message).toBe(why);
});

test.each<[string, number, string | undefined]>([
  ["as many CPUs as a node has", 2, undefined],
  ["more CPUs than any node has", 3, "processes.web.size.cpus is 3, but no node has more than 2: lower it"],
])("%s", (_, cpus, why) => {
  const spec = specOf({ ...WEB, processes: { web: { size: { cpus } } } });
  expect(swarmLimitRefusal(planned(spec, { web: 1 }, swarm({})), swarm({}), spec)?.message).toBe(why);
});

test("a service that is not ours has the name in whatever case: a Swarm takes no second one", () => {
  const spec = specOf({ procfile: "Sidekiq: a\n" });
  const world = swarm({ strangers: ["shop_sidekiq", "shop_web"] });
  expect(swarmRefusal(planned(spec, { Sidekiq: 1 }, world), world)?.message).toBe(
    "a service that is not ours has the name shop_sidekiq: remove it, or give app another name",
  );
});
