import type { ContainerInfo, ContainerInspectInfo } from "../../../../../../provider/engine/containers";
import type { FormationError } from "../../../../../../provider/core/values/errors";
import { awaitReady } from "../../../../../../provider/orchestrators/docker/container/readiness";
import { silentEngine } from "../../../../../support/silent-engine";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

interface Row {
  readonly title: string;
  /** Status in the engine's list, and health in an inspect. */
  readonly status: string;
  readonly health: string | undefined;
  readonly tellsHealth: boolean;
  readonly monitor?: number;
  readonly ends: RegExp;
}

// Docker's list tells the result of a health check, Podman tells it only for a single container. Podman has the empty
// text for a container without a check, and "starting" for ever where systemd does not run its checks.
const rows: readonly Row[] = [
  {
    title: "no check, on Docker",
    status: "Up 1 second",
    health: undefined,
    tellsHealth: true,
    ends: /^ready after 0 s/,
  },
  { title: "no check, on Podman", status: "Up 1 second", health: "", tellsHealth: false, ends: /^ready after 0 s/ },
  {
    title: "no check, on Podman, watched",
    status: "Up 1 second",
    health: "",
    tellsHealth: false,
    monitor: 1,
    ends: /^ready after 1 s/,
  },
  {
    title: "healthy, on Podman",
    status: "Up 1 second",
    health: "healthy",
    tellsHealth: false,
    ends: /^ready after 0 s/,
  },
  {
    title: "unhealthy, on Docker",
    status: "Up 1 second (unhealthy)",
    health: "unhealthy",
    tellsHealth: true,
    ends: /^NotReady after 0 s: is unhealthy/,
  },
  {
    title: "unhealthy, on Podman",
    status: "Up 1 second",
    health: "unhealthy",
    tellsHealth: false,
    ends: /^NotReady after 0 s: is unhealthy/,
  },
  {
    title: "a check without an end, on Docker",
    status: "Up 1 second (health: starting)",
    health: "starting",
    tellsHealth: true,
    ends: /^NotReady after 5\d s: has a health check that has come to no end/,
  },
  {
    title: "a check without an end, on Podman",
    status: "Up 1 second",
    health: "starting",
    tellsHealth: false,
    ends: /^NotReady after 5\d s: has a health check that has come to no end/,
  },
];

test.each(rows)("a wait for a process ends: $title", async ({ status, health, tellsHealth, monitor = 0, ends }) => {
  const began = performance.now();
  // Two rounds of 2 s each after 20 s.
  const check = { Test: ["CMD", "true"], Interval: 1e9, Timeout: 1e9, Retries: 1, StartPeriod: 20e9 };
  const full = {
    Id: "1",
    RestartCount: 0,
    Config: { Healthcheck: check },
    State: { Status: "running", ...(health === undefined ? {} : { Health: { Status: health } }) },
  };
  const waiting = {
    tellsHealth: () => Promise.resolve(tellsHealth),
    isInContainer: () => false,
    engine: silentEngine,
    made: "1",
    inspect: () => Promise.resolve(full as unknown as ContainerInspectInfo),
    glance: () => Promise.resolve({ Id: "1", State: "running", Status: status } as ContainerInfo),
  };
  const seconds = () => `after ${Math.round((performance.now() - began) / 1000)} s`;
  const told = awaitReady(waiting, { monitor }).then(
    () => `ready ${seconds()}`,
    (error: unknown) => `${(error as FormationError).code} ${seconds()}: ${(error as FormationError).message}`,
  );
  const late = new Promise<string>((resolve) => setTimeout(() => resolve("no end"), 600_000));
  const outcome = Promise.race([told, late]);
  await jest.advanceTimersByTimeAsync(600_000);
  expect(await outcome).toMatch(ends);
});
