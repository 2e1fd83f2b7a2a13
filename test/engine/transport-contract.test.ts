import { connect } from "../../provider/hosts/connect";
import { hostContract } from "../contract/host-contract";
import { dockerRig } from "../support/docker-rig";
import { startRig, type Rig } from "../support/rig";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ engines: 2, tls: [0], ssh: [1] });
});
afterAll(() => rig.stop());

for (const [transport, index] of [
  ["tcp with TLS", 0],
  ["ssh", 1],
] as const) {
  hostContract(transport, async () => {
    const { hostArgs, docker } = rig.engines[index]!;
    const [host] = connect([hostArgs], undefined, {});
    return dockerRig(host!, docker, rig.image);
  });
}
