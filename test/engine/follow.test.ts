import { Follower } from "../../cli/logs/follow";
import type { Position } from "../../cli/logs/position";
import type { DesiredInstance } from "../../provider/core/model/desired";
import { connect } from "../../provider/orchestrators/connect";
import { view } from "../../provider/orchestrators/viewers";
import type { Viewer } from "../../provider/orchestrators/viewer";
import { baseImage, docker, removeContainersOf, uniqueName } from "../support/engine";
import { OWN } from "../support/asking";

const socketPath = "/var/run/docker.sock";
const app = { name: uniqueName("follow"), identity: OWN.identity, owner: "follow/dev", instances: [] };
const image = baseImage();
const host = connect([{ host: `unix://${socketPath}` }], undefined, {})[0]!;
let stop = new AbortController();
const seen: string[] = [];
const warnings: string[] = [];

function wanted(index: number, command: string, restart = false): DesiredInstance {
  return {
    app: app.name,
    identity: OWN.identity,
    owner: app.owner,
    type: "web",
    index,
    singleton: false,
    name: nameOf(index),
    hostname: `web.${index}`,
    image,
    configuration: "command=1",
    restart,
    arguments: ["/bin/sh", "-c", command],
    env: OWN.env,
    networks: [],
    settings: { stopTimeout: 1 },
  };
}

function nameOf(index: number): string {
  return `${app.name}.web.${index}`;
}

function follow(viewer: Viewer = view({ host: `unix://${socketPath}` })): void {
  stop.abort();
  stop = new AbortController();
  const positions = new Map<string, Position>();
  const following = { app, isMeant: () => true, positions, begin: { tail: "all" } as const };
  const push = (entry: { source: string; text: string }) => {
    seen.push(`${entry.source} ${entry.text}`);
    return Promise.resolve();
  };
  void new Follower(viewer, {
    ...following,
    push,
    warn: (text: string) => warnings.push(text),
    signal: stop.signal,
  }).run();
}

async function until(text: string): Promise<void> {
  while (!seen.includes(text)) await new Promise((resolve) => setTimeout(resolve, 50));
}

afterAll(async () => {
  stop.abort();
  await removeContainersOf(app.name);
});

test("lines go on across a restart, a replacement and a crash, each once, and new processes join in", async () => {
  await host.run(wanted(1, "echo first life; exec sleep 1000"));
  follow();
  await until("app[web.1] first life");

  await docker.getContainer(nameOf(1)).restart({ t: 0 });
  while (seen.filter((line) => line === "app[web.1] first life").length < 2)
    await new Promise((r) => setTimeout(r, 50));

  await host.rename(nameOf(1), `${nameOf(1)}.old`);
  await host.run(wanted(1, "echo second life; exec sleep 1000"));
  await docker.getContainer(`${nameOf(1)}.old`).remove({ force: true });
  await until("app[web.1] second life");

  await host.run(wanted(2, "echo joined; exec sleep 1000"));
  await until("app[web.2] joined");

  // Each of its three runs is over before it can be observed.
  await host.run(wanted(3, "echo crash; exit 1", true));
  while (seen.filter((line) => line === "app[web.3] crash").length < 3) await new Promise((r) => setTimeout(r, 50));
  await docker.getContainer(nameOf(3)).remove({ force: true });

  expect(seen.filter((line) => !line.includes("web.3"))).toEqual([
    "app[web.1] first life",
    "app[web.1] first life",
    "app[web.1] second life",
    "app[web.2] joined",
  ]);
  expect(warnings).toEqual([]);
});

test("a look that fails is made again, also when the engine's events go on", async () => {
  const viewer = view({ host: `unix://${socketPath}` });
  const list = viewer.list.bind(viewer);
  let [asked, answered] = [0, 0];
  viewer.list = async (name) => {
    if (++asked === 2) throw new Error("a busy engine");
    const all = await list(name);
    answered++;
    return all;
  };
  follow(viewer);
  // The process must start after the first observation.
  while (answered === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  await host.run(wanted(4, "echo late; exec sleep 1000"));
  await until("app[web.4] late");
  expect(warnings).toEqual([
    "warning: a busy engine; its processes are left out until it can be reached again",
    `${viewer.name} can be reached again`,
  ]);
});
