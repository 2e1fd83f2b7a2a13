import { Agent } from "node:http";
import { Managers } from "../../provider/hosts/swarm-managers";
import type { Transport } from "../../provider/hosts/transport";

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
    { patience: 0.6, waiting: (why) => said.push(why) },
  );
}

test("a Swarm that stays without a leader is waited for once, however many calls there are", async () => {
  const said: string[] = [];
  const swarm = managers(said);
  await expect(swarm.call(leaderless)).rejects.toThrow(
    /^the Swarm has no leader \(tcp:\/\/a:2376\): The swarm does not/,
  );
  expect(asked).toBeGreaterThan(2);
  expect(said).toEqual([expect.stringMatching(/^waiting up to 0\.6 s: the Swarm has no leader/)]);

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
