import { formatTokens, parseTokens, resolveTokens, unexpected } from "../../../../cli/change/scale-grammar";
import type { Formation } from "../../../../provider/core/values/formation";

const current = { web: 2, worker: 1, clock: 0, "web-2": 4 };
const ofHeroku = { worker_critical: 1, Sidekiq: 0, "a_b-2": 3 };

function scaled(...texts: string[]): unknown {
  return scaledFrom(current, texts);
}

function scaledFrom(formation: Formation, texts: readonly string[]): unknown {
  const parsed = parseTokens(texts);
  if (!parsed.ok) return parsed.faults;
  const resolved = resolveTokens(parsed.tokens, formation, "shop");
  return resolved.ok ? formatTokens(resolved.after) : resolved.faults;
}

test.each([
  ["web=3", "web=3 worker=1 clock=0 web-2=4"],
  ["web=0", "web=0 worker=1 clock=0 web-2=4"],
  ["web+2", "web=4 worker=1 clock=0 web-2=4"],
  ["web+0", "web=2 worker=1 clock=0 web-2=4"],
  ["worker-1", "web=2 worker=0 clock=0 web-2=4"],
  ["web=02", "web=2 worker=1 clock=0 web-2=4"],
  ["web=3 worker+1 clock=1", "web=3 worker=2 clock=1 web-2=4"],
  ["web-2=1", "web=2 worker=1 clock=0 web-2=1"],
  ["web-2-1", "web=2 worker=1 clock=0 web-2=3"],
  // The output of scale is accepted as its input.
  ["web=2 worker=1 clock=0 web-2=4", "web=2 worker=1 clock=0 web-2=4"],
])("%s", (texts, formation) => {
  expect(scaled(...texts.split(" "))).toBe(formation);
});

test.each([
  ["worker_critical=2", "worker_critical=2 Sidekiq=0 a_b-2=3"],
  ["Sidekiq+1 a_b-2-1", "worker_critical=1 Sidekiq=1 a_b-2=2"],
  ["worker_critical=1 Sidekiq=0 a_b-2=3", "worker_critical=1 Sidekiq=0 a_b-2=3"],
])("%s of types as Heroku has them", (texts, formation) => {
  expect(scaledFrom(ofHeroku, texts.split(" "))).toBe(formation);
});

test("a type is named in its own case", () => {
  expect(scaledFrom(ofHeroku, ["sidekiq=1"])).toEqual([
    "sidekiq=1: shop has no process type sidekiq: it has worker_critical, Sidekiq, a_b-2",
  ]);
});

const NOT_UNDERSTOOD = "is not understood: write a type and a quantity, such as web=2, web+1 or web-1";

test.each([
  [["web:2"], [`"web:2" ${NOT_UNDERSTOOD}`]],
  [["garbage"], [`"garbage" ${NOT_UNDERSTOOD}`]],
  [[""], [`"" ${NOT_UNDERSTOOD}`]],
  [["=2"], [`"=2" ${NOT_UNDERSTOOD}`]],
  [["2"], [`"2" ${NOT_UNDERSTOOD}`]],
  [["_web=2"], [`"_web=2" ${NOT_UNDERSTOOD}`]],
  [["web=1,worker=2"], ['"web=1,worker=2": 1,worker is no quantity; write a whole number, 0 or more, such as web=2']],
  [["web="], ['"web=": the quantity is missing; write a whole number, 0 or more, such as web=2']],
  [["web=-1"], ['"web=-1": -1 is no quantity; write a whole number, 0 or more, such as web=2']],
  [["web=1.5"], ['"web=1.5": 1.5 is no quantity; write a whole number, 0 or more, such as web=2']],
  [["web=two"], ['"web=two": two is no quantity; write a whole number, 0 or more, such as web=2']],
  [["web=1e3"], ['"web=1e3": 1e3 is no quantity; write a whole number, 0 or more, such as web=2']],
  [
    ["web=99999999999999999999"],
    ['"web=99999999999999999999": 99999999999999999999 is no quantity; write a whole number, 0 or more, such as web=2'],
  ],
  [["web=3:512Mi"], ['"web=3:512Mi": sizes are set in the program; write web=3']],
  [["web=1", "web=2"], ["web=1 and web=2 both name web: name it once"]],
  [["web=1", "web+1"], ["web=1 and web+1 both name web: name it once"]],
  [["wrker=1"], ["wrker=1: shop has no process type wrker: it has web, worker, clock, web-2"]],
  [["toString=1"], ["toString=1: shop has no process type toString: it has web, worker, clock, web-2"]],
  [["constructor=1"], ["constructor=1: shop has no process type constructor: it has web, worker, clock, web-2"]],
  [["worker-2"], ["worker-2: worker is 1 now, and cannot be less than 0"]],
  // All faults are reported at once.
  [
    ["web:2", "web=", "worker=1"],
    [`"web:2" ${NOT_UNDERSTOOD}`, expect.stringContaining('"web="')],
  ],
  [
    ["wrker=1", "clock-1"],
    [expect.stringContaining("wrker"), expect.stringContaining("clock-1")],
  ],
])("%j is refused", (texts, faults) => {
  expect(scaled(...texts)).toEqual(faults);
});

test("what somebody takes the formation to be", () => {
  const expected = parseTokens(["web=2", "clock=1", "cron=1"]);
  expect(expected.ok && unexpected(expected.tokens, current)).toEqual([
    "clock=1 was expected, but it is 0",
    "cron=1 was expected, but there is no cron",
  ]);
});
