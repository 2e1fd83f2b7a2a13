import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";
import { Provider, type Properties } from "../support/provider";

// A type with an image of its own, on a real engine.

const app = uniqueName("own-image");
const provider = new Provider(app);
const tags = ["1", "2"].map((tag) => `${app}:${tag}`) as [string, string];
const image = baseImage();

beforeAll(async () => {
  for (const tag of ["1", "2"]) await docker.getImage(image).tag({ repo: app, tag });
});

afterAll(async () => {
  await provider.kill();
  await removeContainersOf(app);
  for (const tag of tags) await docker.getImage(tag).remove();
});

const inputs = (own: Properties = {}): Properties => ({
  image,
  processes: {
    web: { command: "sleep 1000", stopTimeout: 0 },
    worker: { command: "sleep 1000", stopTimeout: 0, ...own },
  },
  scale: { web: 1, worker: 1 },
  update: { monitor: 0 },
});

/** The id and the image of each container, by type. */
async function containers(): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const { Id, Labels } of await containersOf(app)) {
    const { Config } = await docker.getContainer(Id).inspect();
    found[Labels["formation.type"] ?? ""] = [Id, Config.Image];
  }
  return found;
}

test("is made of it, released by it alone, and refused while it cannot be had", async () => {
  await provider.up(inputs({ image: tags[0] }));
  const before = await containers();
  expect([before["web"]?.[1], before["worker"]?.[1]]).toEqual([image, tags[0]]);
  expect(await provider.preview(inputs({ image: tags[0] }))).toBe(false);

  await provider.up(inputs({ image: tags[1] }));
  const after = await containers();
  expect(after["web"]).toEqual(before["web"]);
  expect(after["worker"]).toEqual([expect.not.stringMatching(before["worker"]![0]!), tags[1]]);

  const missing = { image: "127.0.0.1:1/none:1" };
  await expect(provider.up(inputs(missing))).rejects.toThrow(/image 127\.0\.0\.1:1\/none:1 is not on local/);
  expect(await containers()).toEqual(after);
  await provider.up(inputs());
  expect((await containers())["worker"]?.[1]).toBe(image);
  await provider.destroy();
});
