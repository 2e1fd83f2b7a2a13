import { scaleAnswer, restartAnswer } from "../../../cli/change/answer";
import { historyOf, parseDeed } from "../../../cli/state/history";
import { eventOf } from "../../../cli/update/events";
import { chooseApp } from "../../../cli/state/formations";
import type { Result } from "../../../cli/change/operation";
import { othersStopped, restartNames } from "../../../cli/change/restart-names";
import { reachedBy } from "../../../cli/change/record-outcome";
import { lockHolder } from "../../../cli/update/update";

// Texts that commands make of Pulumi's messages, and texts of their own.

const T = "2026-11-24T22:03:39+00:00 formation[api]:";

test.each([
  [`${T} Scale to web=2, worker-eu=1 by adam@example.com`, { what: "Scale", formation: { web: 2, "worker-eu": 1 } }],
  [`${T} Scale to worker_critical=2, Sidekiq=1 by x`, { what: "Scale", formation: { worker_critical: 2, Sidekiq: 1 } }],
  [`${T} Release 1f2e3d4c to web=1 by Adam (ops)`, { what: "Release 1f2e3d4c", actor: "Adam (ops)" }],
  [`${T} Repair web.1, web.2 of web=2 by x`, { what: "Repair web.1, web.2", formation: { web: 2 } }],
  [`${T} Restart web.1 of web=2 by x`, { what: "Restart web.1" }],
  [
    `${T} Scale to web=3 by x (incomplete: 1 of 3 changes failed)`,
    { actor: "x", failure: "incomplete: 1 of 3 changes failed" },
  ],
  [
    `${T} Release 1f2e to web=3 by x (failed, the former release was put back)`,
    { actor: "x", failure: "failed, the former release was put back" },
  ],
])("%s", (line, deed) => {
  expect(parseDeed(line)).toMatchObject({ at: "2026-11-24T22:03:39+00:00", ...deed });
});

test("a line of another kind is none", () => {
  expect(parseDeed("hello")).toBeUndefined();
});

test("the history says what changed, and in which update", () => {
  const line = (second: string, what: string) => `2026-11-24T22:00:${second}+00:00 formation[api]: ${what} by x`;
  const start = Date.parse("2026-11-24T22:00:00Z") / 1000;
  const log = [
    line("01", "Scale to web=1, clock=0"),
    line("11", "Scale to web=3, clock=0"),
    line("12", "Release 1f2e to web=3, clock=0"),
    line("21", "Scale to web=3, worker=1"),
  ];
  const updates = [
    { version: 4, start, end: start + 2 },
    { version: 5, start: start + 10, end: start + 12 },
  ];
  expect(historyOf(log, updates).map(({ changed, version }) => [changed, version])).toEqual([
    ["web=1, clock=0", 4],
    ["web=1 → web=3", 5],
    ["Release 1f2e", 5],
    ["clock=0 → removed, worker=1", undefined],
  ]);
});

const URN = "urn:pulumi:dev::shop::formation:index:Formation::shop";
const diagnostic = (more: object) => JSON.stringify({ diagnosticEvent: { urn: URN, severity: "info", ...more } });

test.each([
  ["Updating (dev)", undefined],
  [diagnostic({ message: "web.1 create\n", ephemeral: true }), { kind: "progress", text: "web.1 create" }],
  [diagnostic({ message: "<{%reset%}>plan<{%reset%}>\n" }), { kind: "info", text: "plan" }],
  [diagnostic({ message: "careful", severity: "warning" }), { kind: "warning", text: "careful" }],
  [diagnostic({ message: "not ours", urn: "urn:other" }), undefined],
  [diagnostic({ message: "loading", severity: "debug" }), undefined],
  [
    diagnostic({ severity: "error", message: "formation:index:Formation resource 'shop' has a problem: no clock\n" }),
    { kind: "error", text: "no clock" },
  ],
  [
    diagnostic({ severity: "error", message: "2 errors occurred:\n\t* web.1: a\n\t* web.2: b\n\n" }),
    { kind: "error", text: "web.1: a\nweb.2: b" },
  ],
  [
    diagnostic({ severity: "error", message: "error: \x1b[90mno colours\x1b[39m" }),
    { kind: "error", text: "no colours" },
  ],
  // Any error diagnostic fails the update, whatever resource it is about.
  [diagnostic({ message: "broken", severity: "error", urn: "urn:other" }), { kind: "error", text: "broken" }],
  [JSON.stringify({ resourcePreEvent: { metadata: { urn: URN, op: "update" } } }), { kind: "begun" }],
  [
    JSON.stringify({ resOutputsEvent: { metadata: { urn: URN, op: "update", new: { outputs: { a: 1 } } } } }),
    { kind: "updated", outputs: { a: 1 } },
  ],
])("%s", (line, event) => {
  expect(eventOf(line, URN)).toEqual(event);
});

test("who holds Pulumi's lock, in its own words", () => {
  const files =
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n  file:///b/x.json: created by root@vm (pid 18091) at 2026-11-24T22:04:44Z\n";
  expect(lockHolder(files)).toBe("root@vm (pid 18091) at 2026-11-24T22:04:44Z");
  expect(lockHolder("error: [409] Conflict: Another update is currently in progress.")).toBe("another update");
  expect(lockHolder("error: no such stack")).toBeUndefined();
});

const restarted = (texts: string[]) =>
  restartNames(texts, { web: 2, worker: 0 }, [
    { type: "web", index: 1 },
    { type: "web", index: 2 },
  ]);

test.each([
  [[], ["web"]],
  [["web.2"], ["web.2"]],
  [["web", "web.2", "web"], ["web"]],
])("restart %j", (texts, names) => {
  expect(restarted(texts)).toEqual(names);
});

test.each([
  [["wbe"], "wbe is no process type"],
  [["web.3"], "there is no process web.3"],
  [["worker.1"], "there is no process worker.1"],
  [["release"], "release is run once, and never restarted"],
])("restart %j is refused", (texts, fault) => {
  expect(() => restarted(texts)).toThrow(fault);
});

test("processes that a restart would stop without having been named", () => {
  const plan =
    "formation  web=2 (kept)\nweb.1      replace on a  restart\nweb.2      replace on b  image shop:1 rebuilt\nclock.1    create on a   scale up";
  expect(othersStopped(plan, ["web.1"])).toEqual(["web.2"]);
  expect(othersStopped(plan, ["web"])).toEqual([]);
});

const state = (quantities: Record<string, number>, ...processes: string[]) => ({
  inputs: { formation: quantities },
  outputs: {
    instances: processes.map((name) => ({ name, type: name.split(".")[0], index: Number(name.split(".")[1]) })),
  },
});
const scaleTo = (after: Record<string, number>): Result["intent"] => ({
  after,
  scale: Object.keys(after),
  restart: [],
  edit: { key: "formation:scale", app: "shop", set: after },
});

test.each([
  ["one of two was started", { web: 1 }, { web: 3 }, ["web.1", "web.3"], { web: 2 }],
  ["none was started", { web: 1 }, { web: 3 }, ["web.1"], {}],
  ["none was started and one has gone", { web: 2 }, { web: 3 }, ["web.1"], {}],
  ["all was done", { web: 1 }, { web: 2 }, ["web.1", "web.2"], { web: 2 }],
  ["one of two was stopped", { web: 3 }, { web: 1 }, ["web.1", "web.3"], { web: 2 }],
  ["a twin is no process more", { web: 1 }, { web: 3 }, ["web.1", "web.1"], {}],
])("what is recorded when %s", (_, was, after, processes, set) => {
  expect(reachedBy(state(was), state({}, ...processes), scaleTo(after)).set).toEqual(set);
});

const result = (more: Partial<Result>): Result => ({
  intent: { ...scaleTo({ web: 4, worker: 1 }), after: { web: 4, worker: 1, clock: 0 } },
  before: { urn: URN, name: "shop", app: "shop", inputs: {}, outputs: { running: { web: 2, worker: 0 } } },
  outcome: { kind: "done", outputs: { running: { web: 4, worker: 1 } }, troubles: [] },
  interrupted: false,
  ...more,
});
const failed = { kind: "failed", touched: true, reasons: ["web.4 on local: create failed: exited with 1"] } as const;

test("the answer has a line for each type that was named", () => {
  expect(scaleAnswer(result({}), "/x/Pulumi.dev.yaml")).toEqual({
    lines: ["Scaling web processes... done, now running 4", "Scaling worker processes... done, now running 1"],
    notes: [],
  });
});

test("a failure says what there is, where it is recorded, and how to go on", () => {
  const settled = { formation: { web: 3, worker: 1, clock: 0 }, running: { web: 3, worker: 1 }, agrees: true };
  expect(scaleAnswer(result({ outcome: failed, settled }), "/x/Pulumi.dev.yaml")).toEqual({
    lines: ["Scaling web processes... failed, now running 3", "Scaling worker processes... done, now running 1"],
    notes: [
      "web.4 on local: create failed: exited with 1",
      "Pulumi.dev.yaml and the state say web=3, worker=1, clock=0, which is what there is now; to try again: formation scale web=4",
    ],
  });
  expect(scaleAnswer(result({ outcome: { ...failed, touched: false } }), "/x/Pulumi.dev.yaml")).toEqual({
    lines: ["Scaling web processes... failed, now running 2", "Scaling worker processes... failed, now running 0"],
    notes: ["web.4 on local: create failed: exited with 1", "nothing was changed"],
  });
});

test("a restart that was left half done says what does the rest", () => {
  const restart = { intent: { ...result({}).intent, scale: [], restart: ["web", "clock.1"] } };
  const settled = { formation: {}, running: {}, agrees: false };
  expect(restartAnswer(result(restart), "").lines).toEqual([
    "Restarting web processes... done",
    "Restarting clock.1... done",
  ]);
  const { notes } = restartAnswer(result({ ...restart, outcome: failed, settled }), "/x/Pulumi.dev.yaml");
  expect(notes.at(-1)).toContain("pulumi up does the rest");
});

test("the app that is meant", () => {
  const named = (app: string, name = app) => ({ app, urn: `urn:pulumi:dev::p::formation:index:Formation::${name}` });
  const apps = [named("shop", "store"), named("blog")];
  const choose = (list: typeof apps, app?: string) => chooseApp(list, app, { stack: "dev" }).app;
  expect(choose(apps, "blog")).toBe("blog");
  expect(choose([named("shop")])).toBe("shop");
  expect(choose(apps, "store")).toBe("shop");
  expect(() => choose(apps)).toThrow("stack dev has several apps: shop, blog");
  expect(() => choose(apps, "bolg")).toThrow("stack dev has no app bolg: it has shop, blog");
  expect(() => choose([])).toThrow("stack dev has no formation yet");
});
