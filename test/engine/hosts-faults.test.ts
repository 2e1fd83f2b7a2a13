import { randomInt } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { uniqueName } from "../support/engine";
import { BEATING } from "../support/heartbeats";
import { hostsOf, removeEverywhere, slotsByHost } from "../support/hosts";
import { Provider, type Properties } from "../support/provider";
import { startRig, type Rig } from "../support/rig";
import { COLLECTOR, collectHeartbeats, livesHeard, overlapsHeard } from "../support/rig/heartbeats";

// Random faults of hosts in the middle of random updates: never two clocks, and the next update puts all right.

const FAULTS = 20;

let rig: Rig;
const app = uniqueName("faults");
const provider = new Provider(app);

beforeAll(async () => {
  rig = await startRig({ engines: 3, tls: [1], ssh: [2] });
  await collectHeartbeats(rig);
});
afterAll(async () => {
  await provider.kill();
  await removeEverywhere(rig, app);
  await rig.stop();
});

/** Declares another release, other quantities, and a clock that may have to move. */
function anyChange(release: number): { readonly inputs: Properties; readonly home: string; readonly workers: number } {
  const home = "abc"[randomInt(3)]!;
  const workers = randomInt(1, 5);
  return {
    home,
    workers,
    inputs: {
      image: rig.image,
      pull: "never",
      update: { monitor: 0 },
      procfile: "worker: sleep 1000",
      hosts: hostsOf(rig, "abc", { [home]: { labels: { clock: "here" } } }),
      processes: { clock: { command: BEATING, placement: { labels: { clock: "here" } } } },
      env: { COLLECTOR, STOP_MS: String(randomInt(1500)), RELEASE: String(release) },
      scale: { worker: workers, clock: 1 },
    },
  };
}

const kinds = ["cut", "kill", "freeze"] as const;

function anyFault() {
  const index = randomInt(3);
  // The link of this machine's own engine is never cut, because it is not used.
  const kind = kinds[index === 0 ? randomInt(1, 3) : randomInt(3)]!;
  const mend = { cut: rig.heal, kill: rig.restart, freeze: rig.thaw }[kind];
  const text = `${kind} ${rig.engines[index]!.name}`;
  return { text, hurt: () => rig[kind](index), mend: () => mend(index) };
}

test(
  `${FAULTS} random faults`,
  async () => {
    await provider.up(anyChange(0).inputs);
    const rounds: string[] = [];
    let noticed = 0;
    for (let round = 1; round <= FAULTS; round++) {
      const change = anyChange(round);
      const fault = anyFault();
      const [after, lasting] = [randomInt(2_000), randomInt(2_000)];
      const harm = delay(after)
        .then(fault.hurt)
        .then(() => delay(lasting))
        .then(fault.mend);
      const outcome = await provider.up(change.inputs).then(
        () => "done",
        () => "left undone",
      );
      await harm;
      if (outcome !== "done") noticed++;
      rounds.push(`${fault.text} after ${after} ms for ${lasting} ms, clock to ${change.home}: ${outcome}`);
      await provider.up(change.inputs);
      const seen = await slotsByHost(rig, app);
      // Faults decide which workers stay when there are to be fewer, as they may have ended some.
      const workers = Object.values(seen)
        .flat()
        .filter((slot) => /^worker\.\d$/.test(slot)).length;
      const all = Object.values(seen).flat().length;
      const clock = seen[change.home]!.includes("clock.1");
      expect({ rounds, workers, all, clock, overlaps: overlapsHeard(rig) }).toEqual({
        rounds,
        workers: change.workers,
        all: change.workers + 1,
        clock: true,
        overlaps: [],
      });
    }
    // The test has teeth: a clock of each release was heard, and some updates were affected by a fault.
    expect(livesHeard(rig).length).toBeGreaterThan(FAULTS);
    expect(noticed).toBeGreaterThan(0);
    console.info(`${FAULTS} faults, ${noticed} of them left something undone; ${livesHeard(rig).length} clocks heard`);
  },
  // Twice the time that a busy machine takes.
  480_000,
);
