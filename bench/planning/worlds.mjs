// Scenarios to plan: formations of any size on up to 200 hosts, and the changes wanted of them.
import { createRequire } from "node:module";

const provider = createRequire(new URL("../../dist/provider/", import.meta.url));
const { plan } = provider("./orchestrators/docker/plan/plan.js");
const { formatPlan } = provider("./core/plan/text.js");
const { parseSpec } = provider("./core/guards/declaration.js");

const TYPES = ["web", "worker", "mailer", "api", "jobs"];
const identity = { owner: "shop/dev", key: "0123456789abcdef0123456789abcdef" };
const capacity = { cpus: 1000e9, memory: 2 ** 40 };

/**
 * Makes a spec: two in three processes are started first, one in three is stopped first; a clock is added; memory, CPUs
 * and connections are counted.
 */
function specOf(quantity, more) {
  const shares = { reservation: { cpus: 0.1, memory: "64Mi" }, connections: { db: 5 }, max: 10_000 };
  const ways = {
    web: { port: 8080 },
    mailer: { update: { order: "stop-first" } },
    jobs: { update: { parallelism: 10 } },
  };
  const processes = TYPES.map((type) => [type, { command: `run ${type}`, ...shares, ...ways[type] }]);
  const parsed = parseSpec(
    {
      image: "shop:1",
      env: { DATABASE_URL: "postgres://db/shop", LOG_LEVEL: "info" },
      processes: { ...Object.fromEntries(processes), clock: { command: "tick" } },
      backingServices: { db: { maxConnections: 10 * quantity * TYPES.length } },
      ...more,
    },
    "shop",
  );
  if (parsed.kind !== "spec") throw new Error(JSON.stringify(parsed));
  return parsed.spec;
}

function formationOf(quantity) {
  return { ...Object.fromEntries(TYPES.map((type) => [type, quantity])), clock: 1 };
}

function roomsOf(names) {
  return names.map((name) => ({ name, labels: {}, maxProcesses: Infinity, abandoned: false }));
}

function hostsOf(names, instances = []) {
  const byHost = new Map(names.map((name) => [name, []]));
  for (const one of instances) byHost.get(one.host).push(one);
  return names.map((name) => ({
    name,
    address: `ssh://${name}`,
    engine: name,
    strangers: [],
    imageId: "sha256:1",
    capacity,
    instances: byHost.get(name),
  }));
}

/** Instances that an `up` from nothing leaves. */
function settled(spec, formation, names) {
  const { changes } = plan({ spec, formation, rooms: roomsOf(names), identity }, hostsOf(names));
  return changes.flatMap(({ host, steps }) =>
    steps.flatMap((step) => (step.op === "run" ? [running(host, step.want)] : [])),
  );
}

function running(host, want) {
  const port = want.publish?.hostPorts[0];
  return {
    host,
    container: `${want.name} on ${host}`,
    name: want.name,
    app: want.app,
    owner: want.owner,
    type: want.type,
    index: want.index,
    singleton: want.singleton,
    image: want.image,
    imageId: "sha256:1",
    configuration: want.configuration,
    stopTimeout: want.stopTimeout,
    state: "running",
    createdAt: want.index,
    ...(port === undefined ? {} : { published: { address: "127.0.0.1", port } }),
  };
}

/** Running instances and wanted formation of each scenario, all made before the clock is started. */
export const scenarios = {
  "all from nothing": ({ names, quantity }) => ({ names, quantity, runs: [] }),
  "nothing to do": ({ names, quantity, all }) => ({ names, quantity, runs: all() }),
  "a release of all": ({ names, quantity, all }) => ({ names, quantity, runs: all(), more: { image: "shop:2" } }),
  "half removed": ({ names, quantity, all }) => ({ names, quantity: Math.ceil(quantity / 2), runs: all() }),
  "a release under a tight budget": ({ names, quantity, all }) => ({
    names,
    quantity: Math.floor(quantity * 0.8),
    runs: all(),
    // Connections are one too few for old and new processes side by side.
    more: { image: "shop:2", backingServices: { db: { maxConnections: 5 * quantity * TYPES.length } } },
  }),
  "one host in ten emptied": ({ names, quantity, all }) => ({
    names: names.slice(Math.ceil(names.length / 10)),
    quantity,
    runs: all(),
    before: names,
  }),
  "spread over twice the hosts": ({ names, quantity, all }) => ({
    names,
    quantity,
    runs: all(names.slice(0, names.length / 2)),
    isRebalanced: true,
  }),
};

/** Prepares a scenario. @returns a function that plans, and returns the number of changes */
export function prepare(scenario, processes, hosts) {
  const names = Array.from({ length: hosts }, (_, at) => `host${at + 1}`);
  const quantity = Math.round(processes / TYPES.length);
  const all = (on = names) => settled(specOf(quantity), formationOf(quantity), on);
  const world = scenarios[scenario]({ names, quantity, all });
  const spec = specOf(quantity, world.more);
  const formation = formationOf(world.quantity);
  const observed = hostsOf(world.before ?? names, world.runs);
  const wanted = { spec, formation, rooms: roomsOf(world.names), identity, rebalance: world.isRebalanced === true };
  return () => {
    const planned = plan(wanted, observed);
    if (planned.blocked.length + planned.shortages.length > 0) throw new Error(`${scenario} has no plan`);
    const text = formatPlan({ before: formation, after: formation, sources: {}, order: TYPES }, planned);
    return text.split("\n").length - 1;
  };
}
