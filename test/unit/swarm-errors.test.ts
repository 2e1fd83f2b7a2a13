import { troubleOf } from "../../provider/hosts/swarm-errors";

const refusal = (statusCode: number, message: string) => Object.assign(new Error(message), { statusCode });

test.each([
  [503, "rpc error: code = Unknown desc = The swarm does not have a leader.", "leaderless"],
  [500, "rpc error: code = Unknown desc = raft: raft message is too large and can't be sent", "leaderless"],
  [503, "This node is not a swarm manager.", "worker"],
  [400, "secret 'minecraft_1a2b' is in use by the following service: minecraft_web", undefined],
  [404, "network draft-net not found", undefined],
  [400, "port '8080' is already in use by service 'aircraft_web'", undefined],
])("%i: %s", (status, message, kind) => {
  expect(troubleOf(refusal(status, message))?.kind).toBe(kind);
});
