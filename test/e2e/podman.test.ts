import { uniqueName } from "../support/engine";
import { formation } from "../support/formation-command";
import { startPodman, type Podman } from "../support/podman";
import { Stack } from "../support/stack";

// Life of an app on a Podman host, from `up` to `destroy`, through the real Pulumi CLI and the `formation` command.

const app = uniqueName("pod");
const stack = new Stack("podman");
let podman: Podman;

beforeAll(async () => {
  podman = await startPodman();
});

afterAll(async () => {
  await podman.stop();
  stack.delete();
});

const own = async () =>
  (await podman.docker.listContainers({ all: true }))
    .flatMap(({ Names: [name = ""], State }) =>
      name.startsWith(`/${app}.`) ? [`${name.slice(app.length + 2)} ${State}`] : [],
    )
    .sort();

test("up, preview, scale, ps and destroy", async () => {
  stack.program(
    app,
    `{ image: ${JSON.stringify(podman.image)}, hosts: [{ name: "pod", host: ${JSON.stringify(podman.host)} }],
       update: { monitor: 0 }, scale: { web: 1, clock: 1 },
       procfile: "web: sleep 100000\\nclock: sleep 100000\\n" }`,
  );
  expect(await stack.pulumi("stack", "init", "dev")).toMatchObject({ code: 0 });
  expect(await stack.pulumi("up", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  expect(await own()).toEqual(["clock.1 running", "web.1 running"]);
  expect(await stack.pulumi("preview", "--expect-no-changes")).toMatchObject({ code: 0 });

  const command = (...args: string[]) => formation(stack, ...args);
  expect(await command("scale", "web=3")).toMatchObject({
    code: 0,
    stdout: "Scaling web processes... done, now running 3\n",
  });
  expect(await own()).toEqual(["clock.1 running", "web.1 running", "web.2 running", "web.3 running"]);
  const { stdout } = await command("ps");
  expect(stdout.match(/^(web\.\d|clock\.1) +up for /gm)).toHaveLength(4);
  expect(await command("wait")).toMatchObject({ code: 0, stdout: "4/4\n" });

  expect(await stack.pulumi("destroy", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
  expect(await own()).toEqual([]);
});
