import { check } from "../../provider/lifecycle";
import { surroundings } from "../support/surroundings";

const around = surroundings();
const procfile = "web: a\nworker: b\nclock: c\n";
const faults = (more: object) => check({}, { image: "shop:1", procfile, ...more }, around).faults;

test("the full formation becomes an input, by the rules of scale", () => {
  const first = check({}, { image: "shop:1", procfile, scale: { worker: 2 } }, around);
  expect(first.inputs).toMatchObject({
    formation: { web: 1, worker: 2, clock: 0 },
    summary: "web=1, worker=2, clock=0",
  });
  const second = check(first.inputs, { image: "shop:1", procfile, scale: { clock: 1 } }, around);
  expect(second.inputs).toMatchObject({ summary: "web=1, worker=2, clock=1" });
  const config = { ...around, scaleConfig: { shop: { web: 3 } } };
  expect(check(second.inputs, { image: "shop:1", procfile, scale: { web: 1 } }, config).inputs).toMatchObject({
    summary: "web=3, worker=2, clock=1",
  });
});

test.each([
  [{ scale: { wrker: 1 } }, "scale.wrker is not a process type of shop: it has web, worker, clock"],
  [{ scale: { web: -1 } }, "scale.web is -1: give a whole number, 0 or more"],
  [{ scale: { web: 1.5 } }, "scale.web is 1.5: give a whole number, 0 or more"],
  [{ scale: { web: NaN } }, "scale.web is NaN: give a whole number, 0 or more"],
  [{ scale: { web: "2" } }, 'scale.web is "2" (a string): give a whole number, 0 or more'],
  [
    { scale: { web: 1e9 } },
    "scale: web is scaled to 1000000000, 0 to 100 are allowed: scale it to 100, or raise processes.web.max",
  ],
  [{ app: "Shop!" }, 'app is "Shop!" (a string): give 2 to 40 of a-z, 0-9 and -, not starting or ending with -'],
  [{ env: { A: 42 } }, "env.A is a number: give a string"],
  [{ sclae: {} }, "sclae is not an input of Formation: check its spelling"],
  [
    { processes: { wbe: {} } },
    "processes.wbe has no command: the Procfile defines web, worker, clock; add one, or correct the name",
  ],
  [
    { processes: { web: { health: { test: ["curl", "-f", "localhost"] } } } },
    'processes.web.health.test is ["curl","-f","localhost"]: give ["CMD", "curl", "-f", "localhost"], ["CMD-SHELL", "a line for the shell"] or ["NONE"]',
  ],
  [
    { processes: { worker: { health: { path: "/healthz" } } } },
    "processes.worker.health.path has no port to ask: give processes.worker.port too",
  ],
])("%j is refused", (more, fault) => {
  expect(faults(more)).toEqual([fault]);
});

test("a second clock is refused with the type, the wanted and the allowed number", () => {
  expect(faults({ scale: { clock: 2 } })).toEqual([
    "scale: clock is a singleton: asked for 2, at most 1 may run; scale it to 1, or set processes.clock.singleton: false if two may run at once",
  ]);
});

test("several faults are reported together", () => {
  expect(faults({ scale: { web: -1 }, env: { A: 1 }, image: undefined })).toHaveLength(3);
});
