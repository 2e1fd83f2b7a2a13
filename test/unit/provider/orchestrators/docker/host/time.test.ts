import { PassThrough } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { runAttached, type Terminal } from "../../../../../../provider/orchestrators/docker/container/attached";
import { asking } from "../../../../../support/asking";
import { HttpEngine } from "../../../../../support/http-engine";
import { migration as want } from "../../../../../support/migration";

// Times that calls to an engine may take. All waits of this file run side by side.

type Host = ReturnType<HttpEngine["host"]>;
type Replies = Parameters<typeof HttpEngine.start>[0];

const look = { ...asking("shop"), fixedPorts: [] };

async function timed(work: Promise<unknown>): Promise<{ readonly words: string; readonly seconds: number }> {
  const began = performance.now();
  const words = await work.then(
    () => "done",
    (error: unknown) => `${(error as { code?: string }).code}: ${(error as Error).message}`,
  );
  return { words, seconds: (performance.now() - began) / 1000 };
}

interface Row {
  readonly title: string;
  readonly replies: Replies;
  readonly work: (host: Host, engine: HttpEngine) => Promise<unknown>;
  readonly ends: RegExp;
  /** Most seconds that the work takes. */
  readonly within: number;
  /** True when later work on the same engine fails at once. */
  readonly isGivenUp?: boolean;
}

/** Freezes at a call, which gets `last` as its answer; no later call gets any. */
function freezing(at: string, last: ReturnType<Replies> = "silence"): Replies {
  let isFrozen = false;
  return (call) => {
    if (call === at && !isFrozen) {
      isFrozen = true;
      return last;
    }
    return isFrozen ? "silence" : undefined;
  };
}

const begun = { body: { parts: [{ id: "a", progressDetail: { current: 1, total: 2 } }], then: "silence" } } as const;
const GIVEN_UP = { ends: /^HostUnreachable: .*no answer within/, within: 28, isGivenUp: true };

const rows: readonly Row[] = [
  {
    title: "a look at an engine that does not answer",
    replies: (call) => (call === "GET /info" ? "silence" : undefined),
    work: (host) => host.observe(look),
    ends: /^HostUnreachable: .*no answer within 5 s/,
    within: 9,
  },
  {
    title: "a look at an engine that answers each call 3 s late",
    replies: () => delay(3_000, undefined),
    work: (host) => host.observe({ ...look, images: ["shop:1"] }),
    ends: /^done$/,
    within: 20,
  },
  {
    title: "a look while as much as may be done at a time is being done",
    replies: (call) => (call === "POST /containers/create" ? delay(15_000, undefined) : undefined),
    work: async (host) => {
      for (let at = 0; at < 9; at++) void timed(host.run({ ...want, name: `shop.web.${at}` }));
      await delay(500);
      return host.observe(look);
    },
    ends: /^done$/,
    within: 5,
  },
  {
    title: "a pull",
    replies: freezing("POST /images/create"),
    work: (host) => host.pull("shop:1", { pull: "missing", registryAuth: [] }, () => undefined),
    ...GIVEN_UP,
  },
  {
    title: "a pull that has begun",
    replies: freezing("POST /images/create", begun),
    work: (host) => host.pull("shop:1", { pull: "missing", registryAuth: [] }, () => undefined),
    ...GIVEN_UP,
  },
  {
    title: "a release command",
    replies: freezing("POST /containers/1/wait"),
    work: (host) => host.once(want, 3600, () => undefined),
    ...GIVEN_UP,
  },
  {
    title: "a release command that is not made yet",
    replies: freezing("POST /containers/create"),
    work: (host) => host.once(want, 3600, () => undefined),
    ...GIVEN_UP,
  },
  {
    title: "a discard",
    replies: freezing("GET /containers/shop.release.1/json"),
    work: (host) => host.discard(want),
    ...GIVEN_UP,
  },
  {
    title: "a wait for a process to be ready",
    replies: freezing("GET /containers/1/json"),
    work: (host) => host.ready("1", { monitor: 60 }),
    ...GIVEN_UP,
  },
  {
    title: "a stop",
    replies: freezing("POST /containers/1/stop"),
    work: (host) => host.park("1", 5),
    ...GIVEN_UP,
  },
  {
    title: "a stop that may take long",
    replies: freezing("POST /containers/1/stop"),
    work: (host) => host.stop("1", 3600),
    ...GIVEN_UP,
  },
  {
    title: "a process in front of a person",
    replies: freezing("POST /containers/1/attach"),
    work: (_, engine) => runAttached(engine.http(), want, terminal()),
    ends: /^HostUnreachable: .*no answer within/,
    within: 38,
  },
  {
    title: "a removal",
    replies: freezing("DELETE /containers/1"),
    work: (host) => host.remove("1"),
    ...GIVEN_UP,
  },
];

function terminal(): Terminal {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  return { input, output, errors, tty: false, sized: () => () => undefined, signalled: () => () => undefined };
}

async function told({ title, replies, work, within, isGivenUp }: Row) {
  const engine = await HttpEngine.start(replies);
  const host = engine.host();
  try {
    const { words, seconds } = await timed(work(host, engine));
    const after = isGivenUp === true ? (await timed(host.stop("1", 600))).seconds : 0;
    return { title, words, isInTime: seconds < within && after < 2 };
  } finally {
    host.close();
    await engine.close();
  }
}

test("every call ends in its time", async () => {
  const seen = await Promise.all(rows.map(told));
  expect(seen).toEqual(
    rows.map(({ title, ends }) => ({ title, words: expect.stringMatching(ends) as string, isInTime: true })),
  );
}, 60_000);
