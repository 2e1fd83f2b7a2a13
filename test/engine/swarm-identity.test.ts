import { setTimeout as delay } from "node:timers/promises";
import { SwarmEngine } from "../../provider/orchestrators/swarm/api/swarm-engine";
import { Managers } from "../../provider/orchestrators/swarm/api/managers";
import { EngineMessages } from "../support/engine-messages";
import { Provider, type Properties } from "../support/provider";
import { startRig, type Rig } from "../support/rig";
import { until } from "../support/rig/run";
import { formSwarm } from "../support/rig/swarm";
import { managersOf, SwarmApp } from "../support/swarm-app";

// Ownership of an app on a Swarm, under whatever name, and against any other formation.

let rig: Rig;
let engine: SwarmEngine;
let messages: EngineMessages;
const apps: SwarmApp[] = [];
const others: Provider[] = [];

beforeAll(async () => {
  messages = await EngineMessages.listen();
  rig = await startRig({ engines: 1 });
  await formSwarm(rig);
  engine = new SwarmEngine(new Managers(managersOf(rig), { patience: 5 }));
});

afterAll(async () => {
  for (const { pulse } of apps) pulse.stop();
  await Promise.all([...apps.map(({ provider }) => provider), ...others].map((one) => one.kill()));
  messages?.close();
  await rig?.stop();
});

function appWith(more: Properties = {}): SwarmApp {
  const app = new SwarmApp(rig, { takes: 1 }, more);
  apps.push(app);
  return app;
}

/** Makes another stack with a Formation of the same name. */
function another(app: SwarmApp, owner: string, config: Readonly<Record<string, string>> = {}): Provider {
  const made = new Provider(app.name, { owner, config, engine: messages.address });
  others.push(made);
  return made;
}

const messageOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing failed",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

const seen = (...names: string[]) => engine.observe({ apps: names, registryAuth: [] });
const servicesOf = async (...names: string[]) => (await seen(...names)).services.map(({ spec }) => spec.Name).sort();
const identityOf = ({ outputs }: Provider) => String(outputs["__identity"]);
const claimed = async () => (await engine.claims()).map(({ app }) => app);

test("a claim is written once, whoever comes at the same moment, and is gone when it is taken away", async () => {
  const claim = { app: "claimed", generation: 1, owner: "shop/dev", resource: "urn", address: "here", begun: [] };
  const runs = ["1", "2", "3", "4"];
  const written = await Promise.all(runs.map((run) => engine.claim({ ...claim, identity: `of-${run}`, run })));
  const [winner] = written;
  expect(runs).toContain(winner!.run);
  expect(written).toEqual(runs.map(() => winner));
  expect(await engine.claim(winner!)).toEqual(winner);
  expect(await engine.claims()).toEqual([winner]);
  await engine.unclaim(claim);
  await engine.unclaim(claim);
  expect(await engine.claims()).toEqual([]);
});

test("a published port is one service's until that is removed", async () => {
  const { docker } = rig.engines[0]!;
  const serve = (name: string) =>
    docker.createService({
      Name: name,
      TaskTemplate: { ContainerSpec: { Image: rig.image, Args: ["sleep", "1000"] } },
      Mode: { Replicated: { Replicas: 0 } },
      EndpointSpec: { Ports: [{ Protocol: "tcp", TargetPort: 80, PublishedPort: 8090, PublishMode: "ingress" }] },
    });
  const first = await serve("first");
  expect(await messageOf(serve("second"))).toContain("port '8090' is already in use by service 'first'");
  await first.remove();
  await (await serve("second")).remove();
});

test("of two first deployments at the same moment one gets all; the other has started nothing, and may take over", async () => {
  const app = appWith();
  const claimants = ["one/dev", "two/dev"].map((owner) => another(app, owner));
  const results = await Promise.all(claimants.map((one) => messageOf(one.up(app.inputs))));
  const at = results.indexOf("nothing failed");
  const [winner, loser] = [claimants[at]!, claimants[1 - at]!];
  const told = results[1 - at]!;
  expect(told).toContain(`app ${app.name} on swarm is being deployed by formation ${identityOf(winner)}`);
  expect(told).toContain(`of stack ${at === 0 ? "one/dev" : "two/dev"}`);
  expect(loser.state).toBeUndefined();
  expect(app.pulse.alive()).toBe(1);
  expect(await winner.preview(app.inputs)).toBe(false);

  const before = (await seen(app.name)).services.map(({ id }) => id);
  const refused = await messageOf(loser.up(app.inputs));
  expect(refused).toContain(`belongs to formation ${identityOf(winner)}`);
  expect(refused).toContain(`say takeOver: "${identityOf(winner)}"`);
  expect(await messageOf(loser.up({ ...app.inputs, takeOver: "0123456789abcdef" }))).toContain("belongs to formation");
  await loser.up({ ...app.inputs, takeOver: identityOf(winner) });
  expect((await seen(app.name)).services.map(({ id }) => id)).toEqual(before);
  expect(identityOf(loser)).toBe(identityOf(winner));
  await loser.destroy();
  expect(await servicesOf(app.name)).toEqual([]);
  expect(await claimed()).not.toContain(app.name);
  expect(app.pulse.stop()).toMatchObject({ lives: 1, together: 0 });
});

test("a first deployment that died goes on by itself, whatever its app is called by then, and lets nobody else in", async () => {
  const app = appWith();
  const [first, other] = [another(app, "one/dev"), another(app, "two/dev")];
  const died = messageOf(first.up(app.inputs));
  await until("its first process is there", 30, async () => (await servicesOf(app.name)).length > 0);
  await first.kill();
  expect(await died).toBe("the provider was killed");
  expect(first.state).toBeUndefined();
  expect(await messageOf(other.up(app.inputs))).toMatch(/is being deployed by|belongs to formation/);
  const renamed = { ...app.inputs, app: `${app.name}-new` };
  await first.up(renamed);
  expect(first.outputs).toMatchObject({ running: { clock: 1 } });
  expect(await servicesOf(app.name, renamed.app)).toEqual([`${renamed.app}_clock`]);
  expect(await messageOf(other.up(renamed))).toContain("belongs to formation");
  await first.destroy();
  expect(await claimed()).toEqual([]);
  expect(app.pulse.stop()).toMatchObject({ most: 1, together: 0 });
});

test("a stack that was renamed has what it had, and a copy of its labels is left alone", async () => {
  const app = appWith({ scale: { web: 1, clock: 1 } });
  await app.up();
  const { labels } = (await engine.tasks(app.name)).find((task) => task.labels["formation.type"] === "clock")!;
  const copy = await rig.engines[0]!.docker.createService({
    Name: `${app.name}-copy`,
    Labels: labels,
    TaskTemplate: { ContainerSpec: { Image: rig.image, Args: ["sleep", "1000"], Labels: labels } },
    Mode: { Replicated: { Replicas: 1 } },
  });
  const renamed = another(app, "shop/renamed");
  renamed.state = app.provider.state;
  expect(await renamed.preview(app.inputs)).toBe(false);
  messages.take();
  expect(await renamed.preview({ ...app.inputs, env: { A: "b" } })).toBe(true);
  const note = `${app.name}-copy on swarm has labels of this formation, but was not made by it: it is left alone`;
  expect(messages.take()).toContain(`note: ${note}`);
  await renamed.up({ ...app.inputs, env: { A: "b" } });
  expect(renamed.outputs).toMatchObject({ running: { web: 1, clock: 1 } });
  messages.take();
  await renamed.destroy();
  expect(messages.take()).toContain(`note: ${note}`);
  expect(await servicesOf(app.name)).toEqual([`${app.name}-copy`]);
  await copy.remove();
});

test("an app is renamed: its port and its clock go before they come, and a kill in the middle leaves nothing behind", async () => {
  const serve = { command: ["sleep", "1000"], port: 80, bind: "0.0.0.0:8081", publishMode: "host" };
  const app = appWith();
  const clock = (app.inputs["processes"] as Record<string, object>)["clock"];
  await app.up({ processes: { web: serve, clock }, scale: { web: 1, clock: 1 } });
  const other = `${app.name}-new`;
  await app.up({ app: other });
  expect(await servicesOf(app.name, other)).toEqual([`${other}_clock`, `${other}_web`]);
  expect(app.provider.outputs).toMatchObject({ running: { web: 1, clock: 1 } });
  expect(await claimed()).toEqual(expect.arrayContaining([other]));
  expect(await claimed()).not.toContain(app.name);

  // The program is reset after a kill, and the state does not know the name that the update had begun.
  const state = app.provider.state;
  const died = messageOf(app.up({ app: app.name }));
  await until("the new clock is there", 60, async () => (await servicesOf(app.name)).includes(`${app.name}_clock`));
  await app.provider.kill();
  await died;
  app.provider.state = state;
  await app.up({ app: other });
  expect(await servicesOf(app.name, other)).toEqual([`${other}_clock`, `${other}_web`]);
  expect(app.provider.outputs).toMatchObject({ running: { web: 1, clock: 1 } });
  await app.provider.destroy();
  expect(await servicesOf(app.name, other)).toEqual([]);
  expect(app.pulse.stop()).toMatchObject({ most: 1, together: 0 });
});

test("a type that was called a singleton while it ran, and then renamed, never runs twice", async () => {
  const app = appWith();
  const { clock } = app.inputs["processes"] as { clock: object };
  const { name } = app;
  await app.up({ processes: { mailer: { ...clock, singleton: false } }, scale: { mailer: 1 } });
  await app.up({ processes: { mailer: { ...clock, singleton: "failover" } }, scale: { mailer: 1 } });
  await app.up({ processes: { sender: { ...clock, singleton: "failover" } }, scale: { sender: 1 } });
  expect(await servicesOf(name)).toEqual([`${name}_sender`]);
  await app.provider.destroy();
  expect(app.pulse.stop()).toMatchObject({ most: 1, together: 0, lives: 2 });
});

test("a Swarm that was made anew is let in by a word, and a destroy needs no Swarm that is gone", async () => {
  const app = appWith();
  await app.up();
  const { docker, address, ip } = rig.engines[0]!;
  const former = String(app.provider.outputs["__cluster"]);
  await docker.swarmLeave({ force: true });
  await until("the clock is gone", 30, () => Promise.resolve(app.pulse.alive() === 0));
  await docker.swarmInit({ ListenAddr: "0.0.0.0:2377", AdvertiseAddr: ip });
  await delay(1000);
  const refused = await messageOf(app.up());
  expect(refused).toContain(`the formation runs on Swarm ${former}`);
  expect(refused).toContain(`replaces: "${former}"`);
  const left = another(app, "test/dev", { "formation:abandoned": JSON.stringify([former]) });
  left.state = app.provider.state;
  expect(await messageOf(app.provider.destroy())).toContain(`'formation:abandoned[0]' ${former}`);
  await app.up({ hosts: [{ host: address, replaces: former }] });
  expect(app.provider.outputs).toMatchObject({ running: { clock: 1 } });
  expect(app.provider.outputs["__cluster"]).not.toBe(former);
  await app.provider.destroy();
  await left.destroy();
});
