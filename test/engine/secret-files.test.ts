import { connect } from "../../provider/orchestrators/connect";
import { filesContract } from "../contract/files";
import { dockerSubject } from "../support/docker-subject";
import { BUILD_TIMEOUT_MS } from "../support/engine29";
import { startRig, type Rig } from "../support/rig";

// An engine that dies takes its processes along, and starts them again when it is back.

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ engines: 2, docker29: [1] });
}, BUILD_TIMEOUT_MS);
afterAll(() => rig.stop());

describe.each([
  ["20.10", 0],
  ["29", 1],
])("an engine of Docker %s", (version, at) => {
  filesContract(
    `Docker ${version}, killed and back again`,
    () => {
      const { hostArgs, docker } = rig.engines[at]!;
      const [host] = connect([hostArgs], undefined, {});
      return Promise.resolve(dockerSubject(host!, docker, rig.image));
    },
    async () => {
      await rig.kill(at);
      await rig.restart(at);
    },
  );
});
