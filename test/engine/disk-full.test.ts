import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { uniqueName } from "../support/engine";
import { Provider } from "../support/provider";
import { startRig, type Rig } from "../support/rig";
import { until } from "../support/rig/run";

// An engine whose disk is full: processes that cannot be made are named, those that are there are recorded and run on.

const app = uniqueName("disk");
const provider = new Provider(app);
let rig: Rig;
let disk: string;

beforeAll(async () => {
  rig = await startRig({ engines: 1 });
  disk = join(rig.folder, "a/data");
  await rig.kill(0);
  await inside(`mount -t tmpfs -o size=300m none ${disk}`);
  await rig.restart(0);
  const image = createReadStream(join(rig.folder, "image.tar"));
  await rig.engines[0]!.docker.loadImage(image);
});

afterAll(async () => {
  await provider.kill();
  await rig.stop();
});

/** Runs a line of shell that has the engine's disk at hand. */
async function inside(line: string): Promise<void> {
  const done = join(rig.folder, uniqueName("done"));
  await rig.beside(0, join(rig.folder, "beside.log"), "sh", "-c", `${line}; touch ${done}`);
  await until(line, 60, () => existsSync(done));
}

async function running(): Promise<string[]> {
  const all = await rig.engines[0]!.docker.listContainers({ all: true });
  return all.map(({ Names, State }) => `${Names[0]?.slice(app.length + 2)} ${State}`).sort();
}

test("a full disk is an error in the engine's own words; once there is room, the next update goes on", async () => {
  const { image, engines } = rig;
  const declare = (web: number) => ({
    image,
    hosts: [engines[0]!.hostArgs],
    update: { monitor: 0 },
    processes: { web: { command: "sleep 1000" } },
    scale: { web },
  });
  await provider.up(declare(1));
  await inside(`dd if=/dev/zero of=${disk}/fill bs=1M`);
  await expect(provider.up(declare(3))).rejects.toThrow(
    /^web\.2 on a: create failed: a: .*no space left on device\nweb\.3 on a: create failed: a: .*no space left on device$/,
  );
  expect(provider.state?.outputs).toMatchObject({ formation: { web: 3 }, running: { web: 1 } });
  expect(await running()).toEqual(["web.1 running"]);

  await inside(`rm ${disk}/fill`);
  await provider.up(declare(3));
  expect(await running()).toEqual(["web.1 running", "web.2 running", "web.3 running"]);
  expect(await provider.preview(declare(3))).toBe(false);
});
