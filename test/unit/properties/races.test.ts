import fc from "fast-check";
import { edited, fares, programs } from "../../support/fake/story";
import { Telling } from "../../support/fake/telling";
import { holds } from "../../support/holds";

const race = fc.record({
  first: fc.record({ A: programs, B: programs }),
  fares: fc.tuple(fares, fares),
  delays: fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 20 })),
  seed: fc.nat(),
});

test("of two first deployments of one app at the same moment, one wins, whole, and the other has started nothing", async () => {
  await holds(
    race,
    async ({ first, fares: [one, other], delays, seed }) => {
      const [A, B] = [edited(first.A, [{ app: "shop" }]), edited(first.B, [{ app: "shop" }])];
      const telling = new Telling({ first: { A, B }, seed });
      const endings = await telling.race([one, other], delays);
      // An update that cannot observe a host does not claim it.
      const isSeen = [one, other].every(({ kind }) => kind === "well" || kind === "killed");
      const started = (["A", "B"] as const).filter((who) => telling.hasStarted(who));
      const isShared = A.hosts.some((host) => B.hosts.includes(host));
      if (isSeen && telling.sharedEngines().length > 0) telling.faults.push("both have something on one engine");
      const isWell = one.kind === "well" && other.kind === "well";
      const done = endings.filter(({ kind }) => kind === "done").length;
      if (isWell && isShared && started.length > 1) telling.faults.push("both have started something");
      if (isWell && done !== (isShared ? 1 : 2)) telling.faults.push(`${done} are done`);
      await telling.finish();
      if (telling.faults.length > 0) throw new Error([...telling.faults, ...telling.told].join("\n"));
    },
    400,
    20,
  );
});
