import { appendFileSync, cpSync } from "node:fs";
import { join } from "node:path";
import { version } from "@pulumi/docker/package.json";
import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { Stack } from "../support/stack";

// Not every machine can download the plugin behind @pulumi/docker. The program is run either way, and stdout tells how
// far it came.
const MISSING = `no resource plugin 'pulumi-resource-docker' found in the workspace at version v${version} or on your $PATH`;
const EXAMPLE = "examples/with-pulumi-docker";

const stack = new Stack("examples");
const examples = join(stack.folder, "examples");
const name = uniqueName("e2e");
const app = `shop-${name}`;
const pulumi = (...args: string[]) => stack.pulumi("--cwd", join(stack.folder, EXAMPLE), ...args);
const networks = () => docker.listNetworks({ filters: { name: [app] } });

beforeAll(async () => {
  cpSync(join(__dirname, "../../examples"), examples, { recursive: true });
  expect(await pulumi("stack", "init", name)).toMatchObject({ code: 0 });
  expect(await pulumi("config", "set", "base", baseImage())).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await removeContainersOf(app);
  for (const { Id } of await networks()) await docker.getNetwork(Id).remove();
  for (const { Id } of await docker.listImages({ filters: { reference: [app] } })) await docker.getImage(Id).remove();
  stack.delete();
});

test("the example runs on the image and the network that it makes, where the docker plugin can be had", async () => {
  const install = await pulumi("plugin", "install", "resource", "docker", version);
  const preview = await pulumi("preview");
  if (preview.output.includes(MISSING)) {
    const why = install.output.trim().split("\n").at(-1);
    process.stdout.write(`${EXAMPLE}: previewed up to the docker plugin, which cannot be had: ${why}\n`);
    expect(preview.output.match(/^ +error: .*$/gm)).toEqual([`    error: ${MISSING}`]);
    return;
  }
  process.stdout.write(`${EXAMPLE}: run for real, with the docker plugin\n`);
  expect(preview).toMatchObject({ code: 0, output: expect.stringContaining("web=2, worker=1, clock=0") as string });
  expect(await pulumi("up", "--yes")).toMatchObject({ code: 0 });

  const image = await docker.getImage(app).inspect();
  const [network] = await networks();
  const containers = await containersOf(app);
  expect(containers).toHaveLength(3);
  for (const { ImageID, NetworkSettings } of containers) {
    expect(ImageID).toBe(image.Id);
    expect(Object.keys(NetworkSettings.Networks)).toEqual([network?.Name]);
  }
  expect(await pulumi("preview", "--expect-no-changes")).toMatchObject({ code: 0 });

  appendFileSync(join(examples, "procfile-app/app/worker.js"), "// another build\n");
  expect((await pulumi("preview")).output).toMatch(/worker\.1 +replace on local +if image changes: known at up/);

  expect(await pulumi("destroy", "--yes")).toMatchObject({ code: 0 });
  expect([await containersOf(app), await networks()]).toEqual([[], []]);
});
