import { Follower } from "../../cli/logs/follow";
import type { App } from "../../cli/observe/app";
import { observeAll, lossesIn } from "../../cli/observe/observe";
import { view } from "../../provider/orchestrators/viewers";
import { docker, uniqueName } from "../support/engine";

const here = { name: "here", host: "unix:///var/run/docker.sock" };
const far = { name: "far", host: "unix:///nowhere/docker.sock" };

function app(engines: App["engines"] = {}): App {
  const nothing = { formation: {}, types: [], commands: new Map<string, string>(), instances: [], log: [] };
  return { ...nothing, name: uniqueName("look"), owner: "look/dev", engines };
}

test("a host that cannot be reached is said, and the others are looked at", async () => {
  const looks = await observeAll(app(), [view(far), view(here)]);
  expect(looks.map(({ kind }) => kind)).toEqual(["lost", "seen"]);
  expect(lossesIn(looks)).toEqual([
    expect.stringMatching(/^warning: cannot reach far .*; what runs there is unknown$/s),
  ]);
});

test("nothing where processes should be, on another engine than theirs, is no empty formation", async () => {
  const { ID } = (await docker.info()) as { ID: string };
  await expect(observeAll(app({ [here.host]: "another" }), [view(here)])).rejects.toMatchObject({
    code: "EngineMismatch",
    message: expect.stringContaining(ID) as string,
  });
  await expect(observeAll(app({ [here.host]: ID }), [view(here)])).resolves.toHaveLength(1);
});

test("following a host that cannot be reached says so once, and goes on trying", async () => {
  const warnings: string[] = [];
  const stop = new AbortController();
  const running = new Follower(view(far), {
    app: app(),
    isMeant: () => true,
    positions: new Map(),
    begin: { tail: "all" },
    signal: stop.signal,
    push: () => Promise.resolve(),
    warn: (text: string) => warnings.push(text),
  }).run();
  await new Promise((resolve) => setTimeout(resolve, 2500));
  stop.abort();
  await running;
  expect(warnings).toEqual([expect.stringMatching(/^warning: cannot reach far/)]);
});
