import type { Claim } from "../../../../provider/core/model/claim";
import { takeClaims } from "../../../../provider/orchestrators/claiming";
import { VirtualClock } from "../../../support/fake/clock";
import { FakeEngine } from "../../../support/fake/engine";
import { History } from "../../../support/fake/history";
import { FakeHost } from "../../../support/fake/host";
import { Wire, type Call, type Fate } from "../../../support/fake/wire";

const claimant = (run: string) => ({
  app: "shop",
  identity: run,
  owner: "shop/dev",
  resource: "urn",
  run,
  first: true,
});

function engine() {
  const clock = new VirtualClock();
  const time = { sleep: (seconds: number) => clock.sleep(seconds), every: () => () => undefined, isGone: () => false };
  const made = new FakeEngine("a", clock, new History());
  const ground = (fate?: (call: Call) => Fate) => [
    {
      host: new FakeHost(made, new Wire(clock, fate)),
      observed: { name: "a", address: "unix:///a", engine: "id", instances: [], strangers: [], claims: [] },
      begun: [],
    },
  ];
  return { made, ground, time };
}

const runs = (claims: readonly Claim[]) => claims.map(({ run, generation }) => `${run} ${generation}`);

test("whoever looked before another one came, and renewed, is refused", async () => {
  const { made, ground, time } = engine();
  made.claims = [{ ...claimant("first"), generation: 2, address: "unix:///a", begun: [] }];
  await expect(takeClaims(ground(), claimant("second"), time)).rejects.toMatchObject({ code: "OwnedByOther" });
  expect(runs(made.claims)).toEqual(["first 2"]);
});

test("a claim that was written without an answer is taken back", async () => {
  const { made, ground, time } = engine();
  const fate = ({ what }: Call): Fate => (what === "claim" ? "unanswered" : "answered");
  await expect(takeClaims(ground(fate), claimant("first"), time)).rejects.toMatchObject({ code: "HostUnreachable" });
  expect(runs(made.claims)).toEqual([]);
});

test("who is refused takes nothing of what an update that died has told of", async () => {
  const { made, ground, time } = engine();
  const dead: Claim = { ...claimant("first"), generation: 2, address: "unix:///a", begun: [] };
  made.claims = [dead];
  const [one] = ground();
  const grounds = [
    { ...one!, observed: { ...one!.observed, claims: [dead] } },
    { ...ground(() => "lost")[0]!, observed: { ...one!.observed, address: "unix:///b" } },
  ];
  await expect(takeClaims(grounds, claimant("second"), time)).rejects.toMatchObject({ code: "HostUnreachable" });
  expect(runs(made.claims)).toEqual(["first 2"]);
});

test("a claim is renewed while an engine takes long for the next one", async () => {
  const { made, ground, time } = engine();
  const { clock } = made;
  const second = new FakeEngine("b", clock, new History());
  // The answer that the last claim waits for comes after 15 s.
  const slow = new Wire(
    clock,
    () => "answered",
    () => 15,
  );
  const [one] = ground();
  const grounds = [
    one!,
    { host: new FakeHost(second, slow), observed: { ...one!.observed, engine: "later id" }, begun: [] },
  ];
  const every = (seconds: number, work: () => Promise<void>) => {
    let isOver = false;
    const again = () => {
      if (!isOver) clock.after(seconds, () => void work().then(again));
    };
    again();
    return () => {
      isOver = true;
    };
  };
  const hold = takeClaims(grounds, claimant("first"), { ...time, every });
  const seen: (string | undefined)[] = [];
  for (let at = 0; at < 5; at++) {
    await clock.sleep(9);
    seen.push(runs(made.claims).at(-1));
  }
  await (await hold).leave();
  // Each renewal changes the claim, so an observer can tell that its writer is alive.
  expect(new Set(seen).size).toBe(seen.length);
});
