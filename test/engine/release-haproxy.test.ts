import { readFileSync } from "node:fs";
import { join } from "node:path";
import { baseImage, containersOf, removeContainersOf, uniqueName } from "../support/engine";
import { Haproxy } from "../support/haproxy";
import { Load } from "../support/load";
import { Provider, type Properties } from "../support/provider";

// The example's web processes behind a real balancer, under load: no change to them loses a request.

const app = uniqueName("load");
const image = baseImage();
const program = readFileSync(join(__dirname, "../../examples/procfile-app/app/web.js"), "utf8");
const provider = new Provider(app);
let haproxy: Haproxy;
let load: Load;

function inputs(release: string, web: number): Properties {
  return {
    image,
    processes: {
      web: { command: ["node", "-e", program], port: 8080, health: { path: "/healthz", interval: "0.2s" } },
    },
    scale: { web },
    update: { monitor: "1s" },
    // Longer than HAProxy waits for the answer to a check, so that a busy machine's late answer still comes in time.
    env: { RELEASE: release, DRAIN_MS: "6000" },
  };
}

beforeAll(async () => {
  await provider.up(inputs("1", 4));
  haproxy = await Haproxy.start(provider.outputs["backends"] as Record<string, string[]>);
  load = new Load(haproxy.address);
});

afterEach(() => {
  expect(load.failures).toEqual([]);
});

afterAll(async () => {
  await load.end();
  await haproxy.stop();
  await provider.kill();
  await removeContainersOf(app);
});

const ids = async () => (await containersOf(app)).map(({ Id }) => Id).sort();

test("a release of four", async () => {
  const before = await ids();
  await provider.up(inputs("2", 4));
  expect((await ids()).filter((id) => before.includes(id))).toEqual([]);
  await load.until(10_000);
});

test("four become two, and two become four", async () => {
  await provider.up(inputs("2", 2));
  await provider.up(inputs("2", 4));
  await load.until(load.answered + 500);
  await load.end();
  process.stdout.write(`${app}: ${load.answered} requests, ${Math.round(load.rate)} a second\n`);
});
