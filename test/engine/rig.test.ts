import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { commandLines } from "../support/processes";
import { startRig, type Rig } from "../support/rig";

// Other tests rest on the rig, so it must work as described and leave nothing behind.

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ engines: 2, tls: [1] });
});
afterAll(() => rig.stop());

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (isSo: boolean) => {
      socket.destroy();
      resolve(isSo);
    };
    socket.setTimeout(1500, () => end(false));
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}

const answers = (index: number): Promise<boolean> => {
  const silence = delay(1500).then(() => false);
  return Promise.race([rig.engines[index]!.docker.ping().then(Boolean, () => false), silence]);
};

test("the engines are two, and both have the image", async () => {
  const infos = await Promise.all(rig.engines.map(({ docker }) => docker.info() as Promise<{ ID: string }>));
  expect(new Set(infos.map(({ ID }) => ID)).size).toBe(2);
  for (const { docker } of rig.engines) await docker.getImage(rig.image).inspect();
});

test("what a container publishes is reached from here", async () => {
  const { docker, ip } = rig.engines[0]!;
  const serve = "require('http').createServer((_, answer) => answer.end('hello')).listen(80)";
  const container = await docker.createContainer({
    Image: rig.image,
    Cmd: ["node", "-e", serve],
    ExposedPorts: { "80/tcp": {} },
    HostConfig: { PortBindings: { "80/tcp": [{ HostPort: "8080" }] } },
  });
  await container.start();
  const text = () => fetch(`http://${ip}:8080`).then((answer) => answer.text());
  let seen = "";
  for (let tries = 0; tries < 50 && seen === ""; tries++) {
    seen = await text().catch(() => "");
    if (seen === "") await delay(100);
  }
  expect(seen).toBe("hello");
  await container.remove({ force: true });
});

test("a link is cut and healed", async () => {
  const { ip } = rig.engines[1]!;
  expect(await canConnect(ip, 2376)).toBe(true);
  await rig.cut(1);
  expect(await canConnect(ip, 2376)).toBe(false);
  await rig.heal(1);
  expect(await canConnect(ip, 2376)).toBe(true);
});

test("an engine is frozen and thawed, killed and restarted", async () => {
  await rig.freeze(0);
  expect(await answers(0)).toBe(false);
  await rig.thaw(0);
  expect(await answers(0)).toBe(true);
  await rig.kill(0);
  expect(await answers(0)).toBe(false);
  await rig.restart(0);
  expect(await answers(0)).toBe(true);
});

test("nothing is left of a rig, whatever state it was in", async () => {
  const other = await startRig({ engines: 1, ssh: [0] });
  const [engine] = other.engines;
  const container = await engine!.docker.createContainer({ Image: other.image, Cmd: ["sleep", "1000"] });
  await container.start();
  await other.freeze(0);
  await other.stop();
  expect(existsSync(other.folder)).toBe(false);
  expect(execFileSync("ip", ["-4", "-o", "address"], { encoding: "utf8" })).not.toContain(engine!.ip.slice(0, -1));
  const commands = commandLines().map((words) => words.join(" "));
  expect(commands.filter((command) => command.includes(other.folder))).toEqual([]);
});
