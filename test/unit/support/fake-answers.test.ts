import { labelsOf } from "../../../provider/core/model/labels";
import type { Claim } from "../../../provider/core/model/claim";
import type { Host } from "../../../provider/orchestrators/docker/host/host";
import { asking, OWN, OWN_ENV } from "../../support/asking";
import { failureOf, type Fate, type Kind } from "../../support/fake/wire";
import { HttpEngine, type Reply } from "../../support/http-engine";
import { migration as want } from "../../support/migration";

// The engines of the random worlds fail as real ones do: for each kind of call and each bad answer, the provider's own
// connection to an engine that answers so throws the very error that the fake throws.

const claim: Claim = {
  app: "shop",
  generation: 1,
  identity: OWN.identity,
  owner: "shop/dev",
  resource: "urn",
  run: "r",
  address: "unix:///a",
};
const inspected = {
  Id: "1",
  Name: "/shop.release.1",
  RestartCount: 0,
  HostConfig: {},
  Config: { Labels: labelsOf(want), Env: [...OWN_ENV] },
  State: { Status: "running", Running: true },
};
const listed = [{ Id: "1", State: "running", Status: "Up", Ports: [], Names: ["/shop.release.1"] }];

type Work = (host: Host) => Promise<unknown>;
const ready: Work = (host) => host.ready("1", { monitor: 0 });
const once: Work = (host) => host.once(want, 60, () => undefined);
const pull: Work = (host) => host.pull("shop:1", { pull: "missing", registryAuth: [] }, () => undefined);

const net = (name: string) => ({ name, aliases: [] });

/** The HTTP call of each kind, and the work that makes it. */
const CALLS: Readonly<Record<Kind, readonly [call: string, work: Work]>> = {
  observe: ["GET /containers/json", (host) => host.observe({ ...asking("shop"), fixedPorts: [] })],
  claims: ["GET /volumes", (host) => host.claims()],
  inspect: ["GET /containers/1/json", (host) => host.variable("1", "A")],
  glance: ["GET /containers/json", ready],
  wait: ["POST /containers/1/wait", once],
  logs: ["GET /containers/1/logs", once],
  pull: ["POST /images/create", pull],
  create: ["POST /containers/create", once],
  connect: ["POST /networks/b/connect", (host) => host.run({ ...want, networks: [net("a"), net("b")] })],
  start: ["POST /containers/1/start", (host) => host.run(want)],
  update: ["POST /containers/1/update", (host) => host.start("1")],
  unpause: ["POST /containers/1/unpause", (host) => host.unpause("1")],
  rename: ["POST /containers/1/rename", (host) => host.rename("1", "shop.web.1")],
  stop: ["POST /containers/1/stop", (host) => host.stop("1", 1)],
  remove: ["DELETE /containers/1", (host) => host.remove("1")],
  claim: ["POST /volumes/create", (host) => host.claim(claim)],
  unclaim: ["DELETE /volumes/formation-claim", (host) => host.unclaim(claim)],
};

/** Answers of a healthy engine. */
function wellReply(call: string): Reply | undefined {
  switch (call) {
    case "GET /containers/1/json":
      return { body: { ...inspected, State: { Status: "exited", Running: false } } };
    case "GET /containers/json":
      return { body: listed };
    case "POST /containers/1/wait":
      return { body: { StatusCode: 0 } };
    case "GET /containers/1/logs":
      return { body: "" };
    default:
      return undefined;
  }
}

const REPLIES = {
  unanswered: () => "cut",
  refused: () => ({ status: 500, body: { message: "something is broken" } }),
  away: () => ({ status: 503, body: { message: "starting" } }),
  halved: (what: Kind) =>
    what === "pull" ? { body: { parts: [{ error: "no space left on device" }], then: "end" } } : { body: '{"Id": "1' },
  bare: () => ({ body: {} }),
} satisfies Partial<Record<Fate, (what: Kind) => Reply>>;
type Answer = keyof typeof REPLIES;

/** Only these answers can be halved or bare: the others have no body, or are streams that may end at any point. */
const HAS_BODY: readonly Kind[] = ["observe", "claims", "inspect", "glance", "wait", "create", "claim"];
const isTold = (what: Kind, answer: Answer) =>
  (!(what === "logs" && answer === "refused") && answer !== "halved" && answer !== "bare") ||
  HAS_BODY.includes(what) ||
  (what === "pull" && answer === "halved");

const cases = (Object.keys(CALLS) as Kind[]).flatMap((what) =>
  (Object.keys(REPLIES) as Answer[])
    .filter((answer) => isTold(what, answer))
    .map((answer): [Kind, Answer] => [what, answer]),
);

test.each(cases)("%s that is %s", async (what, answer) => {
  const [bad, work] = CALLS[what];
  const engine = await HttpEngine.start((call) =>
    call === bad || (what === "unclaim" && call.startsWith("DELETE /volumes/"))
      ? REPLIES[answer](what)
      : wellReply(call),
  );
  try {
    const host = engine.host();
    const error = (await work(host).then(
      () => new Error("done"),
      (failure: unknown) => failure,
    )) as Error & { code?: string };
    const expected = failureOf(answer, what, host) as Error & { code?: string };
    const words = (text: string) => text.replace(/(socket hang up|read ECONNRESET|aborted)$/, "broken off");
    if (what === "pull") {
      expect(error.code).toBe("ImageMissing");
      return expect(words(error.message)).toContain(words(expected.message));
    }
    expect([error.code, said(words(error.message))]).toEqual([expected.code, said(words(expected.message))]);
  } finally {
    await engine.close();
  }
});

test("what is never answered is given up", async () => {
  const silent: readonly Kind[] = ["observe", "claims", "stop"];
  const engine = await HttpEngine.start((call) =>
    silent.some((what) => CALLS[what][0] === call) ? "silence" : wellReply(call),
  );
  try {
    const host = engine.host();
    const codes = silent.map((what) => codeOf(CALLS[what][1](host)));
    expect(await Promise.all(codes)).toEqual(
      silent.map((what) => (failureOf("silent", what, host) as { code?: string }).code),
    );
  } finally {
    await engine.close();
  }
}, 60_000);

test("a pull that ends too early ends well: whoever needs the image finds it missing", async () => {
  const engine = await HttpEngine.start((call) =>
    call === "POST /images/create" ? { body: { parts: [{ status: "Pulling" }], then: "end" } } : wellReply(call),
  );
  try {
    expect(await codeOf(pull(engine.host()))).toBe("done");
  } finally {
    await engine.close();
  }
});

function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => "done",
    (error: unknown) => (error as { code?: string }).code,
  );
}

/** Removes the quoted answer from a message. */
function said(text: string): string {
  return text.replace(/(not a Docker engine).*/, "$1");
}
