import { uniqueName } from "../support/engine";
import { startRig, type Rig } from "../support/rig";
import { Stack } from "../support/stack";

let rig: Rig;
const stacks: Stack[] = [];
beforeAll(async () => {
  rig = await startRig({ engines: 2, tls: [0], ssh: [1] });
});
afterAll(async () => {
  for (const stack of stacks) stack.delete();
  await rig.stop();
});

test.each([
  ["tcp with TLS", 0],
  ["ssh", 1],
])("over %s an app is previewed, brought up and destroyed, and no key shows", async (_, index) => {
  const { docker, hostArgs } = rig.engines[index]!;
  const app = uniqueName("shop");
  const stack = new Stack("transports");
  stacks.push(stack);
  const hosts = JSON.stringify([hostArgs]);
  stack.program(app, `{ image: "${rig.image}", procfile: "web: sleep 1000", update: { monitor: 0 }, hosts: ${hosts} }`);
  const said = [await stack.pulumi("stack", "init", "dev"), await stack.pulumi("preview", "--diff")];
  expect(said[1]!.output).toContain(`web.1      create on ${hostArgs.name}  scale up`);
  said.push(await stack.pulumi("up", "--yes"));
  const running = await docker.listContainers({ filters: { name: [`${app}.web.1`] } });
  expect(running.map(({ State }) => State)).toEqual(["running"]);
  said.push(await stack.pulumi("stack", "export"));
  // A destroy needs no program: the way to the host comes from the state.
  said.push(await stack.pulumi("destroy", "--yes"));
  expect(said.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  expect(await docker.listContainers({ all: true })).toEqual([]);
  const lines = [hostArgs.keyMaterial, hostArgs.certMaterial].flatMap((pem) => pem?.split("\n").slice(1, 3) ?? []);
  expect(lines.filter((line) => said.some(({ output }) => output.includes(line)))).toEqual([]);
});
