import type Docker from "dockerode";
import { orchestratorContract, type OrchestratorSubject } from "../contract/orchestrator-contract";
import { startRig, type Rig } from "../support/rig";
import { formSwarm } from "../support/rig/swarm";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ engines: 3 });
  // The last engine stays outside the Swarm.
  await formSwarm({ ...rig, engines: rig.engines.slice(0, 2) }, 1);
});
afterAll(() => rig.stop());

const ofApp = (app: string) => ({ filters: { label: [`formation.app=${app}`] } });
const idsOn = async (docker: Docker, app: string, all: boolean) =>
  (await docker.listContainers({ all, ...ofApp(app) })).map((one) => one.Id);

orchestratorContract("docker", (): OrchestratorSubject => {
  const { hostArgs, docker } = rig.engines[2]!;
  return {
    inputs: { hosts: [hostArgs] },
    image: rig.image,
    running: (app) => idsOn(docker, app, false),
    leftovers: (app) => idsOn(docker, app, true),
  };
});

orchestratorContract("swarm", (): OrchestratorSubject => {
  const [manager, worker] = rig.engines.map(({ docker }) => docker);
  return {
    inputs: { orchestrator: "swarm", hosts: [rig.engines[0]!.hostArgs] },
    image: rig.image,
    running: async (app) => [...(await idsOn(manager!, app, false)), ...(await idsOn(worker!, app, false))],
    leftovers: async (app) => {
      const services = (await manager!.listServices(ofApp(app))) as unknown as { readonly ID: string }[];
      const running = [...(await idsOn(manager!, app, false)), ...(await idsOn(worker!, app, false))];
      return [...services.map((one) => one.ID), ...running];
    },
  };
});
