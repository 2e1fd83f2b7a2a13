import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DesiredInstance } from "../../provider/core/model/desired";
import { argumentsOf } from "../../provider/core/model/environment";
import type { HostEntry } from "../../provider/engine/connect/transport";
import { connect } from "../../provider/orchestrators/connect";
import type { Host } from "../../provider/orchestrators/docker/host/host";
import { docker, uniqueName } from "../support/engine";
import { failureOf } from "../support/failure";
import { commandLines } from "../support/processes";
import { startRig, type Rig } from "../support/rig";
import { until } from "../support/rig/run";
import { asking, OWN } from "../support/asking";

const app = uniqueName("transport");
const query = asking(app);
const transports = [
  ["unix", 0],
  ["tcp with TLS", 1],
  ["ssh", 2],
] as const;
const all = transports.map(([, index]) => index);
const remote = all.slice(1);

let rig: Rig;
const opened: Host[] = [];
function hostAt(entry: HostEntry): Host {
  const [host] = connect([entry], undefined, {});
  opened.push(host!);
  return host!;
}
const entryOf = (index: number): HostEntry => rig.engines[index]!.hostArgs;

beforeAll(async () => {
  rig = await startRig({ engines: 3, tls: [1], ssh: [2] });
});
afterEach(() => {
  for (const host of opened.splice(0)) host.close();
});
afterAll(() => rig.stop());

function wanted(index: number, command: string): DesiredInstance {
  return {
    app,
    identity: OWN.identity,
    owner: "transport/dev",
    type: "web",
    index,
    singleton: false,
    name: `${app}.web.${index}`,
    hostname: `web.${index}`,
    image: rig.image,
    configuration: "1",
    restart: true,
    networks: [],
    settings: { stopTimeout: 5 },
    arguments: argumentsOf(command),
    env: { ...OWN.env, COLOUR: "blue", TINI_KILL_PROCESS_GROUP: "1" },
  };
}

describe.each(transports)("over %s", (_, index) => {
  // More calls at once than an sshd allows sessions.
  test("200 calls at once take little time", async () => {
    const host = hostAt(entryOf(index));
    await host.run(wanted(3, "sleep 1000"));
    const begin = performance.now();
    await Promise.all(Array.from({ length: 200 }, () => host.variable(`${app}.web.3`, "COLOUR")));
    expect(performance.now() - begin).toBeLessThan(5_000);
    await rig.engines[index]!.docker.getContainer(`${app}.web.3`).remove({ force: true });
  });
});

/** Observes engines through open connections and through new ones, all at once. */
async function failures(indices: readonly number[], standing: readonly Host[]) {
  const fresh = indices.map((index) => hostAt(entryOf(index)));
  return Promise.all(
    [...standing, ...fresh].map(async (host) => ({ host, ...(await failureOf(host.observe(query))) })),
  );
}

test.each([
  ["was killed (F06)", all, () => Promise.all(all.map(rig.kill)), () => Promise.all(all.map(rig.restart)), /./],
  ["is frozen", all, () => Promise.all(all.map(rig.freeze)), () => Promise.all(all.map(rig.thaw)), /within 5 s/],
  ["is cut off", remote, () => Promise.all(remote.map(rig.cut)), () => Promise.all(remote.map(rig.heal)), /./],
] as const)("a host whose engine %s is named in time, and found again", async (_, indices, hurt, mend, words) => {
  const standing = indices.map((index) => hostAt(entryOf(index)));
  await Promise.all(standing.map((host) => host.observe(query)));
  await hurt();
  try {
    for (const { host, code, text, seconds } of await failures(indices, standing)) {
      expect(code).toBe("HostUnreachable");
      expect(text).toContain(`cannot reach ${host.name} (${host.address}): `);
      expect(text).toMatch(words);
      expect(seconds).toBeLessThan(8);
    }
  } finally {
    await mend();
  }
  for (const host of standing) await host.observe(query);
});

test("DOCKER_HOST does not divert what leads to hosts that are declared", async () => {
  const before = { ...process.env };
  Object.assign(process.env, { DOCKER_HOST: "tcp://127.0.0.1:1", DOCKER_TLS_VERIFY: "1" });
  try {
    for (const index of all) {
      const { ID } = (await rig.engines[index]!.docker.info()) as { ID: string };
      expect(await hostAt(entryOf(index)).observe(query)).toMatchObject({ engine: ID });
    }
  } finally {
    process.env = before;
  }
});

describe("ssh", () => {
  const keyOnly = () => entryOf(2).sshOpts!.slice(0, 2);

  test("an address without a path leads to the default socket", async () => {
    const { host, sshOpts } = entryOf(2);
    const machine = hostAt({ host: host.slice(0, host.indexOf("/", "ssh://".length)), sshOpts });
    // The rig's machines differ in their network, not in their files, so this socket is that of the tests' own engine.
    const { ID } = (await docker.info()) as { ID: string };
    expect(await machine.observe(query)).toMatchObject({ name: rig.engines[2]!.ip, engine: ID });
  });

  test("there is one connection, until it is closed", async () => {
    const ours = () => commandLines().filter((words) => words[0] === "ssh" && words.includes(rig.engines[2]!.ip));
    const host = hostAt(entryOf(2));
    await Promise.all(Array.from({ length: 20 }, () => host.observe(query)));
    expect(ours().length).toBe(1);
    const folder = dirname(/[^:]*/.exec(ours()[0]!.find((word) => word.includes("engine.sock"))!)![0]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    host.close();
    await until("ssh ends", 5, () => ours().length === 0);
    expect(existsSync(folder)).toBe(false);
    await host.observe(query);
  });

  test("an unknown host key is refused at once, in ssh's words", async () => {
    const nobody = ["-o", `UserKnownHostsFile=${join(rig.folder, "none")}`];
    const { code, text, seconds } = await failureOf(
      hostAt({ ...entryOf(2), sshOpts: [...keyOnly(), ...nobody] }).observe(query),
    );
    expect(code).toBe("HostUnreachable");
    expect(text).toMatch(/cannot reach c .*Host key verification failed.*known_hosts: ssh root@/);
    expect(seconds).toBeLessThan(5);
  });

  test("a key that does not get in is refused at once, in ssh's words", async () => {
    const { code, text } = await failureOf(
      hostAt({ ...entryOf(2), sshOpts: entryOf(2).sshOpts!.slice(2) }).observe(query),
    );
    expect(code).toBe("HostUnreachable");
    expect(text).toMatch(/cannot reach c .*Permission denied.*try: ssh -o BatchMode=yes root@/);
  });

  test("a socket where no engine answers is told from a machine that does not", async () => {
    const host = `ssh://root@${rig.engines[2]!.ip}/nowhere.sock`;
    const { text } = await failureOf(hostAt({ ...entryOf(2), host }).observe(query));
    expect(text).toMatch(/ssh gets there, but no engine answers at \/nowhere\.sock/);
  });

  test.each([
    "ssh://-oProxyCommand=touch%20FILE",
    "ssh://-oProxyCommand=touch FILE",
    "ssh://a@-oProxyCommand=touch FILE",
  ])("%s runs nothing", async (form) => {
    const file = join(rig.folder, "touched");
    const host = form.replace("FILE", file);
    const attempt = async () => hostAt({ host }).observe(query);
    expect(await failureOf(attempt())).toMatchObject({ code: "InvalidInput" });
    expect(existsSync(file)).toBe(false);
  });
});
