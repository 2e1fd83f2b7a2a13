import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { Provider, type Properties } from "../support/provider";

// Types as Heroku's Procfiles have them: only host names differ from them, on a real engine.

const app = uniqueName("names");
const image = baseImage();
const provider = new Provider(app, { config: { "formation:scale": JSON.stringify({ [app]: { Sidekiq: 1 } }) } });

afterAll(async () => {
  await provider.kill();
  await removeContainersOf(app);
});

const inputs = (more: Properties = {}): Properties => ({
  image,
  procfile: "web: sleep 1000\nworker_critical: sleep 1000\nSidekiq: sleep 1000\nClock: sleep 1000\n",
  appJson: JSON.stringify({ formation: { Clock: { quantity: 1 } } }),
  processes: { worker_critical: { stopTimeout: 0 }, Sidekiq: { stopTimeout: 0 }, Clock: { stopTimeout: 0 } },
  scale: { web: 0, worker_critical: 1 },
  update: { monitor: 0 },
  ...more,
});

/** Each container with its host name and the name that the process itself is told. */
async function containers(): Promise<string[]> {
  const all = await containersOf(app);
  const found = await Promise.all(
    all.map(async ({ Id }) => {
      const { Name, Config, State } = await docker.getContainer(Id).inspect();
      const dyno = Config.Env.find((one) => one.startsWith("DYNO="));
      return `${Name.slice(app.length + 2)} ${State.Status} ${Config.Hostname} ${dyno}`;
    }),
  );
  return found.sort();
}

test("they are made, scaled, released, renamed and removed under their own names", async () => {
  await provider.up(inputs());
  const clock = "Clock.1 running clock.1 DYNO=Clock.1";
  const sidekiq = "Sidekiq.1 running sidekiq.1 DYNO=Sidekiq.1";
  const critical = (index: number) =>
    `worker_critical.${index} running worker-critical.${index} DYNO=worker_critical.${index}`;
  expect(await containers()).toEqual([clock, sidekiq, critical(1)]);
  const formation = { web: 0, worker_critical: 1, Sidekiq: 1, Clock: 1 };
  expect(provider.outputs).toMatchObject({ formation, running: formation });

  const before = new Set((await containersOf(app)).map(({ Id }) => Id));
  const scaled = inputs({ scale: { web: 0, worker_critical: 2 } });
  await provider.up(scaled);
  expect(await containers()).toEqual([clock, sidekiq, critical(1), critical(2)]);
  expect((await containersOf(app)).filter(({ Id }) => before.has(Id))).toHaveLength(3);
  expect(await provider.preview(scaled)).toBe(false);

  await provider.up({ ...scaled, env: { RELEASE: "2" }, restartedAt: { "worker_critical.2": "now" } });
  expect(await containers()).toEqual([clock, sidekiq, critical(1), critical(2)]);
  expect((await containersOf(app)).filter(({ Id }) => before.has(Id))).toEqual([]);

  const procfile = "web: sleep 1000\nworker-critical: sleep 1000\nSidekiq: sleep 1000\n";
  await provider.up(inputs({ procfile, processes: {}, scale: { web: 0, "worker-critical": 1 } }));
  expect(await containers()).toEqual([sidekiq, "worker-critical.1 running worker-critical.1 DYNO=worker-critical.1"]);
  await provider.destroy();
  expect(await containersOf(app)).toEqual([]);
});

test("names that would meet on a host are refused before anything is made", async () => {
  const alike = inputs({
    procfile: "web: a\na_b: b\nA-b: c\nSidekiq: d\n",
    appJson: undefined,
    processes: {},
    scale: {},
  });
  expect(await provider.check(alike)).toEqual([
    "processes.a_b and processes.A-b would have the same host names, such as a-b.1, in which case does not count and _ is -: give one of them another name",
  ]);
});
