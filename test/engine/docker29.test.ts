import { connect } from "../../provider/orchestrators/connect";
import { filesContract } from "../contract/files";
import { hostContract } from "../contract/host-contract";
import { settingsContract } from "../contract/settings";
import { orchestratorContract } from "../contract/orchestrator-contract";
import { rebuildWithoutChange } from "../support/rebuilds";
import { dockerSubject } from "../support/docker-subject";
import { uniqueName } from "../support/engine";
import { BUILD_TIMEOUT_MS } from "../support/engine29";
import { Provider } from "../support/provider";
import { startRig, type Rig } from "../support/rig";
import { formSwarm } from "../support/rig/swarm";

// Docker 29, on which the containerd store is the default of new installations.

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ engines: 2, docker29: [0, 1] });
  await formSwarm({ ...rig, engines: rig.engines.slice(1) });
}, BUILD_TIMEOUT_MS);
afterAll(() => rig.stop());

const engine = () => rig.engines[0]!;

test("it is what it is taken for", async () => {
  expect(await engine().docker.version()).toMatchObject({ Version: expect.stringMatching(/^29\./) as string });
  const { DriverStatus } = (await engine().docker.info()) as { DriverStatus: string[][] };
  expect(DriverStatus).toContainEqual(["driver-type", "io.containerd.snapshotter.v1"]);
});

function makeSubject() {
  const { hostArgs, docker } = engine();
  const [host] = connect([hostArgs], undefined, {});
  return Promise.resolve(dockerSubject(host!, docker, rig.image));
}

hostContract("Docker 29", makeSubject);
settingsContract("Docker 29", makeSubject);
filesContract("Docker 29", makeSubject);

const idsOf = async ({ docker }: Rig["engines"][number], app: string, all: boolean) => {
  const filters = { label: [`formation.app=${app}`] };
  return (await docker.listContainers({ all, filters })).map((one) => one.Id);
};

orchestratorContract("docker, on Docker 29", () => ({
  inputs: { hosts: [engine().hostArgs] },
  image: rig.image,
  running: (app) => idsOf(engine(), app, false),
  leftovers: (app) => idsOf(engine(), app, true),
}));

orchestratorContract("swarm, on Docker 29", () => {
  const manager = rig.engines[1]!;
  return {
    inputs: { orchestrator: "swarm", hosts: [manager.hostArgs] },
    image: rig.image,
    running: (app) => idsOf(manager, app, false),
    leftovers: async (app) => {
      const filters = { label: [`formation.app=${app}`] };
      const services = (await manager.docker.listServices({ filters })) as unknown as { readonly ID: string }[];
      return [...services.map((one) => one.ID), ...(await idsOf(manager, app, false))];
    },
  };
});

test("on a Swarm, a build without a change changes nothing", async () => {
  const { docker, hostArgs } = rig.engines[1]!;
  const app = uniqueName("image");
  const image = `${app}:1`;
  const provider = new Provider(app);
  const inputs = {
    image,
    orchestrator: "swarm",
    hosts: [hostArgs],
    update: { monitor: 1 },
    procfile: "release: true\nweb: sleep 1000\nclock: sleep 1000",
    scale: { web: 1, clock: 1 },
  };
  try {
    await docker.getImage(rig.image).tag({ repo: app, tag: "1" });
    await provider.up(inputs);
    const { Id: former } = await docker.getImage(image).inspect();
    await rebuildWithoutChange(docker, image, "second");
    expect((await docker.getImage(image).inspect()).Id).not.toBe(former);
    expect(await provider.preview(inputs)).toBe(false);
  } finally {
    await provider.destroy().finally(() => provider.kill());
  }
});
