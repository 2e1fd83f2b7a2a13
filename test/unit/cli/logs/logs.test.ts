import fc from "fast-check";
import { addedLines, auditEntries } from "../../../../cli/logs/audit";
import { entryLine, painter, type Entry } from "../../../../cli/logs/entry";
import { lastOf, merged } from "../../../../cli/logs/merge";
import { Position } from "../../../../cli/logs/position";
import { sinceTime } from "../../../../cli/logs/since";
import { Window } from "../../../../cli/logs/window";

const T = "2026-11-23T15:04:05.123456789Z";
const plain = { isTerminal: false, paint: () => String };
const terminal = { ...plain, isTerminal: true };

function at(fraction: number, text = "", source = "app[web.1]"): Entry {
  return { time: `2026-11-23T15:04:05.${String(fraction).padStart(9, "0")}Z`, source, text };
}

async function* from<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

test.each<[string, Entry]>([
  ["2026-11-23T15:04:05.123456+00:00 app[web.1]: GET /", { time: T, source: "app[web.1]", text: "GET /" }],
  [
    "2026-11-23T15:04:05.000000+00:00 formation[api]: Scale to web=2, worker=1 by adam@example.com",
    auditEntries(["2026-11-23T15:04:05+00:00 formation[api]: Scale to web=2, worker=1 by adam@example.com"])[0]!,
  ],
])("%s", (line, entry) => {
  expect(entryLine(entry, plain)).toBe(line);
  expect(entryLine(entry, terminal)).toBe(line);
});

test.each([
  ["colours", "\x1b[31mred\x1b[0m", "red"],
  ["a cleared screen and a moved cursor", "\x1b[2J\x1b[1;1Hgone?", "gone?"],
  ["a title", "\x1b]0;title\x07x", "x"],
  ["a line written over", "50%\r100%", "50% 100%"],
  [
    "a forged line",
    "x\u2028\u0085\x0b2026-11-23T15:04:05.123456+00:00 app[web.2]: y",
    "x 2026-11-23T15:04:05.123456+00:00 app[web.2]: y",
  ],
  ["text turned around", "a\u202eb\u2066c", "abc"],
  ["C1 controls", "a\u009b31mb", "ab"],
  ["a bare escape and a bell", "a\x1bb\x07c\x00d", "acd"],
  ["tabs and letters of any kind, which stay", "a\tb äß 日本 🚀", "a\tb äß 日本 🚀"],
])("on a terminal a process cannot do harm with %s", (_, text, shown) => {
  const line = entryLine({ time: T, source: "app[web.1]", text }, terminal);
  expect(line.slice(line.indexOf(": ") + 2)).toBe(shown);
  expect(entryLine({ time: T, source: "app[web.1]", text }, plain)).toContain(text);
});

test("a process has one colour, and the head of its lines alone is painted", () => {
  const paint = painter(["a", "b", "c"].map((name) => (text: string) => `<${name}>${text}</>`));
  const line = entryLine({ time: T, source: "app[web.1]", text: "x" }, { isTerminal: true, paint });
  expect(line).toMatch(/^<[abc]>2026-11-23T15:04:05.123456\+00:00 app\[web.1\]:<\/> x$/);
  expect(paint("app[web.1]")("x")).toBe(paint("app[web.1]")("x"));
  expect(new Set([1, 2, 3, 4, 5, 6].map((n) => paint(`app[web.${n}]`)("")))).toHaveProperty("size", 3);
});

test("merged lines are all there, in the order of time; those of one time in the order of their sources", async () => {
  const source = fc.array(fc.nat(20), { maxLength: 20 }).map((times) => [...times].sort((a, b) => a - b));
  await fc.assert(
    fc.asyncProperty(fc.array(source, { maxLength: 6 }), async (sources) => {
      const given = sources.map((times, rank) => times.map((time) => at(time, String(rank))));
      const expected = given
        .flat()
        .sort((a, b) => (a.time === b.time ? Number(a.text) - Number(b.text) : a.time < b.time ? -1 : 1));
      expect(await all(merged(given.map(from)))).toEqual(expected);
    }),
  );
});

test("the last of many", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat()), fc.nat(12), async (items, count) => {
      expect(await lastOf(from(items), count)).toEqual(count === 0 ? [] : items.slice(-count));
    }),
  );
});

test("what comes within a moment goes out in order, and nothing waits for long", async () => {
  const out: number[][] = [];
  const window = new Window<Entry>(40, (items) => out.push(items.map(({ text }) => Number(text))));
  for (const fraction of [3, 1, 2]) window.push(at(fraction, String(fraction)));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(out).toEqual([[1, 2, 3]]);
  window.push(at(5, "5"));
  window.flush();
  expect(out.at(-1)).toEqual([5]);
});

test("reading goes on where it ended, and loses and repeats no line, not even of the same time", () => {
  const lines = [1, 2, 2, 2, 3].map((fraction) => ({ ...at(fraction), stream: "stdout" as const }));
  for (let read = 0; read <= lines.length; read++) {
    const position = new Position();
    const first = position.next({ tail: "all" });
    expect(first).toEqual({ tail: "all" });
    expect(lines.slice(0, read).every((line) => position.take(line))).toBe(true);
    const { since = "" } = position.next({ tail: "all" });
    const again = lines.filter(({ time }) => time >= since);
    expect(again.filter((line) => position.take(line))).toHaveLength(lines.length - read);
  }
});

test.each([
  [[], ["a"], ["a"]],
  [["a"], ["a"], []],
  [
    ["a", "b"],
    ["a", "b", "c", "d"],
    ["c", "d"],
  ],
  [["a", "b"], ["b", "c"], ["c"]],
  [["a"], ["x"], []],
])("lines added to %j in %j", (before, now, added) => expect(addedLines(before, now)).toEqual(added));

test.each([
  ["10m", "2026-11-23T14:54:05.000000000Z"],
  ["1h30m", "2026-11-23T13:34:05.000000000Z"],
  ["2026-11-23T15:04:05.5Z", "2026-11-23T15:04:05.500000000Z"],
  ["90", "2026-11-23T15:02:35.000000000Z"],
  ["2d", "2026-11-21T15:04:05.000000000Z"],
  ["1795446245", "2026-11-23T15:04:05.000000000Z"],
  // A date without a time and a time without a zone are both taken in the same zone.
  ["2026-11-23", `${new Date(2026, 10, 23).toISOString().slice(0, -1)}000000Z`],
  ["2026-11-23T15:04", `${new Date(2026, 10, 23, 15, 4).toISOString().slice(0, -1)}000000Z`],
  ["2026-11-23T17:04:05+02:00", "2026-11-23T15:04:05.000000000Z"],
])("since %s", (text, time) => expect(sinceTime(text, Date.parse("2026-11-23T15:04:05Z"))).toBe(time));

test.each(["yesterday", "-5", "", "2026-99-99", "10 minutes"])("--since %j is refused", (text) => {
  expect(() => sinceTime(text, 0)).toThrow(expect.objectContaining({ code: "InvalidInput" }) as Error);
});
