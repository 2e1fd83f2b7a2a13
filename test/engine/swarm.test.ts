import { SwarmEngine } from "../../provider/orchestrators/swarm/api/swarm-engine";
import { Managers } from "../../provider/orchestrators/swarm/api/managers";
import type { ServiceSpec } from "../../provider/orchestrators/swarm/plan/service/service";
import { withReplicas } from "../../provider/orchestrators/swarm/plan/service/service";
import { putService } from "../../provider/orchestrators/swarm/put-service";
import type { Properties } from "../support/provider";
import { EXAMPLES } from "../support/settings";
import { startRig, type Rig } from "../support/rig";
import { formSwarm } from "../support/rig/swarm";
import { managersOf, SwarmApp } from "../support/swarm-app";

let rig: Rig;
let engine: SwarmEngine;
const apps: SwarmApp[] = [];

beforeAll(async () => {
  rig = await startRig({ engines: 3 });
  await formSwarm(rig);
  const managers = managersOf(rig);
  engine = new SwarmEngine(new Managers(managers, { patience: 5 }));
});

afterAll(async () => {
  for (const { pulse } of apps) pulse.stop();
  await Promise.all(apps.map(({ provider }) => provider.kill()));
  await rig?.stop();
});

function appWith(more: Properties = {}): SwarmApp {
  const app = new SwarmApp(rig, { takes: 0 }, more);
  apps.push(app);
  return app;
}

const messageOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing failed",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

const tasksOf = (app: SwarmApp, type: string) =>
  engine.tasks(app.name).then((all) => all.filter((task) => task.labels["formation.type"] === type));
const runningOf = async (app: SwarmApp, type: string) =>
  (await tasksOf(app, type)).filter(({ state, desired }) => state === "running" && desired === "running");
const sleep = (first = "true") => ["/bin/sh", "-c", `${first}; while :; do sleep 0.5; done`];

test("scale touches nothing that stays, and another release replaces it, one after the other", async () => {
  const app = appWith();
  await app.up({ scale: { web: 3, clock: 1 } });
  expect(app.provider.outputs).toMatchObject({ running: { web: 3, clock: 1 } });
  expect(new Set(app.instances.filter(({ name }) => name.startsWith("web")).map(({ host }) => host)).size).toBe(3);
  const before = await runningOf(app, "web");
  const spec = (await engine.service(`${app.name}_web`))!.spec;
  await app.up({ scale: { web: 5, clock: 1 } });
  const after = await runningOf(app, "web");
  expect(after.map(({ slot }) => slot).sort()).toEqual([1, 2, 3, 4, 5]);
  for (const { id } of before) expect(after.map((task) => task.id)).toContain(id);
  expect((await engine.service(`${app.name}_web`))!.spec).toEqual(withReplicas(spec, 5));
  expect(await app.provider.preview(app.inputs)).toBe(false);

  await app.release();
  const released = await runningOf(app, "web");
  expect(released).toHaveLength(5);
  expect(released.filter(({ id }) => after.some((task) => task.id === id))).toEqual([]);
  await app.up({ scale: { web: 0, clock: 0 } });
  expect(app.instances).toEqual([]);
  expect((await engine.service(`${app.name}_web`))!.spec.Mode.Replicated.Replicas).toBe(0);
  await app.provider.destroy();
  expect(await engine.observe({ apps: [app.name], registryAuth: [] })).toMatchObject({ services: [], tasks: [] });
});

test("a release that does not start is put back, and says why in the process's own words", async () => {
  const processes = { web: { command: sleep() }, worker: { command: sleep() }, clock: { command: sleep() } };
  const app = appWith({ processes, scale: { web: 2, worker: 1, clock: 1 }, update: { monitor: 1 } });
  await app.up();
  const former = (await runningOf(app, "worker")).map(({ labels }) => labels["formation.configuration"]);
  const words = await messageOf(
    app.up({ env: { A: "b" }, processes: { ...processes, web: { command: sleep("echo no database; exit 3") } } }),
  );
  expect(words).toMatch(/web\.\d on swarm: replace failed: exited with code 3; its last lines:\nno database/);
  expect(words).toContain("put back as before");
  expect(words).not.toContain("could not be taken back");
  expect(app.provider.outputs).toMatchObject({ running: { web: 2, worker: 1, clock: 1 } });
  for (const type of ["worker", "clock"]) expect(await runningOf(app, type)).toHaveLength(1);
  expect((await runningOf(app, "worker")).map(({ labels }) => labels["formation.configuration"])).toEqual(former);
  expect(await messageOf(app.up({ processes }))).toBe("nothing failed");
  await app.provider.destroy();
});

test("what finds no place, and what has no image, fails with the Swarm's own words", async () => {
  const small = appWith({ scale: { web: 1, clock: 0 } });
  const homeless = { web: { command: sleep(), placement: { labels: { disk: "ssd" } } } };
  const imageless = appWith({ scale: { web: 1, clock: 0 }, image: "no-such-image:1" });
  const [place, image] = await Promise.all([
    messageOf(small.up({ processes: homeless, scale: { web: 1 } })),
    messageOf(imageless.up()),
  ]);
  expect(place).toMatch(
    /web\.1 on swarm: create failed: finds no place: no suitable node \(scheduling constraints not satisfied on 3 nodes\)/,
  );
  expect(image).toMatch(/web\.1 on swarm: create failed: was rejected: .*No such image: no-such-image:1/);
  await Promise.all([small.provider.destroy(), imageless.provider.destroy()]);
});

test("what was changed by hand shows in a preview, and is put right", async () => {
  const app = appWith({ scale: { web: 2, clock: 1 } });
  await app.up();
  const service = (await engine.service(`${app.name}_web`))!;
  const { TaskTemplate } = service.spec;
  const other: ServiceSpec = {
    ...withReplicas(service.spec, 1),
    TaskTemplate: { ...TaskTemplate, ContainerSpec: { ...TaskTemplate.ContainerSpec, Env: ["A=by hand"] } },
  };
  await engine.update(service, other, []);
  expect(await app.provider.preview(app.inputs)).toBe(true);
  await app.up();
  const { spec } = (await engine.service(`${app.name}_web`))!;
  expect(spec.TaskTemplate.ContainerSpec.Env).toEqual(TaskTemplate.ContainerSpec.Env);
  expect(app.provider.outputs).toMatchObject({ running: { web: 2, clock: 1 } });
  expect(await app.provider.preview(app.inputs)).toBe(false);
  await app.provider.destroy();
});

test("calls at the same time are repeated; what somebody else has changed is refused", async () => {
  const app = appWith({ scale: { web: 1, clock: 0 } });
  await app.up();
  const over = (await engine.service(`${app.name}_web`))!;
  const run = () => ({ swarm: engine, registryAuth: [], left: new Map() });
  // Equal content under a later version of the service is no change.
  await engine.update(over, over.spec, []);
  await Promise.all([1, 2, 3].map(() => putService(run(), withReplicas(over.spec, 2), over)));
  expect((await engine.service(over.spec.Name))!.spec.Mode.Replicated.Replicas).toBe(2);
  await expect(putService(run(), withReplicas(over.spec, 3), over)).rejects.toMatchObject({
    code: "ChangedByOther",
    message: `service ${over.spec.Name} was changed by somebody else since it was looked at`,
  });
  await app.provider.destroy();
});

test("a secret is a file, follows its value, and is gone in the end; a service of somebody else stays", async () => {
  const decoy = await rig.engines[0]!.docker.createService({
    Name: "decoy_web",
    TaskTemplate: { ContainerSpec: { Image: rig.image, Args: ["sleep", "1000"] } },
    Mode: { Replicated: { Replicas: 1 } },
  });
  const print = { web: { command: ["/bin/sh", "-c", 'cat "$TOKEN_FILE"; echo "$PS {$A"; sleep 1000'] } };
  const app = appWith({ processes: print, scale: { web: 1 }, secretsAsFiles: ["TOKEN"] });
  await app.up({ env: { TOKEN: "first-value;", A: "{.x}}" } });
  const [first] = await runningOf(app, "web");
  expect(await engine.lastLines(first!.id, 5)).toBe("first-value;web.1 {{.x}}");
  await app.up({ env: { TOKEN: "second-value;", A: "{{.x}}" } });
  const [second] = await runningOf(app, "web");
  expect(await engine.lastLines(second!.id, 5)).toBe("second-value;web.1 {{{.x}}");
  const query = { apps: [app.name], registryAuth: [] };
  expect((await engine.observe(query)).secrets).toHaveLength(1);
  expect(JSON.stringify((await engine.observe(query)).services)).not.toContain("second-value");
  await app.provider.destroy();
  expect((await engine.observe(query)).secrets).toEqual([]);
  await decoy.inspect();
  await decoy.remove();
});

test("types as Heroku has them are services of the same names; a change of case alone goes through", async () => {
  const say = { command: sleep("echo $(cat /proc/sys/kernel/hostname) $PS"), stopTimeout: 1 };
  const app = appWith({ processes: { worker_critical: say, Sidekiq: say }, scale: { worker_critical: 1, Sidekiq: 1 } });
  await app.up();
  await app.up({ scale: { worker_critical: 2, Sidekiq: 1 } });
  expect(app.provider.outputs).toMatchObject({ running: { worker_critical: 2, Sidekiq: 1 } });
  const [sidekiq] = await runningOf(app, "Sidekiq");
  expect(await engine.lastLines(sidekiq!.id, 1)).toBe("sidekiq.1 Sidekiq.1");
  const second = (await runningOf(app, "worker_critical")).find(({ slot }) => slot === 2);
  expect(await engine.lastLines(second!.id, 1)).toBe("worker-critical.2 worker_critical.2");
  await app.release();
  expect(await app.provider.preview(app.inputs)).toBe(false);
  expect((await runningOf(app, "Sidekiq")).map(({ id }) => id)).not.toContain(sidekiq!.id);
  const { docker } = rig.engines[0]!;
  const inOtherCase = {
    Name: `${app.name}_sidekiq`,
    TaskTemplate: { ContainerSpec: { Image: rig.image, Args: ["sleep", "1000"] } },
    Mode: { Replicated: { Replicas: 0 } },
  };
  expect(await messageOf(docker.createService(inOtherCase))).toContain("name conflicts with an existing object");

  await app.up({ processes: { worker_critical: say, sidekiq: say }, scale: { worker_critical: 0, sidekiq: 1 } });
  expect(app.provider.outputs).toMatchObject({ running: { worker_critical: 0, sidekiq: 1 } });
  const { services } = await engine.observe({ apps: [app.name], registryAuth: [] });
  expect(services.map(({ spec }) => spec.Name).sort()).toEqual([`${app.name}_sidekiq`, `${app.name}_worker_critical`]);
  await app.provider.destroy();
  expect(await engine.observe({ apps: [app.name], registryAuth: [] })).toMatchObject({ services: [], tasks: [] });
});

test("a name that somebody else has is refused before anything is done", async () => {
  const app = appWith({ scale: { web: 1, clock: 1 } });
  const decoy = await rig.engines[0]!.docker.createService({
    Name: `${app.name}_web`,
    TaskTemplate: { ContainerSpec: { Image: rig.image, Args: ["sleep", "1000"] } },
    Mode: { Replicated: { Replicas: 0 } },
  });
  expect(await messageOf(app.up())).toContain(`a service that is not ours has the name ${app.name}_web`);
  expect((await engine.observe({ apps: [app.name], registryAuth: [] })).services).toEqual([]);
  await decoy.remove();
});

test("the release command runs once for each release", async () => {
  const app = appWith({ scale: { web: 1, clock: 0 } });
  await app.up({ releasePhase: { command: "echo migrated" } });
  expect((await engine.service(`${app.name}_release`)) ?? "gone").toBe("gone");
  expect(app.provider.outputs).toMatchObject({ running: { web: 1 } });
  const words = await messageOf(app.up({ env: { A: "b" }, releasePhase: { command: "echo cannot migrate; exit 4" } }));
  expect(words).toMatch(/release\.1 on swarm: run failed: exited with code 4; its last lines:\ncannot migrate/);
  expect(app.provider.outputs).toMatchObject({ running: { web: 1 } });
  await app.provider.destroy();
});

test("a manager that cannot be reached is passed over; an engine that is none is named", async () => {
  const app = appWith({ scale: { web: 1, clock: 0 } });
  await app.up({
    hosts: [
      { name: "x", host: "unix:///nowhere/d.sock" },
      { name: "b", host: rig.engines[1]!.address },
    ],
  });
  expect(app.provider.outputs).toMatchObject({ running: { web: 1 } });
  await app.provider.destroy();
  const none = appWith({ hosts: [{ host: "unix:///var/run/docker.sock" }] });
  expect(await messageOf(none.up())).toMatch(/unix:\/\/\/var\/run\/docker\.sock is no manager of a Swarm/);
});

test("every setting of a container is kept, and a second preview sees it as it was asked for", async () => {
  const known = Object.entries(EXAMPLES).filter(([, { swarm, untried }]) => !("refused" in swarm) && !untried);
  const settings = known.map(([name, { given }]) => [name, { command: sleep(), [name]: given }] as const);
  const processes = { ...Object.fromEntries(settings), env: { command: sleep(), env: { ONLY: "here" } } };
  const scale = Object.fromEntries(Object.keys(processes).map((type) => [type, 1]));
  const app = appWith({ processes, scale });
  await app.up();
  expect(app.provider.outputs).toMatchObject({ running: scale });
  const templateOf = async (type: string) => (await engine.service(`${app.name}_${type}`))!.spec.TaskTemplate;
  // An engine leaves out what is false.
  const { noNewPrivileges: _, ...kept } = Object.fromEntries(known);
  for (const [name, { swarm }] of Object.entries(kept)) expect(await templateOf(name)).toMatchObject(swarm);
  expect((await templateOf("env")).ContainerSpec.Env).toContain("ONLY=here");
  expect(await app.provider.preview(app.inputs)).toBe(false);
  await app.provider.destroy();
});
