import type { ServiceSpec } from "../../provider/orchestrators/swarm/plan/service/service";
import { foundIn } from "../support/look-up";
import { startRig, type Rig } from "../support/rig";
import { formSwarm } from "../support/rig/swarm";
import { SwarmApp } from "../support/swarm-app";

// Networks of a real Swarm: every service joins all of them, and is found there by its names.

const SLEEPS = { command: ["/bin/sh", "-c", "while :; do sleep 0.5; done"], stopTimeout: 0 };

let rig: Rig;
let app: SwarmApp | undefined;

beforeAll(async () => {
  rig = await startRig({ engines: 1 });
  await formSwarm(rig);
  for (const Name of ["backend", "frontend"])
    await docker().createNetwork({ Name, Driver: "overlay", Attachable: true });
});

afterAll(async () => {
  app?.pulse.stop();
  await app?.provider.kill();
  await rig?.stop();
});

const docker = () => rig.engines[0]!.docker;
const found = (network: string, names: readonly string[]) => foundIn(docker(), rig.image, network, names);

test("services are found under their names on all their networks, and a change of them is a release", async () => {
  const web = { ...SLEEPS, networks: { backend: {}, frontend: { aliases: ["edge"] } } };
  app = new SwarmApp(rig, { takes: 0 }, { processes: { web, worker_a: SLEEPS }, scale: { web: 1, worker_a: 1 } });
  const { name, provider } = app;
  await app.up({ networks: ["backend"] });
  const names = ["web", `${name}-web`, "worker-a", `${name}-worker-a`, "edge", "nobody"];
  expect(await found("backend", names)).toEqual(names.slice(0, 4));
  expect(await found("frontend", names)).toEqual(["web", `${name}-web`, "edge"]);
  expect(await provider.preview(app.inputs)).toBe(false);

  await app.up({ processes: { web: { ...SLEEPS, networks: ["frontend"] }, worker_a: SLEEPS } });
  expect(await found("backend", names)).toEqual(["worker-a", `${name}-worker-a`]);
  // An engine forgets a name of a service only once no process of it is left there.
  expect(await found("frontend", names)).toEqual(expect.arrayContaining(["web", `${name}-web`]));
  const { Spec } = (await docker().getService(`${name}_web`).inspect()) as { Spec: ServiceSpec };
  expect(Spec.TaskTemplate.Networks.map(({ Aliases }) => Aliases)).toEqual([["web", `${name}-web`]]);
  expect(await provider.preview(app.inputs)).toBe(false);

  await expect(provider.preview({ ...app.inputs, networks: ["backend", "none-such"] })).rejects.toThrow(
    "network none-such is not one of the Swarm's",
  );
  await provider.destroy();
});
