import { connect } from "../../provider/orchestrators/connect";
import { hostContract } from "../contract/host-contract";
import { dockerSubject } from "../support/docker-subject";
import { startRig, type Rig } from "../support/rig";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ engines: 2, tls: [0], ssh: [1] });
});
afterAll(() => rig.stop());

describe.each([
  ["tcp with TLS", 0],
  ["ssh", 1],
])("over %s", (name, index) => {
  hostContract(name, async () => {
    const { hostArgs, docker } = rig.engines[index]!;
    const [host] = connect([hostArgs], undefined, {});
    return dockerSubject(host!, docker, rig.image);
  });
});
