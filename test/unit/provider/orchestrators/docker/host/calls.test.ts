import { labelsOf } from "../../../../../../provider/core/model/labels";
import { asking, OWN_ENV } from "../../../../../support/asking";
import { frame } from "../../../../../support/frame";
import { HttpEngine, type Reply } from "../../../../../support/http-engine";
import { migration as want } from "../../../../../support/migration";

// Every call to an engine ends, whatever the answer, and a call lost on the way is repeated.

let engine: HttpEngine;
afterEach(() => engine.close());

type Replies = Parameters<typeof HttpEngine.start>[0];
const hostThat = async (replies: Replies) => (engine = await HttpEngine.start(replies)).host();
const look = { ...asking("shop"), fixedPorts: [] };
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: unknown) => `${(error as { code?: string }).code}: ${(error as Error).message}`,
  );

const page = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1>nginx</body></html>";
const html = (status: number): Reply => ({ status, body: page, type: "text/html" });
const says = (status: number, message: string): Reply => ({ status, body: { message } });

describe("a host that lets nobody look at it is one that cannot be reached", () => {
  const rows: readonly (readonly [title: string, call: string, reply: Reply, words: RegExp])[] = [
    ["starting", "GET /info", says(503, "Docker Desktop is starting"), /cannot reach a .*: Docker Desktop is starting/],
    ["broken", "GET /containers/json", says(500, "database is locked"), /cannot reach a .*: database is locked/],
    ["broken before a version is agreed on", "GET /version", says(500, "no"), /cannot reach a .*: no$/],
    [
      "a proxy's page",
      "GET /info",
      html(502),
      /not a Docker engine \(status 502\): 502 Bad Gateway 502 Bad Gateway nginx/,
    ],
    ["a page with success", "GET /containers/json", html(200), /not a Docker engine: 502 Bad/],
    ["a page that is not found", "GET /containers/json", html(404), /not a Docker engine \(status 404\)/],
    [
      "another server",
      "GET /containers/json",
      { status: 404, body: "404 page not found", type: "text/plain" },
      /cannot reach a .*404 page not found/,
    ],
    ["a way to somewhere else", "GET /volumes", { status: 302, body: "" }, /not a Docker engine \(status 302\)/],
    ["no list", "GET /containers/json", { body: {} }, /not a Docker engine/],
    ["no version", "GET /version", { body: [] }, /not a Docker engine/],
    ["half an answer", "GET /containers/json", { body: '[{"Id": "1"' }, /not a Docker engine/],
    ["nothing at all", "GET /containers/json", { body: "" }, /not a Docker engine/],
    ["forbidden", "GET /volumes", says(403, "not allowed by policy"), /lets nobody look at it: not allowed by policy/],
  ];
  test.each(rows)("%s", async (_, call, reply, words) => {
    const host = await hostThat((one) => (one === call ? reply : undefined));
    await expect(host.observe(look)).rejects.toMatchObject({
      code: "HostUnreachable",
      message: expect.stringMatching(words) as string,
    });
  });

  test("but what is asked of it may be refused", async () => {
    const refusal = says(400, "invalid reference format");
    const host = await hostThat((call) => (call.startsWith("GET /images/") ? refusal : undefined));
    await expect(host.observe({ ...look, images: ["SHOP"] })).rejects.toMatchObject({ code: "EngineRefused" });
  });
});

describe("an answer that was lost is asked for again", () => {
  /** Loses the first answer to a call. */
  const losing =
    (lost: string, then: (call: string, n: number) => Reply | undefined = () => undefined): Replies =>
    (call, n) =>
      call === lost && n === 1 ? "cut" : then(call, n);
  const inspected = (status: string) => ({
    body: {
      Id: "1",
      Name: "/shop.release.1",
      Config: { Labels: labelsOf(want), Env: [...OWN_ENV] },
      State: { Status: status, Running: status === "running" },
      HostConfig: {},
    },
  });
  const taken = says(409, 'Conflict. The container name "/shop.release.1" is already in use');

  test.each([
    ["GET /containers/json", (host: ReturnType<HttpEngine["host"]>) => host.observe(look)],
    ["POST /containers/1/stop", (host: ReturnType<HttpEngine["host"]>) => host.stop("1", 1)],
    ["DELETE /containers/1", (host: ReturnType<HttpEngine["host"]>) => host.remove("1")],
    ["POST /containers/1/start", (host: ReturnType<HttpEngine["host"]>) => host.start("1")],
    ["POST /containers/1/update", (host: ReturnType<HttpEngine["host"]>) => host.start("1")],
  ])("%s", async (call, work) => {
    const host = await hostThat(losing(call));
    expect(await outcome(work(host))).toBe("done");
    expect(engine.calls.filter((one) => one === call)).toHaveLength(2);
  });

  test("once: one that is lost again has failed", async () => {
    const host = await hostThat((call) => (call === "GET /info" ? "cut" : undefined));
    expect(await outcome(host.observe(look))).toMatch(/^HostUnreachable/);
    expect(engine.calls.filter((one) => one === "GET /info")).toHaveLength(2);
  });

  test("a create that was carried out all the same is gone on with", async () => {
    const replies = losing("POST /containers/create", (call) => {
      if (call === "POST /containers/create") return taken;
      return call === "GET /containers/shop.release.1/json" ? inspected("created") : undefined;
    });
    const host = await hostThat(replies);
    expect(await host.run(want)).toEqual([]);
    expect(engine.calls).toContain("POST /containers/1/start");
  });

  describe("a command that is run once", () => {
    const release = (status: string) =>
      losing("POST /containers/1/start", (call) => {
        if (call === "GET /containers/1/json") return inspected(status);
        if (call === "POST /containers/1/wait") return { body: { StatusCode: 0 } };
        return call === "GET /containers/1/logs" ? { body: "" } : undefined;
      });
    const starts = () => engine.calls.filter((one) => one === "POST /containers/1/start").length;

    test("is not started again when it has run", async () => {
      const host = await hostThat(release("exited"));
      expect(await outcome(host.once(want, 60, () => undefined))).toBe("done");
      expect(starts()).toBe(1);
    });

    test("is started again when it has not", async () => {
      const host = await hostThat(release("created"));
      expect(await outcome(host.once(want, 60, () => undefined))).toBe("done");
      expect(starts()).toBe(2);
    });

    test("is waited for again", async () => {
      const host = await hostThat(
        losing("POST /containers/1/wait", (call) => {
          if (call === "POST /containers/1/wait") return { body: { StatusCode: 3 } };
          return call === "GET /containers/1/logs" ? { body: "" } : undefined;
        }),
      );
      expect(await outcome(host.once(want, 60, () => undefined))).toBe(
        "ProcessExited: exited with code 3, without output",
      );
    });
  });
});

test("work that was given up begins nothing more when its engine comes back", async () => {
  let comeBack: () => void = () => undefined;
  const back = new Promise<void>((resolve) => (comeBack = resolve));
  let isFrozen = false;
  const host = await hostThat(async (call) => {
    isFrozen ||= call === "POST /containers/create";
    if (isFrozen) await back;
    return undefined;
  });
  const works = [host.run(want), host.once({ ...want, name: "shop.release.2" }, 60, () => undefined)];
  for (const words of await Promise.all(works.map(outcome))) expect(words).toMatch(/^HostUnreachable/);
  comeBack();
  // An engine answers calls in their order, so those that were under way are done after these observations.
  await host.observe(look);
  await host.observe(look);
  expect(engine.calls.filter((call) => /start|DELETE/.test(call))).toEqual([]);
}, 60_000);

describe("an error in an answer that began with success is an error", () => {
  const failed = { parts: [{ status: "Pulling" }, { error: "no space left on device" }], then: "end" } as const;

  test("of a pull", async () => {
    const host = await hostThat((call) => (call === "POST /images/create" ? { body: failed } : undefined));
    expect(await outcome(host.pull("shop:1", { pull: "missing", registryAuth: [] }, () => undefined))).toMatch(
      /^ImageMissing: .*no space left on device/,
    );
  });

  test("a pull that breaks off is begun again, once", async () => {
    const cut = { parts: [{ status: "Pulling" }], then: "cut" } as const;
    const host = await hostThat((call) => (call === "POST /images/create" ? { body: cut } : undefined));
    const pull = () => host.pull("shop:1", { pull: "missing", registryAuth: [] }, () => undefined);
    expect(await outcome(pull())).toMatch(/^ImageMissing: /);
    expect(engine.calls.filter((one) => one === "POST /images/create")).toHaveLength(2);
  });

  test("a page in the place of a pull", async () => {
    const host = await hostThat((call) => (call === "POST /images/create" ? html(200) : undefined));
    expect(await outcome(host.pull("shop:1", { pull: "missing", registryAuth: [] }, () => undefined))).toMatch(
      /^ImageMissing: .*not a Docker engine/,
    );
  });

  test("of a wait for a process", async () => {
    const host = await hostThat((call) =>
      call === "POST /containers/1/wait" ? { body: { StatusCode: 0, Error: { Message: "lost its shim" } } } : undefined,
    );
    expect(await outcome(host.once(want, 60, () => undefined))).toMatch(/lost its shim/);
  });

  test.each<[string, Reply]>([
    ["in it", { body: frame(3, "Error grabbing logs: invalid character") }],
    ["in its place", says(500, "cannot read")],
  ])("but with an error %s, a log does not make a command fail that has succeeded", async (_, log) => {
    const host = await hostThat((call) => {
      if (call === "POST /containers/1/wait") return { body: { StatusCode: 0 } };
      return call === "GET /containers/1/logs" ? log : undefined;
    });
    expect(await outcome(host.once(want, 60, () => undefined))).toBe("done");
  });

  test("a removal that was under way and failed", async () => {
    const host = await hostThat((call) => {
      if (call === "DELETE /containers/1") return says(409, "removal of container 1 is already in progress");
      return call === "POST /containers/1/wait"
        ? { body: { StatusCode: 0, Error: { Message: "read-only" } } }
        : undefined;
    });
    expect(await outcome(host.remove("1"))).toMatch(/read-only/);
  });
});
