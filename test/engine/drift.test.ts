import type { ContainerInfo } from "dockerode";
import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { EngineMessages } from "../support/engine-messages";
import { Provider } from "../support/provider";

// Drift shows in a plain preview, and `up` repairs it without touching anything else.

const app = uniqueName("drift");
const image = baseImage();
const declared = {
  image,
  update: { monitor: 0 },
  procfile: "web: sleep 1000\nworker: sleep 1000\nclock: sleep 1000",
  processes: { web: { port: 8080 }, clock: { stopTimeout: 1 } },
  scale: { web: 2, worker: 1, clock: 1 },
};
let messages: EngineMessages;
let provider: Provider;

beforeAll(async () => {
  messages = await EngineMessages.listen();
  provider = new Provider(app, { engine: messages.address });
  await provider.up(declared);
});

afterAll(async () => {
  await provider.kill();
  messages.close();
  await removeContainersOf(app);
});

const container = (slot: string) => docker.getContainer(`${app}.${slot}`);

/** Snapshot of the app's containers by name, with values that change when one is created, started or renamed. */
async function snapshot(): Promise<Map<string, string>> {
  const all = await containersOf(app);
  const looks = all.map(async ({ Id, Names: [name = ""] }: ContainerInfo) => {
    const { State: state } = await docker.getContainer(Id).inspect();
    return [name.slice(app.length + 2), `${state.Status} ${Id} ${state.StartedAt}`] as const;
  });
  return new Map(await Promise.all(looks));
}

interface Row {
  readonly fault: string;
  readonly happens: () => Promise<unknown>;
  /** Lines of the plan after the first. */
  readonly plan: readonly RegExp[];
  /** Processes that are not what they were before the fault, once all is well again. */
  readonly touched: readonly string[];
}

const rows: readonly Row[] = [
  {
    fault: "a process that was removed",
    happens: () => container("worker.1").remove({ force: true }),
    plan: [/^worker\.1 +create on local +scale up$/],
    touched: ["worker.1"],
  },
  {
    fault: "a clock that was stopped",
    happens: () => container("clock.1").stop(),
    plan: [/^clock\.1 +start on local +not running$/],
    touched: ["clock.1"],
  },
  {
    fault: "a process that was renamed",
    happens: () => container("web.2").rename({ name: `${app}-mine` }),
    plan: [/^web\.2 +rename on local +renamed to drift-\w+-mine$/],
    touched: [],
  },
  {
    fault: "a process that was paused",
    happens: () => container("web.1").pause(),
    plan: [/^web\.1 +unpause on local +paused by hand$/],
    touched: [],
  },
  {
    fault: "a container of ours in a slot that is too many",
    happens: () => startLike("web.1", "web", 99),
    plan: [/^web\.99 +remove on local +scale down$/],
    touched: [],
  },
  {
    fault: "a second clock",
    happens: () => startLike("clock.1", "clock", 1),
    plan: [/^clock\.1 +remove on local +twin of clock\.1$/],
    touched: [],
  },
  {
    fault: "a process that was made, but never started",
    happens: async () => {
      await container("web.2").remove({ force: true });
      await likeOf("web.2", "web", 2, `${app}.web.2`);
    },
    plan: [/^web\.2 +replace on local +never started$/],
    touched: ["web.2"],
  },
  {
    fault: "limits that were changed",
    happens: async () => {
      await container("web.1").update({ NanoCPUs: 5e8 });
      await container("worker.1").update({ Memory: 2 ** 28, MemorySwap: 2 ** 29 });
      await container("clock.1").update({ PidsLimit: -1 });
    },
    plan: [
      /^web\.1 +replace on local +size changed by hand$/,
      /^worker\.1 +replace on local +size changed by hand$/,
      /^clock\.1 +replace on local +pids limit changed by hand, stopped up to 1 s$/,
    ],
    touched: ["clock.1", "web.1", "worker.1"],
  },
  {
    fault: "a process that its engine is not to start again",
    happens: () => container("web.1").update({ RestartPolicy: { Name: "no" } }),
    plan: [/^web\.1 +start on local +restart policy changed by hand$/],
    touched: [],
  },
  {
    fault: "a process that was taken out of its network",
    happens: () => docker.getNetwork("bridge").disconnect({ Container: `${app}.web.2` }),
    plan: [/^web\.2 +replace on local +network changed by hand$/],
    touched: ["web.2"],
  },
  {
    fault: "processes that ended and were kept from starting again",
    happens: async () => {
      for (const slot of ["web.1", "worker.1"]) {
        await container(slot).update({ RestartPolicy: { Name: "no" } });
        await container(slot).kill();
      }
    },
    plan: [/^web\.1 +start on local +not running$/, /^worker\.1 +start on local +not running$/],
    touched: ["web.1", "worker.1"],
  },
];

/** Creates a container by hand after the pattern of another. */
async function likeOf(slot: string, type: string, index: number, name: string) {
  const source = await docker.getContainer(`${app}.${slot === "web.2" ? "web.1" : slot}`).inspect();
  const { Config, HostConfig } = source;
  const Labels = { ...Config.Labels, "formation.type": type, "formation.index": String(index) };
  return docker.createContainer({ ...Config, Labels, name, HostConfig: { ...HostConfig, PortBindings: {} } });
}

async function startLike(slot: string, type: string, index: number): Promise<void> {
  await (await likeOf(slot, type, index, `${app}-by-hand`)).start();
}

test.each(rows)("$fault", async ({ happens, plan, touched }) => {
  const before = await snapshot();
  await happens();

  messages.take();
  expect(await provider.preview(declared)).toBe(true);
  const [first, ...lines] = messages.take().split("\n");
  expect(first).toBe("formation  web=2, worker=1, clock=1");
  expect(lines).toEqual(plan.map((line) => expect.stringMatching(line) as string));

  await provider.up(declared);
  const after = await snapshot();
  expect([...after.keys()].sort()).toEqual(["clock.1", "web.1", "web.2", "worker.1"]);
  for (const state of after.values()) expect(state).toMatch(/^running /);
  const changed = [...before.keys()].filter((name) => after.get(name) !== before.get(name));
  expect(changed.sort()).toEqual(touched);
  expect(await provider.preview(declared)).toBe(false);
});
