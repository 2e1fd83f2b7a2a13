import { once } from "node:events";
import { request } from "node:http";
import Docker from "dockerode";
import { baseImage, docker, uniqueName } from "../support/engine";
import { EngineProxy, type OnCall } from "../support/engine-proxy";

const name = uniqueName("proxy");
const image = baseImage();
let onCall: OnCall = () => undefined;
let proxy: EngineProxy;
let through: Docker;

beforeAll(async () => {
  proxy = await EngineProxy.start({ onCall: (...call) => onCall(...call) });
  through = new Docker({ socketPath: proxy.socketPath });
});

beforeEach(() => {
  onCall = () => undefined;
  proxy.reset();
});

afterAll(async () => {
  await proxy.close();
  for (const one of [name, `${name}-2`])
    await docker
      .getContainer(one)
      .remove({ force: true })
      .catch(() => undefined);
});

test("calls pass unchanged, and are counted and timed", async () => {
  const container = await through.createContainer({
    name,
    Image: image,
    Cmd: ["sh", "-c", "echo up; cat"],
    OpenStdin: true,
    StdinOnce: true,
  });
  await container.start();
  await expect(through.getContainer(`${name}-none`).inspect()).rejects.toMatchObject({ statusCode: 404 });
  expect((await container.inspect()).Id).toBe((await docker.getContainer(name).inspect()).Id);
  expect(proxy.calls.map(({ method, path }) => `${method} ${path.split("?")[0]}`)).toEqual([
    "POST /containers/create",
    `POST /containers/${container.id}/start`,
    `GET /containers/${name}-none/json`,
    `GET /containers/${container.id}/json`,
  ]);
  for (const { began, ended } of proxy.calls) expect(ended).toBeGreaterThan(began);
  expect(proxy.mostInFlight).toBe(1);
});

test("the greatest number of calls in flight is kept", async () => {
  let release = () => {};
  const all = new Promise<void>((resolve) => (release = resolve));
  onCall = (n) => (n === 3 ? release() : all);
  await Promise.all([1, 2, 3].map(() => through.ping()));
  expect(proxy.mostInFlight).toBe(3);
});

test("a stream is passed on while it lasts, and ended with its reader", async () => {
  const logs = await through.getContainer(name).logs({ follow: true, stdout: true });
  const [chunk] = (await once(logs, "data")) as [Buffer];
  expect(chunk.toString()).toContain("up");
  (logs as unknown as { destroy: () => void }).destroy();
  while (proxy.calls[0]?.ended === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
});

test("a connection that leaves HTTP is passed on in both directions", async () => {
  const attached = await through.getContainer(name).attach({ stream: true, hijack: true, stdin: true, stdout: true });
  attached.write("ping\n");
  const [echo] = (await once(attached, "data")) as [Buffer];
  // The stream has a header of eight bytes, then the output and nothing else.
  expect(echo.subarray(8).toString()).toBe("ping\n");
  attached.end();
  await through.getContainer(name).wait();
});

test("an upgrade that the engine refuses is answered as the engine does", async () => {
  const refused = through.getContainer(`${name}-none`).attach({ stream: true, hijack: true, stdout: true });
  await expect(refused).rejects.toMatchObject({ statusCode: 404 });
});

test("what was asked is done, though the one who asked is gone before it is passed on", async () => {
  const body = JSON.stringify({ Image: image });
  const headers = { "Content-Type": "application/json", "Content-Length": body.length };
  const path = `/containers/create?name=${name}-2`;
  const asked = request({ socketPath: proxy.socketPath, method: "POST", path, headers });
  const failed = once(asked, "error").catch((error: unknown) => [error]);
  onCall = async () => {
    asked.destroy(new Error("gone"));
    await failed;
  };
  asked.end(body);
  await failed;
  const made = async () => (await docker.listContainers({ all: true, filters: { name: [`${name}-2`] } })).length;
  while ((await made()) === 0) await new Promise((resolve) => setTimeout(resolve, 50));
});
