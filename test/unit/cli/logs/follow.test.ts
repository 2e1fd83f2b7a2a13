import { Follower } from "../../../../cli/logs/follow";
import type { Position } from "../../../../cli/logs/position";
import { FormationError } from "../../../../provider/core/values/errors";
import type { LogLine } from "../../../../provider/engine/log-lines";
import type { ContainerEvent, Seen, Viewer } from "../../../../provider/orchestrators/viewer";
import { counted } from "../../../../provider/orchestrators/swarm/viewer";
import { OWN } from "../../../support/asking";

const app = { name: "shop", identity: OWN.identity, owner: "shop/dev", instances: [] };

function one(container: string, index: number, state: Seen["state"] = "running"): Seen {
  return {
    host: "a",
    container,
    name: `shop.web.${index}`,
    app: "shop",
    identity: OWN.identity,
    owner: "shop/dev",
    type: "web",
    index,
    singleton: false,
    image: "shop:1",
    imageId: "id",
    configuration: "",
    stopTimeout: 1,
    state,
    createdAt: 0,
    command: "",
  };
}

/** Each call for a container's log yields the next of its texts, and then ends, with the error if there is one. */
function viewerOf(containers: readonly Seen[], logs: Readonly<Record<string, readonly (string | Error)[]>>): Viewer {
  const calls: Record<string, number> = {};
  return {
    name: "a",
    address: "unix:///a",
    engine: () => Promise.resolve("e"),
    close: () => undefined,
    list: () => Promise.resolve(containers),
    inspect: () => Promise.resolve(new Map()),
    usage: () => Promise.resolve(new Map()),
    async *logs(container, _query, signal): AsyncGenerator<LogLine> {
      const at = calls[container] ?? 0;
      calls[container] = at + 1;
      const next = logs[container]?.[at];
      if (next instanceof Error) throw next;
      if (next === undefined) return ended(signal);
      yield { time: `2026-11-23T15:04:0${at}.000000000Z`, stream: "stdout", text: next };
    },
    async *events(_, signal): AsyncGenerator<ContainerEvent> {
      await ended(signal);
    },
  };
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

async function followed(viewer: Viewer, isEnough: (seen: string[], warnings: string[]) => boolean) {
  const stop = new AbortController();
  const [seen, warnings]: [string[], string[]] = [[], []];
  const enough = new Promise<void>((resolve) => {
    const look = () => isEnough(seen, warnings) && resolve();
    void new Follower(viewer, {
      app,
      isMeant: () => true,
      positions: new Map<string, Position>(),
      begin: { tail: "all" },
      signal: stop.signal,
      push: ({ source, text }) => {
        seen.push(`${source} ${text}`);
        look();
        return Promise.resolve();
      },
      warn: (text) => {
        warnings.push(text);
        look();
      },
    }).run();
  });
  await enough;
  stop.abort();
  return { seen, warnings };
}

test("a log that ends while its process runs is read on; one that has ended is not", async () => {
  const viewer = viewerOf([one("c1", 1), one("c2", 2, "exited")], {
    c1: ["one", "two", "three"],
    c2: ["last", "never"],
  });
  const { seen, warnings } = await followed(viewer, (all) => all.includes("app[web.1] three"));
  expect(seen.filter((text) => text.startsWith("app[web.1]"))).toEqual([
    "app[web.1] one",
    "app[web.1] two",
    "app[web.1] three",
  ]);
  expect(seen).not.toContain("app[web.2] never");
  expect(warnings).toEqual([]);
});

test("a log that breaks off is read on, and the host is there again; one that is refused is said once", async () => {
  const viewer = viewerOf([one("c1", 1), one("c2", 2)], {
    c1: [new FormationError("HostUnreachable", "cannot reach a: reset"), "back", "on"],
    c2: [new FormationError("EngineRefused", "a: the logging driver does not support reading"), "never"],
  });
  const { seen, warnings } = await followed(viewer, (all) => all.includes("app[web.1] on"));
  expect(seen).toEqual(["app[web.1] back", "app[web.1] on"]);
  expect(warnings).toEqual([
    expect.stringContaining("cannot reach a"),
    expect.stringContaining("does not support reading; what web.2 writes is left out"),
    "a can be reached again",
  ]);
});

test("failures in a Swarm's slot are counted on although it forgets them", () => {
  const tasks = (...ids: string[]) => ids.map((id) => ({ id })) as unknown as Parameters<typeof counted>[1];
  const first = counted(undefined, tasks("a", "b", "c"));
  const second = counted(first, tasks("c", "d"));
  const third = counted(second, tasks("d"));
  expect([first, second, third].map(({ count }) => count)).toEqual([3, 4, 4]);
});
