import { takeClaims, type Claimable, type Claimant, type Time } from "../../../../provider/orchestrators/claiming";
import { latestClaim, type Claim } from "../../../../provider/core/model/claim";

// A claim of an earlier generation counts no more once its writer has gone on, and its name is free again.

const claimant = (run: string): Claimant => ({
  app: "shop",
  identity: `of-${run}`,
  owner: "shop/dev",
  resource: "urn",
  run,
  first: true,
});

/** Engine that keeps claims by generation, with periodic work that is done when the test says so. */
function engine() {
  const all = new Map<number, Claim>();
  const ticks: (() => Promise<void>)[] = [];
  const host: Claimable = {
    name: "a",
    address: "here",
    claims: () => Promise.resolve([...all.values()]),
    claim: (claim) => {
      if (!all.has(claim.generation)) all.set(claim.generation, claim);
      return Promise.resolve(all.get(claim.generation)!);
    },
    unclaim: ({ generation }) => Promise.resolve(void all.delete(generation)),
  };
  const time: Time = {
    sleep: () => Promise.resolve(),
    isGone: () => false,
    every: (_, work) => {
      ticks.push(work);
      return () => undefined;
    },
  };
  const take = (run: string, claims: readonly Claim[]) =>
    takeClaims([{ host, observed: { engine: "e", address: "here", claims }, begun: [] }], claimant(run), time);
  return { all, ticks, host, take };
}

test("who looked too long ago has claimed nothing", async () => {
  const { all, ticks, take } = engine();
  await take("first", []);
  await ticks[0]!();
  await expect(take("late", [])).rejects.toMatchObject({ code: "OwnedByOther" });
  expect([...all.values()].map(({ run }) => run)).toEqual(["first"]);
});

test("who was asleep for too long learns that another has taken over, however far that one has got", async () => {
  const { all, ticks, take } = engine();
  const asleep = await take("asleep", []);
  const after = await take("awake", [...all.values()]);
  await ticks[1]!();
  await ticks[1]!();
  await ticks[0]!();
  expect(asleep.isLost()).toBe(true);
  expect(after.isLost()).toBe(false);
  expect(latestClaim([...all.values()], "shop")?.run).toBe("awake");
});
