import { engineError, NoEngine } from "../../../../../../provider/engine/errors";
import { Refusal } from "../../../../../../provider/engine/refusal";
import { troubleOf } from "../../../../../../provider/orchestrators/swarm/api/errors";

const manager = { name: "a", address: "tcp://raft.example.com:2376", explain: () => undefined };
const refusal = (status: number, words: string) => engineError(new Refusal(status, words), manager);

test.each([
  [503, "rpc error: code = Unknown desc = The swarm does not have a leader.", "leaderless"],
  [500, "rpc error: code = Unknown desc = raft: raft message is too large and can't be sent", "leaderless"],
  [503, "This node is not a swarm manager.", "worker"],
  [400, "secret 'minecraft_1a2b' is in use by the following service: minecraft_web", undefined],
  [404, "network draft-net not found", undefined],
  [400, "port '8080' is already in use by service 'aircraft_web'", undefined],
])("%i: %s", (status, message, kind) => {
  expect(troubleOf(refusal(status, message), manager)?.kind).toBe(kind);
});

test.each([
  ["no connection", new Error("connect ECONNREFUSED 10.0.0.1:2376")],
  ["a proxy's page", new NoEngine("<h1>503 Service Unavailable</h1>", 503)],
])("%s says nothing of a leader, whatever words are in it", (_, error) => {
  expect(troubleOf(engineError(error, manager), manager)?.kind).toBe("unreachable");
});
