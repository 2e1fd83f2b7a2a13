import type Docker from "dockerode";
import { uniqueName } from "../support/engine";
import { eventually } from "../support/eventually";
import { Provider, type Properties } from "../support/provider";

/** Engine to test on, and the inputs that lead there. */
interface Place {
  readonly docker: Docker;
  readonly image: string;
  readonly inputs: Properties;
}

type Container = Docker.Container;

/** States that an engine can be in with a container, each with the act that brings a sound process there. */
const STATES: Readonly<Record<string, (container: Container, docker: Docker) => Promise<unknown>>> = {
  created: neverStarted,
  running: () => Promise.resolve(),
  unhealthy: (container) => touch(container, "/tmp/sick"),
  // On a busy machine an engine may take too long to pause and refuse.
  paused: (container) => eventually(() => container.pause() as Promise<void>),
  restarting: (container) => touch(container, "/tmp/crash"),
  exited: (container) => container.stop(),
};
const TYPES = Object.keys(STATES);
/** Crashes after which the engine has waited some three seconds, and waits as long again before the next start. */
const CRASHES = 6;

/** Runs until told to crash, and from then on crashes at each start. */
const command = 'trap exit TERM; [ -z "$BROKEN" ] || exit 4; while [ ! -e /tmp/crash ]; do sleep 0.2; done; exit 3';
const health = { test: ["CMD-SHELL", "[ ! -e /tmp/sick ]"], interval: "1s", retries: 1, startPeriod: "1s" };
const processes = Object.fromEntries(
  TYPES.map((type) => [type, type === "unhealthy" ? { command, health } : { command }]),
);

const all = (value: unknown) => Object.fromEntries(TYPES.map((type) => [type, value]));

interface Operation {
  readonly name: string;
  /** Quantity of each type, before and after. */
  readonly from: number;
  readonly to: number;
  /** Inputs that the operation changes besides. */
  readonly change: Properties;
  readonly order?: "start-first" | "stop-first";
}

const OPERATIONS: readonly Operation[] = [
  { name: "a release", from: 2, to: 2, change: { env: { RELEASE: "2" } } },
  { name: "a release that stops first", from: 1, to: 1, change: { env: { RELEASE: "2" } }, order: "stop-first" },
  { name: "a restart", from: 1, to: 1, change: { restartedAt: all("2026-11-27T12:00:00Z") } },
  { name: "scaling down", from: 2, to: 1, change: {} },
  { name: "scaling up", from: 1, to: 2, change: {} },
];

/** Tests that a formation becomes what is asked for, whatever state its processes were in. */
export function statesContract(name: string, place: () => Place): void {
  describe(`whatever state its processes are in, on ${name},`, () => {
    const apps = new Map<string, { readonly app: string; readonly provider: Provider }>();
    const at = (what: string) => apps.get(what)!;
    const rollback: Operation = { name: "a rollback", from: 1, to: 1, change: { env: { BROKEN: "yes" } } };

    const declared = ({ order = "start-first" }: Operation, quantity: number, more: Properties = {}): Properties => ({
      image: place().image,
      processes,
      scale: all(quantity),
      update: { monitor: 0.5, order, parallelism: 2 },
      env: { RELEASE: "1" },
      ...place().inputs,
      ...more,
    });
    const containersOf = async (app: string) =>
      place().docker.listContainers({ all: true, filters: { label: [`formation.app=${app}`] } });

    beforeAll(async () => {
      for (const { name: what } of [...OPERATIONS, rollback]) {
        const app = uniqueName("states");
        apps.set(what, { app, provider: new Provider(app) });
      }
      await Promise.all([...OPERATIONS, rollback].map((operation) => prepare(operation)));
    });
    afterAll(async () => {
      for (const { app, provider } of apps.values()) {
        await provider.kill();
        for (const { Id } of await containersOf(app))
          await place()
            .docker.getContainer(Id)
            .remove({ force: true })
            .catch(() => undefined);
        const { Volumes } = await place().docker.listVolumes({ filters: { label: [`formation.claim=${app}`] } });
        for (const { Name } of Volumes) await place().docker.getVolume(Name).remove();
      }
    });

    async function prepare(operation: Operation): Promise<void> {
      const { docker } = place();
      const { app, provider } = at(operation.name);
      await provider.up(declared(operation, operation.from));
      const list = await containersOf(app);
      await Promise.all(
        list.map(async ({ Id, Labels }) => STATES[Labels["formation.type"]!]!(docker.getContainer(Id), docker)),
      );
    }

    /** Waits until each process is in the state that its type is named after. */
    const expectStates = (app: string) =>
      eventually(async () => {
        const list = await containersOf(app);
        const looks = list.map(({ Id }) => place().docker.getContainer(Id).inspect());
        for (const { Config, State, RestartCount } of await Promise.all(looks)) {
          const type = Config.Labels["formation.type"]!;
          expect([type, State.Health?.Status === "unhealthy" ? "unhealthy" : State.Status]).toEqual([type, type]);
          if (type === "restarting") expect(RestartCount).toBeGreaterThanOrEqual(CRASHES);
        }
      });

    /** Expects one process in each slot, with its own name and of the right release, and nothing else. */
    async function expectRunning(app: string, quantity: number, release: string, spared: readonly string[] = []) {
      const slots = TYPES.flatMap((type) => Array.from({ length: quantity }, (_, n) => `${app}.${type}.${n + 1}`));
      const list = await containersOf(app);
      expect(list.map(({ Names: [own = ""] }) => own.slice(1)).sort()).toEqual(slots.sort());
      for (const { Id, Names, Labels, State } of list) {
        const { Config } = await place().docker.getContainer(Id).inspect();
        expect([Names, Config.Env]).toEqual([Names, expect.arrayContaining([`RELEASE=${release}`]) as string[]]);
        if (!spared.includes(Labels["formation.type"]!)) expect([Names, State]).toEqual([Names, "running"]);
      }
    }

    test.each(OPERATIONS)("$name does what it is asked for", async (operation) => {
      const { app, provider } = at(operation.name);
      const { from, to, change } = operation;
      await expectStates(app);
      expect(await provider.preview(declared(operation, from))).toBe(true);
      const wanted = declared(operation, to, change);
      await provider.up(wanted);
      const { RELEASE } = (wanted as { readonly env: { readonly RELEASE: string } }).env;
      await expectRunning(app, to, RELEASE);
      expect(await provider.preview(wanted)).toBe(false);
    });

    test("a rollback puts back what was there, and the next release goes through", async () => {
      const { app, provider } = at(rollback.name);
      await expectStates(app);
      const broken = await provider.up(declared(rollback, 1, rollback.change)).then(() => "", String);
      expect(broken).toMatch(/exited with code 4/);
      expect(broken).not.toMatch(/could not be/);
      await expectRunning(app, 1, "1", ["restarting"]);
      const mended = declared(rollback, 1, { env: { RELEASE: "2" } });
      await provider.up(mended);
      await expectRunning(app, 1, "2");
      expect(await provider.preview(mended)).toBe(false);
    });
  });
}

/** Replaces a container by a copy made by hand and never started. */
async function neverStarted(container: Container, docker: Docker): Promise<void> {
  const { Name, Config, HostConfig } = await container.inspect();
  await container.remove({ force: true });
  await docker.createContainer({ ...Config, HostConfig, name: Name.slice(1) });
}

async function touch(container: Container, path: string): Promise<void> {
  const exec = await container.exec({ Cmd: ["/bin/sh", "-c", `: > ${path}`] });
  (await exec.start({ Detach: true })).resume();
}
