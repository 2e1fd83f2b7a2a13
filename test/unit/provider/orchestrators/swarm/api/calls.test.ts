import type { ServiceSpec } from "../../../../../../provider/orchestrators/swarm/plan/service/service";
import { SwarmEngine } from "../../../../../../provider/orchestrators/swarm/api/swarm-engine";
import { Managers } from "../../../../../../provider/orchestrators/swarm/api/managers";
import { transportTo } from "../../../../../../provider/engine/connect/transports";
import { frame } from "../../../../../support/frame";
import { HttpEngine, type Reply } from "../../../../../support/http-engine";

// The meaning of a manager's answer to each call.

let engine: HttpEngine;
afterEach(() => engine.close());

async function swarmThat(replies: Readonly<Record<string, Reply>>): Promise<SwarmEngine> {
  engine = await HttpEngine.start((call) => replies[call]);
  const transport = transportTo({ host: engine.address }, "host");
  return new SwarmEngine(new Managers([{ address: engine.address, transport }], { patience: 0 }));
}

const outcome = (work: Promise<unknown>) =>
  work.then(
    (value) => `done ${JSON.stringify(value ?? null)}`,
    (error: unknown) => `${(error as { code?: string }).code}: ${(error as Error).message}`,
  );
const says = (status: number, message: string): Reply => ({ status, body: { message } });

const spec = { Name: "shop_web", TaskTemplate: { ContainerSpec: { Image: "shop:1" } } } as unknown as ServiceSpec;
const seen = { id: "s1", version: 7, spec, meshPorts: [] };
const claim = { app: "shop", generation: 1, identity: "i", owner: "shop/dev", resource: "", run: "", address: "" };
const there = { ID: "c1", Spec: { Name: "shop.claim.1", Labels: {} } };
const dressed = (words: string) => `rpc error: code = Unknown desc = ${words}`;
const TIME = "2026-11-23T15:04:05.000000001Z";

const rows: readonly (readonly [
  title: string,
  replies: Readonly<Record<string, Reply>>,
  work: (swarm: SwarmEngine) => Promise<unknown>,
  ends: string | RegExp,
])[] = [
  [
    "a service that is there already",
    { "POST /services/create": says(409, dressed("name conflicts with an existing object: service shop_web")) },
    (swarm) => swarm.create(spec, []),
    "done []",
  ],
  [
    "a service that is refused",
    { "POST /services/create": says(400, dressed("port '80' is already in use by service 'a'")) },
    (swarm) => swarm.create(spec, []),
    "EngineRefused: the Swarm: port '80' is already in use by service 'a'",
  ],
  [
    "a service that has changed meanwhile",
    { "POST /services/s1/update": says(500, dressed("update out of sequence")) },
    (swarm) => swarm.update(seen, spec, []),
    "OutOfSequence: update out of sequence",
  ],
  [
    "a change whose answer is lost, twice",
    { "POST /services/s1/update": "cut" },
    (swarm) => swarm.update(seen, spec, []),
    /^HostUnreachable: cannot reach a manager of the Swarm \(unix:.*\): socket hang up$/,
  ],
  [
    "a service that is gone",
    { "GET /services/shop_web": says(404, "service shop_web not found") },
    (swarm) => swarm.service("shop_web"),
    "done null",
  ],
  [
    "a removal of what is gone",
    { "DELETE /services/s1": says(404, "service s1 not found") },
    (swarm) => swarm.remove("s1"),
    "done null",
  ],
  [
    "a secret",
    { "POST /secrets/create": { body: { ID: "x1" } } },
    (swarm) => swarm.createSecret("a", "b", {}),
    'done "x1"',
  ],
  [
    "a secret that is there already",
    { "POST /secrets/create": says(409, dressed("secret a already exists")) },
    (swarm) => swarm.createSecret("a", "b", {}),
    'done ""',
  ],
  [
    "a secret that is still used",
    { "DELETE /secrets/a": says(400, dressed("secret 'a' is in use by the following service: minecraft_web")) },
    (swarm) => swarm.removeSecret("a"),
    "done null",
  ],
  [
    "a claim that somebody else has written",
    {
      "POST /configs/create": says(409, dressed("config shop.claim.1 already exists")),
      "GET /configs/shop.claim.1": { body: there },
    },
    async (swarm) => (await swarm.claim(claim)).identity,
    'done ""',
  ],
  [
    "a removal of a claim that is gone",
    { "DELETE /configs/shop.claim.1": says(404, "config shop.claim.1 not found") },
    (swarm) => swarm.unclaim(claim),
    "done null",
  ],
  [
    "the last lines of a task",
    { "GET /tasks/t1/logs": { body: Buffer.concat([frame(1, `${TIME} a\n`), frame(2, `${TIME} b\n`)]) } },
    (swarm) => swarm.lastLines("t1", 20),
    'done "a\\nb"',
  ],
  [
    "the last lines of a task whose node cannot be asked",
    { "GET /tasks/t1/logs": { body: frame(3, "error from daemon in stream") } },
    (swarm) => swarm.lastLines("t1", 20),
    'done ""',
  ],
  [
    "the last lines of a task that are refused",
    { "GET /tasks/t1/logs": says(500, "warning: incomplete log stream") },
    (swarm) => swarm.lastLines("t1", 20),
    'done ""',
  ],
];

test.each(rows)("%s", async (_, replies, work, ends) => {
  const swarm = await swarmThat(replies);
  const told = await outcome(work(swarm));
  if (typeof ends === "string") expect(told).toBe(ends);
  else expect(told).toMatch(ends);
  expect(new Set(engine.calls)).toEqual(new Set(Object.keys(replies)));
  swarm.close();
});

test("the last lines of a task come within their time, also when no more of them do", async () => {
  const begun = { body: { parts: [], then: "silence" } } as const;
  const swarm = await swarmThat({ "GET /tasks/t1/logs": begun });
  const began = performance.now();
  expect(await swarm.lastLines("t1", 20)).toBe("");
  expect(performance.now() - began).toBeLessThan(8_000);
}, 20_000);
