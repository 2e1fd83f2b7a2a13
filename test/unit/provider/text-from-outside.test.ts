import { delivered, resourceLog } from "../../../provider/pulumi/resource-log";
import { auditLines } from "../../../provider/core/record/audit";
import { plainChange } from "../../../provider/core/model/change";
import { claimFrom, claimLabels } from "../../../provider/core/model/claim";
import { plainJson, plainLine, plainText } from "../../../provider/core/values/plain";
import { formatPlan } from "../../../provider/core/plan/text";
import { claimedRefusal } from "../../../provider/orchestrators/claiming";
import { engineError } from "../../../provider/engine/errors";
import { Refusal } from "../../../provider/engine/refusal";
import { wordsOf } from "../../../provider/orchestrators/swarm/api/errors";
import { observedInstance } from "../../../provider/orchestrators/docker/container/container";
import { entryLine } from "../../../cli/logs/entry";
import { psLines } from "../../../cli/ps/text";
import type { Row } from "../../../cli/ps/rows";
import { EngineMessages } from "../../support/engine-messages";

// Texts of engines, registries, labels and programs reach people as text, and as nothing else: they move no cursor,
// reverse no letters, and begin no line.

const ESC = "\u001b";
/** A colour, a return to the begin of the line, a mark of direction, C1's own escape, a second line, half a letter. */
const NASTY = `x${ESC}[31m\r\u202e\u009b2K\u2066\nforged  remove on a\u2028y\ud800`;

const BAD = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/u;

const expectPlain = (text: string) => {
  expect(text).not.toMatch(BAD);
  expect(text).toContain("x");
};

test.each([
  ["a\nb", "a b"],
  ["a \r\n  b", "a b"],
  [`${ESC}[2J${ESC}[1;31ma\u009b0m`, "a"],
  [`${ESC}]0;title\u0007a`, "]0;titlea"],
  ["a\u202eb\u2069\ufeff", "ab"],
  ["a\tb → ü 😀", "a\tb → ü 😀"],
  ["a\ud83d", "a"],
])("%j is shown as %j", (text, plain) => {
  expect(plainLine(text)).toBe(plain);
});

test("text of several lines keeps them, and nothing else", () => {
  expect(plainText(`a\r\n${ESC}b\n\nc\u2028d`)).toBe("a\nb\n\nc d");
});

test("JSON says the same in other letters", () => {
  const text = plainJson({ [NASTY]: NASTY }, 2);
  expectPlain(text);
  expect(JSON.parse(text)).toEqual({ [NASTY]: NASTY });
});

const change = plainChange<never>({
  type: NASTY,
  index: 1,
  host: NASTY,
  singleton: false,
  verb: "create",
  reason: "scale",
  cause: NASTY,
  steps: [],
});

test("a plan has a line for each change", () => {
  const plan = { changes: [change], blocked: [{ slot: NASTY, host: "", why: NASTY }], notes: [NASTY] };
  const text = formatPlan({ before: {}, after: { web: 1 }, sources: {}, order: [] }, plan);
  expectPlain(text);
  expect(text.split("\n")).toHaveLength(4);
});

test("an audit line is one", () => {
  const result = { done: [change], failures: [], waiting: [], isTakenBack: false, undone: [], left: [] };
  const lines = auditLines({
    actor: NASTY,
    at: 0,
    before: undefined,
    after: { web: 1 },
    order: [],
    result,
    blocked: 0,
    release: "1",
  });
  lines.forEach(expectPlain);
  expect(lines.join("\n").split("\n")).toHaveLength(1);
});

test("whose an app is, by labels that anybody can write", () => {
  const written = {
    app: "shop",
    generation: 1,
    identity: NASTY,
    owner: NASTY,
    resource: NASTY,
    run: "1",
    address: NASTY,
  };
  const claim = claimFrom("shop.claim.1", claimLabels(written))!;
  const { message, hint } = claimedRefusal(claim, "a");
  expectPlain(message + String(hint));
  expect(message + String(hint)).not.toContain("\n");
});

test("an engine's own words", () => {
  const host = { name: "a", address: "unix:///a", explain: () => undefined };
  for (const error of [new Error(NASTY), ...[404, 409, 500].map((status) => new Refusal(status, NASTY))]) {
    const { message } = engineError(error, host);
    expectPlain(message);
    expect(message).not.toContain("\n");
  }
  expectPlain(wordsOf(new Error(NASTY)));
});

test("labels and names of a container", () => {
  const Labels = Object.fromEntries(["app", "owner", "type"].map((name) => [`formation.${name}`, NASTY]));
  const info = {
    Id: "1",
    Names: [`/${NASTY}`],
    Labels,
    Ports: [],
    Status: "",
    State: "running",
    ImageID: "",
    Created: 0,
  };
  const seen = observedInstance("a", info as never);
  for (const text of [seen.app, seen.owner, seen.type, seen.name]) expectPlain(text);
});

test("ps has a line for each process", () => {
  const row: Row = {
    name: NASTY,
    type: NASTY,
    index: 1,
    state: { kind: "unknown", host: NASTY },
    command: NASTY,
    place: { host: NASTY, container: "c", release: () => "r" },
  };
  const paint = { good: String, bad: String, doubtful: String };
  const lines = psLines([row], ["web 1/1"], { wide: true, width: undefined, paint });
  lines.filter((line) => line.includes("x")).forEach(expectPlain);
  expect(lines.join("\n").split("\n")).toHaveLength(5);
});

test("a line of the log, on a terminal", () => {
  const line = entryLine(
    { time: "2026-11-24T22:03:39.000000000Z", source: `app[${NASTY}]`, text: NASTY },
    {
      isTerminal: true,
      paint: () => String,
    },
  );
  expectPlain(line);
});

test("what is said on the row of the resource", async () => {
  const messages = await EngineMessages.listen();
  resourceLog("urn", messages.address)(`${NASTY}\nsecond`);
  await delivered();
  const said = messages.take();
  messages.close();
  expectPlain(said);
  expect(said.split("\n")).toHaveLength(3);
});
