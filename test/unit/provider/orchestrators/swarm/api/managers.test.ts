import { setTimeout as delay } from "node:timers/promises";
import type { SwarmApi } from "../../../../../../provider/orchestrators/swarm/api/swarm-api";
import { Managers } from "../../../../../../provider/orchestrators/swarm/api/managers";
import { transportTo } from "../../../../../../provider/engine/connect/transports";
import { HttpEngine, type Reply } from "../../../../../support/http-engine";

const engines: HttpEngine[] = [];
afterEach(() => Promise.all(engines.splice(0).map((engine) => engine.close())));

type Replies = Parameters<typeof HttpEngine.start>[0];

async function swarmOf(replies: readonly Replies[], patience: number, said: string[] = []): Promise<Managers> {
  const started = await Promise.all(replies.map((each) => HttpEngine.start(each)));
  engines.push(...started);
  const managers = started.map(({ address }) => ({ address, transport: transportTo({ host: address }, "host") }));
  return new Managers(managers, { patience, waiting: (why) => said.push(why) });
}

const says = (status: number, message: string): Reply => ({ status, body: { message } });
const leaderless = () => says(503, "The swarm does not have a leader");
const nodes = (api: SwarmApi) => api.nodes();
const asked = () => engines.flatMap(({ calls }) => calls).length;
const failure = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: unknown) => (error as Error).message,
  );

test("a Swarm that stays without a leader is waited for once, however many calls there are", async () => {
  const said: string[] = [];
  const swarm = await swarmOf([leaderless, leaderless], 2, said);
  expect(await failure(swarm.call(nodes))).toMatch(/^the Swarm has no leader \(unix:\/\/.*\): The swarm does not/);
  expect(asked()).toBeGreaterThan(2);
  expect(said).toEqual([expect.stringMatching(/^waiting up to 2 s: the Swarm has no leader/)]);

  const before = asked();
  expect(await failure(swarm.call(nodes))).toMatch("the Swarm has no leader");
  expect(asked()).toBe(before + 2);
});

test("once it has answered, it is waited for anew", async () => {
  let isWell = false;
  const replies = () => (isWell ? { body: [] } : leaderless());
  const swarm = await swarmOf([replies, replies], 2);
  expect(await failure(swarm.call(nodes))).toMatch("no leader");
  isWell = true;
  expect(await swarm.call(nodes)).toEqual([]);
  isWell = false;
  const before = asked();
  expect(await failure(swarm.call(nodes))).toMatch("no leader");
  expect(asked()).toBeGreaterThan(before + 2);
});

describe("a manager that answers nonsense is passed over for the next", () => {
  const update = (api: SwarmApi) => api.updateService("1", 1, {}, {});
  const service = async (api: SwarmApi) => (await api.configs({})).map(({ ID }) => ID);
  const page = { status: 502, body: "<html><h1>Bad Gateway</h1></html>", type: "text/html" };
  const rows: readonly (readonly [string, Reply, (api: SwarmApi) => Promise<unknown>, string])[] = [
    ["a broken one", says(500, "database is locked"), nodes, "done"],
    ["a refusal of a change", says(500, "update out of sequence"), update, "a manager of the Swarm: update out of"],
    ["one that is starting", says(503, "starting"), update, "done"],
    ["a proxy's page", page, update, "done"],
    ["a page with success", { body: "<html></html>" }, nodes, "done"],
    ["another server", { body: {} }, service, "done"],
    ["one that is gone", "cut", nodes, "done"],
    ["a worker", says(503, "This node is not a swarm manager."), nodes, "done"],
    ["what is not there", says(404, "service shop_web not found"), nodes, "a manager of the Swarm: service shop_web"],
  ];
  test.each(rows)("%s", async (_, reply, work, ends) => {
    const swarm = await swarmOf([() => reply, () => ({ body: [] })], 0);
    expect(await failure(swarm.call(work))).toMatch(ends);
    expect(engines[1]!.calls).toHaveLength(ends === "done" ? 1 : 0);
  });
});

test("what nobody can be reached with says why, and where", async () => {
  const swarm = await swarmOf([() => says(502, "no upstream")], 0);
  const { address } = engines[0]!;
  expect(await failure(swarm.call(nodes))).toBe(`cannot reach a manager of the Swarm (${address}): no upstream`);
});

test("a frozen manager is passed over after 10 s; one that answers each call 3 s late is slow, but asked", async () => {
  const slow = (call: string) => delay(3_000, call === "GET /swarm" ? { body: { ID: "slow" } } : undefined);
  const swarm = await swarmOf([() => "silence", slow], 0);
  const began = performance.now();
  const ids = await swarm.call(async (api) => {
    const told: string[] = [];
    for (let call = 0; call < 4; call++) told.push((await api.swarm()).ID);
    return told;
  });
  expect(ids).toEqual(["slow", "slow", "slow", "slow"]);
  expect(performance.now() - began).toBeLessThan(10_000 + 4 * 3_000 + 5_000);
}, 60_000);
