import { baseImage, docker, removeContainersOf, uniqueName } from "../support/engine";
import { BEATING, Heartbeats } from "../support/heartbeats";
import { Provider, type Properties } from "../support/provider";

// Data in a volume outlive all that happens to processes, and no two ever write to them at once.

const app = uniqueName("volumes");
const volume = `${app}-data`;
const image = baseImage();
const provider = new Provider(app);
let heartbeats: Heartbeats;
let release = 0;

/** Adds a numbered row for its own life, then beats. */
const WRITING = [
  ...BEATING.slice(0, 2),
  `const fs = require("fs");
   const rows = () => (fs.existsSync("/data/rows") ? fs.readFileSync("/data/rows", "utf8").split("\\n").length - 1 : 0);
   fs.appendFileSync("/data/rows", rows() + 1 + "\\n");
   ${BEATING[2]}`,
];

function inputs(more: Properties = {}, quantity = 1): Properties {
  return {
    image,
    processes: {
      db: { command: WRITING, mounts: [{ type: "volume", source: volume, target: "/data" }], stopTimeout: 5 },
    },
    scale: { db: quantity },
    update: { monitor: 0 },
    env: { COLLECTOR: heartbeats.collector, STOP_MS: "100", RELEASE: String(++release) },
    ...more,
  };
}

async function inDatabase(...command: string[]): Promise<string> {
  const exec = await docker.getContainer(`${app}.db.1`).exec({ Cmd: command, AttachStdout: true });
  const stream = await exec.start({});
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  // The stream has a header of eight bytes, then the output.
  return Buffer.concat(parts).subarray(8).toString();
}

let rows = 0;

/** Expects one writer, all former rows and at least one more. */
async function goesOn(): Promise<void> {
  const numbers = (await inDatabase("cat", "/data/rows")).trim().split("\n").map(Number);
  expect(numbers).toEqual(numbers.map((_, at) => at + 1));
  expect(numbers.length).toBeGreaterThan(rows);
  rows = numbers.length;
  expect(heartbeats.overlaps()).toEqual([]);
}

beforeAll(async () => {
  heartbeats = await Heartbeats.of(app);
  await provider.up(inputs());
});

afterAll(async () => {
  await provider.kill();
  await removeContainersOf(app);
  heartbeats.close();
  await docker.getVolume(volume).remove();
});

test("over 20 releases, no row is lost, and there are never two writers", async () => {
  for (let count = 0; count < 20; count++) await provider.up(inputs());
  await goesOn();
  expect(rows).toBeGreaterThanOrEqual(21);
});

test("over kills of the provider in the middle of releases", async () => {
  for (let round = 0; round < 5; round++) {
    const next = inputs();
    const timer = setTimeout(() => void provider.kill(), Math.random() * 1500);
    await provider.up(next).catch(() => undefined);
    clearTimeout(timer);
    await provider.up(next);
  }
  await goesOn();
});

test("over a kill of the process", async () => {
  await docker.getContainer(`${app}.db.1`).kill();
  const same = inputs();
  await provider.up(same);
  await goesOn();
});

test("over scale to 0 and back", async () => {
  await provider.up(inputs({}, 0));
  expect(await docker.getVolume(volume).inspect()).toMatchObject({ Name: volume });
  await provider.up(inputs());
  await goesOn();
});

test("over a destroy", async () => {
  await provider.destroy();
  await provider.up(inputs());
  await goesOn();
});

test("a path that is not on the host is named with it, and the former process is back with its data", async () => {
  const missing = `/nowhere/${app}`;
  const mounts = [
    { type: "volume", source: volume, target: "/data" },
    { type: "bind", source: missing, target: "/more" },
  ];
  await expect(provider.up(inputs({ processes: { db: { command: WRITING, mounts } } }))).rejects.toThrow(
    `${missing} is not on local, where it is to be mounted: make it there, or correct the source in mounts`,
  );
  await goesOn();
});
