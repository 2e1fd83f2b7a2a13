import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { EngineProxy, type OnCall } from "../support/engine-proxy";
import { ProcessEvents } from "../support/process-events";
import { Provider, type Properties } from "../support/provider";

// A change between an observation and a step leads to another observation; test/unit/provider/lifecycle/rounds.test.ts has every kind of
// step.

const app = uniqueName("rounds");
const image = baseImage();
const provider = new Provider(app);
let onCall: OnCall = () => undefined;
let proxy: EngineProxy;
let events: ProcessEvents;

beforeAll(async () => {
  proxy = await EngineProxy.start({ onCall: (...call) => onCall(...call) });
  events = await ProcessEvents.of(app);
  await provider.up(declare(1));
});

afterAll(async () => {
  await provider.kill();
  events.close();
  await proxy.close();
  await removeContainersOf(app);
});

function declare(release: number, web = 2): Properties {
  return {
    image,
    hosts: [{ host: proxy.address }],
    update: { monitor: 0.3 },
    env: { RELEASE: String(release) },
    procfile: "web: sleep 1000\nclock: sleep 1000",
    processes: { web: { stopTimeout: 1 }, clock: { stopTimeout: 1 } },
    scale: { web, clock: 1 },
  };
}

const slots = async () => (await containersOf(app)).map((one) => `${one.Names[0]?.slice(app.length + 2)} ${one.State}`);

interface Row {
  readonly what: string;
  readonly to: () => Properties;
  readonly at: RegExp;
  readonly happens: () => Promise<unknown>;
  readonly end: readonly string[];
}

const container = (slot: string) => docker.getContainer(`${app}.${slot}`);
const all = ["clock.1 running", "web.1 running", "web.2 running"];

test.each<Row>([
  {
    what: "what is to be renamed is gone",
    to: () => declare(2),
    at: /^POST .*\/rename/,
    end: all,
    happens: () => container("web.1").remove({ force: true }),
  },
  {
    what: "what is to be stopped is gone",
    to: () => declare(3),
    at: /^POST .*\/stop/,
    end: all,
    happens: () => container("clock.1").remove({ force: true }),
  },
  {
    what: "what was created is gone",
    to: () => declare(3, 3),
    at: /^POST .*\/start/,
    end: [...all, "web.3 running"],
    happens: () => container("web.3").remove({ force: true }),
  },
  {
    what: "what was stopped runs again",
    to: () => declare(3, 2),
    at: /^DELETE .*\/containers\//,
    end: all,
    happens: () => container("web.3").start(),
  },
])("$what", async ({ to, at, happens, end }) => {
  const wanted = to();
  let times = 0;
  onCall = async (_, method, path) => {
    if (times === 0 && at.test(`${method} ${path}`) && ++times === 1) await happens();
  };
  await provider.up(wanted);
  onCall = () => undefined;
  expect(times).toBe(1);
  expect((await slots()).sort()).toEqual(end);
  expect(events.mostAtOnce.get("clock")).toBe(1);
  expect((provider.outputs["log"] as string[]).at(-1)).not.toMatch(/incomplete|failed/);
  expect(await provider.preview(wanted)).toBe(false);
});
