import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { freePort, holdPort, portOf } from "../support/ports";
import { Provider, type Properties } from "../support/provider";
import { fewestAnswering, WEB } from "../support/web";

// Host ports: fixed ones, and those that belong to a slot.

const app = uniqueName("port");
const image = baseImage();
const provider = new Provider(app);

function inputs(web: Properties): Properties {
  return {
    image,
    processes: { web: { command: WEB, port: 8080, stopTimeout: 3, health: { path: "/healthz" }, ...web } },
    update: { monitor: 0 },
  };
}

async function containers(): Promise<string[]> {
  return (await containersOf(app)).map(({ Id, Names, State }) => `${String(Names[0])} ${State} ${Id}`);
}

const at = (port: number) => `127.0.0.1:${port}`;
let first = 0;
let second = 0;

beforeAll(async () => {
  [first, second] = [await freePort(), await freePort()];
  await provider.up(inputs({ bind: at(first) }));
});

afterAll(async () => {
  await provider.kill();
  await removeContainersOf(app);
});

test("a successor on the same fixed port starts once its predecessor is stopped", async () => {
  const [before] = await containersOf(app);
  await provider.up(inputs({ bind: at(first), port: 8081 }));
  const [after, ...others] = await containersOf(app);
  expect(others).toEqual([]);
  expect(after?.Ports).toMatchObject([{ PrivatePort: 8081, PublicPort: first }]);
  expect(after?.Id).not.toBe(before?.Id);
});

test("another fixed port is changed to without a gap", async () => {
  const fewest = await fewestAnswering([at(first), at(second)], () => provider.up(inputs({ bind: at(second) })));
  expect(fewest).toBeGreaterThanOrEqual(1);
  expect(provider.outputs).toMatchObject({ endpoints: { web: [at(second)] } });
});

test("a fixed port that a program holds: the former process serves all the time, and nothing is left over", async () => {
  const before = await containers();
  const program = await holdPort();
  const port = portOf(program);
  try {
    const up = provider.up(inputs({ bind: at(port) }));
    const fewest = await fewestAnswering([at(second)], () => expect(up).rejects.toThrow(String(port)));
    expect(fewest).toBe(1);
    expect(await containers()).toEqual(before);
    expect(await provider.preview(inputs({ bind: at(port) }))).toBe(true);
  } finally {
    program.close();
  }
});

test("a fixed port that somebody else's container holds is refused at preview", async () => {
  const before = await containers();
  const PortBindings = { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: String(await freePort()) }] };
  const name = uniqueName("stranger");
  const stranger = await docker.createContainer({
    Image: image,
    name,
    Cmd: ["sleep", "1000"],
    ExposedPorts: { "80/tcp": {} },
    HostConfig: { PortBindings },
  });
  try {
    await stranger.start();
    const port = Number(PortBindings["80/tcp"][0]?.HostPort);
    const refusal = `port ${port} for web.1 is in use by ${name} on local: free it, or change processes.web.bind`;
    await expect(provider.preview(inputs({ bind: at(port) }))).rejects.toThrow(refusal);
    expect(await containers()).toEqual(before);
  } finally {
    await stranger.remove({ force: true });
  }
});

test("a slot whose other port is taken gets one elsewhere, and backends has it", async () => {
  await provider.up(inputs({}));
  const { endpoints, backends } = provider.outputs as Record<string, { web: string[] }>;
  const other = backends?.["web"]?.find((address) => address !== endpoints?.web[0]);
  const program = await holdPort(Number(other?.split(":")[1]));
  try {
    await provider.up(inputs({ stopTimeout: 4 }));
    const { endpoints, backends } = provider.outputs as Record<string, { web: string[] }>;
    expect(endpoints?.web).not.toEqual([other]);
    expect(backends?.web).toEqual(expect.arrayContaining([other, endpoints?.web[0]]));
  } finally {
    program.close();
  }
});
