import { statesContract } from "../contract/states";
import { baseImage, docker } from "../support/engine";
import { BUILD_TIMEOUT_MS } from "../support/engine29";
import { startRig, type Rig } from "../support/rig";

const image = baseImage();
let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ engines: 1, docker29: [0] });
}, BUILD_TIMEOUT_MS);
afterAll(() => rig.stop());

statesContract("this machine's engine", () => ({ docker, image, inputs: {} }));
statesContract("Docker 29", () => {
  const { docker: of29, hostArgs } = rig.engines[0]!;
  return { docker: of29, image: rig.image, inputs: { hosts: [hostArgs] } };
});
