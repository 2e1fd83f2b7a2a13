import type { Readiness } from "../../provider/core/model/change";
import type { DesiredInstance } from "../../provider/core/model/desired";
import type { HealthTest } from "../../provider/core/inputs/container/container-settings";
import type { HttpCheck } from "../../provider/core/inputs/process-type";
import { connect } from "../../provider/orchestrators/connect";
import { baseImage, docker, removeContainersOf, uniqueName } from "../support/engine";
import { OWN } from "../support/asking";

// Time at which a new process counts as ready, and the message about one that does not become so.

const app = uniqueName("ready");
const base = baseImage();
const checked = `${app}:checked`;
const host = connect([{ host: "unix:///var/run/docker.sock" }], undefined, {})[0]!;
const times = { interval: 0.2, timeout: 0.5, retries: 3, startPeriod: 0 };
let count = 0;

/** Starts a process and waits until it is ready. @returns seconds until then */
async function ready(command: string, readiness: Readiness, more: Partial<DesiredInstance> = {}): Promise<number> {
  const index = ++count;
  const name = `${app}.web.${index}`;
  await host.run({
    app,
    identity: OWN.identity,
    owner: "ready/dev",
    type: "web",
    index,
    singleton: false,
    name,
    hostname: name,
    configuration: "",
    image: base,
    arguments: ["/bin/sh", "-c", command],
    env: OWN.env,
    networks: [],
    settings: { stopTimeout: 0 },
    restart: true,
    ...more,
  });
  const began = performance.now();
  await host.ready(name, readiness);
  return (performance.now() - began) / 1000;
}

/** Serves a status that changes after a while. */
function web(first: number, then: number, after: number): string {
  return `node -e 'const began = Date.now(); console.log("up");
    require("http").createServer((_, response) => {
      const status = Date.now() - began < ${after} ? ${first} : ${then};
      if (status > 0) response.writeHead(status).end();
    }).listen(80)'`;
}

const GREEDY = "node -e 'for (const all = []; ;) all.push(Buffer.alloc(1e6, 1))'";
const http = (more: Partial<HttpCheck> = {}): Readiness => ({
  monitor: 0,
  http: { path: "/healthz", ...times, ...more },
});
const published = () => ({ publish: { port: 80, address: "127.0.0.1", hostPorts: [19_000 + count, 19_500 + count] } });
const tested = (more: Partial<HealthTest> = {}): Partial<DesiredInstance> => ({
  settings: {
    stopTimeout: 0,
    health: { test: ["CMD", "cat", "/tmp/ok"], ...times, startPeriod: 5, ...more },
  },
});

beforeAll(async () => {
  const container = await docker.createContainer({ Image: base, Cmd: ["true"] });
  const changes = "HEALTHCHECK --interval=200ms --retries=5 CMD cat /tmp/ok";
  await container.commit({ repo: app, tag: "checked", changes });
  await container.remove();
});

afterEach(() => removeContainersOf(app));

afterAll(async () => {
  await docker.getImage(checked).remove();
});

test.each<[string, string, Readiness, () => Partial<DesiredInstance>]>([
  ["the image's own health check", "sleep 1; : > /tmp/ok; sleep 100", { monitor: 0 }, () => ({ image: checked })],
  ["the health check that was declared", "sleep 1; : > /tmp/ok; sleep 100", { monitor: 0 }, tested],
  ["any status from 200 to 399", web(500, 301, 1000), http({ startPeriod: 5 }), published],
  ["the one status that was asked for", web(200, 404, 1000), http({ startPeriod: 5, status: 404 }), published],
  ["an answer in time", web(0, 200, 1000), http({ startPeriod: 5 }), published],
  ["monitor, when there is no check", "sleep 100", { monitor: 1 }, () => ({})],
  ["monitor, when there is a check as well", web(200, 200, 0), { ...http(), monitor: 1 }, published],
])("ready by %s", async (_, command, readiness, more) => {
  expect(await ready(command, readiness, more())).toBeGreaterThan(0.6);
});

test.each<[string, string, Readiness, () => Partial<DesiredInstance>, RegExp]>([
  ["is unhealthy", "echo up; sleep 100", { monitor: 0 }, () => tested({ startPeriod: 0 }), /^is unhealthy after \d+ s/],
  [
    "answers badly",
    web(503, 503, 0),
    http(),
    published,
    /^does not answer \/healthz \(status 503\) after \d+ s; .*\nup$/,
  ],
  ["answers another status", web(200, 200, 0), http({ status: 204 }), published, /\(status 200\)/],
  ["never answers", web(0, 0, 0), http(), published, /\(no answer within 0.5 s\)/],
  ["does not listen", "echo up; sleep 100", http(), published, /\((ECONNRESET|ECONNREFUSED|socket hang up)\)/],
  ["exits", "echo bye; exit 3", { monitor: 5 }, () => ({}), /^exited with code 3.*\nbye/s],
  ["exits with 0", "sleep 0.3", { monitor: 5 }, () => ({}), /^exited with code 0.*without output/],
  [
    "exits, and stays up once it is started again",
    "test -f /tmp/a && exec sleep 100; : > /tmp/a; echo once; sleep 1; exit 7",
    { monitor: 2 },
    () => ({}),
    /^exited with code 7, and was started again; its last lines:\nonce$/,
  ],
  [
    "needs too much memory",
    GREEDY,
    { monitor: 20 },
    () => ({ settings: { stopTimeout: 0, size: { memory: 64 * 2 ** 20 } } }),
    /^exited with code 137, out of mem/,
  ],
  ["exits in the middle of its checks", "sleep 0.3; exit 5", http({ retries: 99 }), published, /^exited with code 5/],
])("not ready: a process that %s", async (_, command, readiness, more, message) => {
  await expect(ready(command, readiness, more())).rejects.toMatchObject({
    message: expect.stringMatching(message) as string,
  });
});
