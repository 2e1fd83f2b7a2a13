import { explain } from "../../../../../../provider/core/values/errors";
import { exited, notReady } from "../../../../../../provider/orchestrators/docker/container/failed-process";
import { frame } from "../../../../../support/frame";
import { HttpEngine, type Reply } from "../../../../../support/http-engine";

// Errors of processes that did not become ready.

const TIME = "2026-11-23T15:04:05.000000001Z";
const dies = (exitCode: string) => JSON.stringify({ Action: "die", Actor: { Attributes: { exitCode } } });
const output = Buffer.concat([frame(2, `${TIME} no database\n`), frame(1, `${TIME} bye\n`)]);
const container = (state: object, RestartCount = 0): Reply => ({
  body: {
    Id: "1",
    Created: TIME,
    RestartCount,
    Config: { Labels: { "formation.type": "web" } },
    State: { Status: "exited", ExitCode: 3, StartedAt: TIME, ...state },
  },
});

interface Replies {
  readonly seen?: Reply;
  readonly events?: Reply;
  readonly logs?: Reply;
}

const rows: readonly (readonly [title: string, replies: Replies, text: string])[] = [
  ["it ended", {}, "exited with code 3; its last lines:\nno database\nbye"],
  [
    "it was out of memory",
    { seen: container({ OOMKilled: true, ExitCode: 137 }) },
    "exited with code 137, out of memory; its last lines:\nno database\nbye",
  ],
  ["it wrote nothing", { logs: { body: "" } }, "exited with code 3, without output"],
  [
    "its output cannot be read",
    { logs: { status: 500, body: { message: "no" } } },
    "exited with code 3, without output",
  ],
  [
    "it was started again",
    { seen: container({ Status: "running" }, 2), events: { body: `${dies("1")}\n${dies("7")}\n` } },
    "exited with code 7, and was started again; its last lines:\nno database\nbye",
  ],
  [
    "its image has no shell",
    {
      seen: container({ ExitCode: 127 }),
      logs: { body: frame(2, `${TIME} [FATAL tini (7)] exec /bin/sh failed: No such file or directory\n`) },
    },
    "exited with code 127; its last lines:\n[FATAL tini (7)] exec /bin/sh failed: No such file or directory: the image has no /bin/sh: give processes.web.command as a list of words",
  ],
  [
    "a program of its own is not there",
    { seen: container({ ExitCode: 127 }), logs: { body: frame(2, `${TIME} /bin/sh: serve: not found\n`) } },
    "exited with code 127; its last lines:\n/bin/sh: serve: not found",
  ],
  [
    "its engine has forgotten how it ended",
    { seen: container({ Status: "running" }, 2), events: { body: "" } },
    "exited, and was started again; its last lines:\nno database\nbye",
  ],
  [
    "its engine fails among the events",
    { seen: container({ Status: "running" }, 2), events: { body: `${dies("1")}\nstream is broken` } },
    "exited, and was started again; its last lines:\nno database\nbye",
  ],
];

const replying =
  ({ seen = container({}), events = { body: "" }, logs = { body: output } }: Replies) =>
  (call: string) =>
    ({ "GET /containers/1/json": seen, "GET /events": events, "GET /containers/1/logs": logs })[call];

let engine: HttpEngine;
afterEach(() => engine.close());

test.each(rows)("%s", async (_, replies, text) => {
  engine = await HttpEngine.start(replying(replies));
  const error = await exited(engine.http(), "1");
  expect([error.code, explain(error)]).toEqual(["ProcessExited", text]);
  expect(engine.heard.find(({ call }) => call === "GET /containers/1/logs")?.query).toMatch("tail=20");
});

test("a process that runs all the same", async () => {
  engine = await HttpEngine.start(replying({}));
  expect(await notReady(engine.http(), "1", "is unhealthy after 5 s")).toMatchObject({
    code: "NotReady",
    message: "is unhealthy after 5 s; its last lines:\nno database\nbye",
  });
});
