import { Agent } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { Managers } from "../../provider/hosts/swarm-managers";
import type { Transport } from "../../provider/hosts/transport";
import { transportTo } from "../../provider/hosts/transports";
import { HttpEngine } from "../support/http-engine";

const transport: Transport = {
  options: { agent: new Agent() },
  ready: () => Promise.resolve(),
  explain: () => undefined,
  close: () => undefined,
};

let asked = 0;
const leaderless = () => {
  asked++;
  return Promise.reject(Object.assign(new Error("The swarm does not have a leader"), { statusCode: 503 }));
};

beforeEach(() => (asked = 0));

function managers(said: string[] = []): Managers {
  const addresses = ["tcp://a:2376", "tcp://b:2376"];
  return new Managers(
    addresses.map((address) => ({ address, transport })),
    { patience: 2, waiting: (why) => said.push(why) },
  );
}

test("a Swarm that stays without a leader is waited for once, however many calls there are", async () => {
  const said: string[] = [];
  const swarm = managers(said);
  await expect(swarm.call(leaderless)).rejects.toThrow(
    /^the Swarm has no leader \(tcp:\/\/a:2376\): The swarm does not/,
  );
  expect(asked).toBeGreaterThan(2);
  expect(said).toEqual([expect.stringMatching(/^waiting up to 2 s: the Swarm has no leader/)]);

  asked = 0;
  await expect(swarm.call(leaderless)).rejects.toThrow("the Swarm has no leader");
  expect(asked).toBe(2);
});

test("once it has answered, it is waited for anew", async () => {
  const swarm = managers();
  await expect(swarm.call(leaderless)).rejects.toThrow();
  expect(await swarm.call(() => Promise.resolve("answered"))).toBe("answered");
  asked = 0;
  await expect(swarm.call(leaderless)).rejects.toThrow();
  expect(asked).toBeGreaterThan(2);
});

describe("a manager that answers nonsense is passed over for the next", () => {
  const answered = (statusCode: number, message: string) => Object.assign(new Error(message), { statusCode });
  const rows: readonly (readonly [title: string, error: Error, isLook: boolean, ends: string])[] = [
    ["a broken one", answered(500, "database is locked"), true, "the second answered"],
    ["a refusal of a change", answered(500, "update out of sequence"), false, "update out of sequence"],
    ["one that is starting", answered(503, "starting"), false, "the second answered"],
    ["a proxy's page", answered(502, "<html><h1>Bad Gateway</h1></html>"), false, "the second answered"],
    ["a page with success", new TypeError("all.map is not a function"), true, "the second answered"],
    ["what is not there", answered(404, "service shop_web not found"), true, "service shop_web not found"],
  ];
  test.each(rows)("%s", async (_, error, isLook, ends) => {
    let calls = 0;
    const work = () => (++calls === 1 ? Promise.reject(error) : Promise.resolve("the second answered"));
    const told = await managers()
      .call(work, isLook)
      .catch((refusal: unknown) => (refusal as Error).message);
    expect(told).toBe(ends);
  });
});

test("a frozen manager is passed over after 10 s; one that answers each call 3 s late is slow, but asked", async () => {
  const [frozen, slow] = await Promise.all([
    HttpEngine.start(() => "silence"),
    HttpEngine.start((call) => delay(3_000, call === "GET /info" ? { body: { ID: "slow" } } : undefined)),
  ]);
  const swarm = new Managers(
    [frozen, slow].map(({ address }) => ({ address, transport: transportTo({ host: address }, "host") })),
    { patience: 0 },
  );
  const began = performance.now();
  const ids = await swarm.call(async (docker) => {
    const asked: string[] = [];
    for (let call = 0; call < 4; call++) asked.push(((await docker.info()) as { ID: string }).ID);
    return asked;
  });
  expect(ids).toEqual(["slow", "slow", "slow", "slow"]);
  expect(performance.now() - began).toBeLessThan(10_000 + 4 * 3_000 + 5_000);
  await Promise.all([frozen, slow].map((engine) => engine.close()));
}, 60_000);
