import type { DesiredInstance } from "../../provider/core/desired";
import { connect } from "../../provider/hosts/connect";
import { baseImage, containersOf, docker, removeContainersOf, uniqueName } from "../support/engine";

const app = uniqueName("contract");
const image = baseImage();
const host = connect([{ host: "unix:///var/run/docker.sock" }], undefined, {})[0]!;

function wanted(index: number, command: string): DesiredInstance {
  return {
    ...{
      app,
      owner: "contract/dev",
      type: "web",
      index,
      singleton: false,
      name: `${app}.web.${index}`,
      hostname: `web.${index}`,
    },
    ...{ image, configuration: "command=1", restart: true, arguments: ["/bin/sh", "-c", `trap : TERM; ${command}`] },
    ...{ env: { TINI_KILL_PROCESS_GROUP: "1" }, stopTimeout: 5 },
  };
}

async function outputOf(name: string): Promise<string> {
  return (await docker.getContainer(name).logs({ stdout: true, stderr: true })).toString();
}

/** A signal before the process has its handler would prove nothing. */
async function isUp(name: string): Promise<void> {
  while (!(await outputOf(name)).includes("up")) await new Promise((resolve) => setTimeout(resolve, 50));
}

afterAll(() => removeContainersOf(app));

test("run twice is one container, and it is observed as ours", async () => {
  await host.run(wanted(1, "sleep 1000"));
  await host.run(wanted(1, "sleep 1000"));
  const seen = await host.observe({ apps: [app], image, fixedPorts: [] });
  expect(seen.instances).toMatchObject([
    { name: `${app}.web.1`, type: "web", index: 1, state: "running", owner: "contract/dev" },
  ]);
  expect(seen.imageId).toMatch(/^sha256:/);
  const { HostConfig } = await docker.getContainer(`${app}.web.1`).inspect();
  expect(HostConfig).toMatchObject({
    Init: true,
    PidsLimit: 4096,
    Privileged: false,
    RestartPolicy: { Name: "always" },
  });
});

test("a name that somebody else has is refused, and the other container left alone", async () => {
  const decoy = await docker.createContainer({ Image: image, name: `${app}.web.2`, Cmd: ["sleep", "1000"] });
  try {
    await expect(host.run(wanted(2, "sleep 1000"))).rejects.toMatchObject({ code: "NameTaken" });
    await expect(decoy.inspect()).resolves.toMatchObject({ State: { Status: "created" } });
  } finally {
    await decoy.remove({ force: true });
  }
});

test("a process that exits is reported with its code and its last lines", async () => {
  await host.run(wanted(3, "echo no database; exit 3"));
  await expect(host.ready(`${app}.web.3`, { monitor: 2 })).rejects.toMatchObject({
    code: "ProcessExited",
    message: expect.stringMatching(/code 3[^]*no database/) as string,
  });
});

// The process behind the shell must see SIGTERM and finish its own shutdown.
const graceful = `node -e 'process.on("SIGTERM", () => setTimeout(() => { console.log("finished"); process.exit() }, 300)); setInterval(() => {}, 1000); console.log("up")'`;
test.each([
  [4, graceful],
  [5, `${graceful}; true`],
  [6, `sleep 1000 | ${graceful}`],
  [7, `cd / && ${graceful}`],
])("stop lets %i finish its shutdown: %s", async (index, command) => {
  await host.run(wanted(index, command));
  const name = `${app}.web.${index}`;
  await isUp(name);
  await host.stop(name, 5);
  expect(await outputOf(name)).toContain("finished");
  await host.remove(name);
  await host.remove(name);
});

test("a process that ignores SIGTERM is killed after its timeout", async () => {
  await host.run(
    wanted(8, `node -e 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")'`),
  );
  await isUp(`${app}.web.8`);
  const began = Date.now();
  await host.stop(`${app}.web.8`, 1);
  expect(Date.now() - began).toBeGreaterThan(900);
  expect((await containersOf(app)).find((one) => one.Names[0] === `/${app}.web.8`)?.State).toBe("exited");
});
