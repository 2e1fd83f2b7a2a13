import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { EngineProxy, type OnCall } from "../support/engine-proxy";
import { foundIn, LOOK_UP } from "../support/look-up";
import { Provider, type Properties } from "../support/provider";

// Networks on a real engine: every process joins all of them, and is found there by its names.

const app = uniqueName("nets");
const [backend, frontend] = [`${app}-backend`, `${app}-frontend`];
const image = baseImage();
const provider = new Provider(app);
let onCall: OnCall = () => undefined;
let proxy: EngineProxy;

beforeAll(async () => {
  proxy = await EngineProxy.start({ onCall: (...call) => onCall(...call) });
  for (const Name of [backend, frontend]) await docker.createNetwork({ Name, Internal: true });
});

beforeEach(() => {
  onCall = () => undefined;
});

afterAll(async () => {
  await provider.kill();
  await removeContainersOf(app);
  for (const name of [backend, frontend])
    await docker
      .getNetwork(name)
      .remove()
      .catch(() => undefined);
  await proxy.close();
});

const inputs = (more: Properties = {}): Properties => ({
  image,
  hosts: [{ host: proxy.address }],
  procfile: "web: sleep 1000\nworker_a: sleep 1000\n",
  processes: { web: { stopTimeout: 0, networks: { [backend]: {}, [frontend]: { aliases: ["edge"] } } } },
  networks: [backend],
  scale: { web: 1, worker_a: 1 },
  update: { monitor: 0 },
  ...more,
});

async function networksOf(slot: string): Promise<string[]> {
  const { NetworkSettings } = await docker.getContainer(`${app}.${slot}`).inspect();
  return Object.keys(NetworkSettings.Networks).sort();
}

const found = (network: string, names: readonly string[]) => foundIn(docker, image, network, names);

test("processes are found under their names on all their networks", async () => {
  await provider.up(inputs());
  expect(await networksOf("web.1")).toEqual([backend, frontend]);
  expect(await networksOf("worker_a.1")).toEqual([backend]);
  const names = ["web", `${app}-web`, "worker-a", `${app}-worker-a`, "edge", "nobody"];
  expect(await found(backend, names)).toEqual(names.slice(0, 4));
  expect(await found(frontend, names)).toEqual(["web", `${app}-web`, "edge"]);
  expect(await provider.preview(inputs())).toBe(false);
});

test("a process that was taken out of one of its networks is made anew", async () => {
  await docker.getNetwork(frontend).disconnect({ Container: `${app}.web.1` });
  expect(await provider.preview(inputs())).toBe(true);
  await provider.up(inputs());
  expect(await networksOf("web.1")).toEqual([backend, frontend]);
});

test("a change of a type's networks is a release of that type alone", async () => {
  const before = (await docker.getContainer(`${app}.worker_a.1`).inspect()).Id;
  await provider.up(inputs({ processes: { web: { stopTimeout: 0, networks: [frontend] } } }));
  expect(await networksOf("web.1")).toEqual([frontend]);
  expect((await docker.getContainer(`${app}.worker_a.1`).inspect()).Id).toBe(before);
});

test("a container that was made, but not connected when the provider died, never starts so", async () => {
  onCall = async (_, method, path) => {
    if (method !== "POST" || !path.includes("/connect")) return undefined;
    await provider.kill();
    return "cut before" as const;
  };
  await provider.up(inputs()).catch(() => undefined);
  onCall = () => undefined;
  expect((await containersOf(app)).map(({ State }) => State)).toContain("created");
  await provider.up(inputs());
  expect(await networksOf("web.1")).toEqual([backend, frontend]);
  expect(await containersOf(app)).toHaveLength(2);
  expect(await provider.preview(inputs())).toBe(false);
});

test("networks may be given by their ids", async () => {
  const ids = await Promise.all([backend, frontend].map(async (name) => (await docker.getNetwork(name).inspect()).Id));
  const byId = inputs({ processes: { web: { stopTimeout: 0, networks: ids } } });
  await provider.up(byId);
  expect(await networksOf("web.1")).toEqual([backend, frontend]);
  expect(await found(backend, ["web"])).toEqual(["web"]);
  expect(await provider.preview(byId)).toBe(false);
  await provider.up(inputs());
});

test("a release command joins the networks of the app, and is no process of it", async () => {
  const found = LOOK_UP.replace('console.log(found.join(" "))', 'process.exit(found.join() === "web," ? 0 : 1)');
  const command = ["node", "-e", found, "web", "release"];
  await provider.up(inputs({ networks: [backend, frontend], releasePhase: { command } }));
  expect(await networksOf("worker_a.1")).toEqual([backend, frontend]);
});

test("a network that is not there is refused in the preview", async () => {
  await expect(provider.preview(inputs({ networks: [backend, `${app}-none`] }))).rejects.toThrow(
    `network ${app}-none is not on`,
  );
});
