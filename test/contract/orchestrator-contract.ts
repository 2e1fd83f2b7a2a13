import { randomBytes } from "node:crypto";
import { Provider, type Properties } from "../support/provider";

/** Place where a formation runs, under one orchestrator. */
export interface OrchestratorSubject {
  /** Inputs that lead to the place. */
  readonly inputs: Properties;
  readonly image: string;
  /** Ids of the app's running containers, as the engines themselves tell. */
  readonly running: (app: string) => Promise<readonly string[]>;
  /** Names of all that is left of the app, of whatever kind. */
  readonly leftovers: (app: string) => Promise<readonly string[]>;
}

interface Instance {
  readonly name: string;
  readonly container: string;
  readonly state: string;
}

const sleep = (first = "true") => ["/bin/sh", "-c", `${first}; while :; do sleep 0.3; done`];
const processes = {
  web: { command: sleep() },
  worker: { command: sleep() },
  clock: { command: sleep(), stopTimeout: 5 },
};

const messageOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing failed",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

/** Tests what holds under every orchestrator. */
export function orchestratorContract(name: string, subject: () => OrchestratorSubject): void {
  describe(`${name} as orchestrator`, () => {
    const app = `oc${randomBytes(3).toString("hex")}`;
    const provider = new Provider(app);
    const others: Provider[] = [];
    afterAll(() => Promise.all([provider, ...others].map((one) => one.kill())));

    const declared = (more: Properties): Properties => ({
      image: subject().image,
      processes,
      update: { monitor: 1 },
      ...subject().inputs,
      ...more,
    });
    const instances = () => (provider.outputs["instances"] ?? []) as Instance[];
    const containers = () => new Map(instances().map((one) => [one.name, one.container]));
    let last: Properties = {};
    const up = (more: Properties) => {
      last = { ...last, ...more };
      return provider.up(declared(last));
    };

    test("a new formation runs as declared, and a second preview is empty", async () => {
      await up({ scale: { web: 2, worker: 1, clock: 1 } });
      expect(instances().map((one) => one.name)).toEqual(["web.1", "web.2", "clock.1", "worker.1"]);
      expect(new Set(instances().map((one) => one.state))).toEqual(new Set(["running"]));
      expect([...(await subject().running(app))].sort()).toEqual([...containers().values()].sort());
      expect(provider.outputs).toMatchObject({ running: { web: 2, worker: 1, clock: 1 } });
      expect(await provider.preview(declared(last))).toBe(false);
    });

    test("scale touches nothing that stays; zero is a count", async () => {
      const before = containers();
      await up({ scale: { web: 3, worker: 0 } });
      expect(provider.outputs).toMatchObject({
        summary: "web=3, clock=1, worker=0",
        running: { web: 3, clock: 1, worker: 0 },
      });
      for (const slot of ["web.1", "web.2", "clock.1"]) expect(containers().get(slot)).toBe(before.get(slot));
      expect(await subject().running(app)).toHaveLength(4);
    });

    test("a release replaces every process, and is one line of the log", async () => {
      const before = new Set(containers().values());
      await up({ env: { A: "b" } });
      expect(instances()).toHaveLength(4);
      expect(instances().filter((one) => before.has(one.container))).toEqual([]);
      expect((provider.outputs["log"] as string[]).at(-1)).toContain("Release");
    });

    test("a release that does not start is put back, and the error has the process's own words", async () => {
      const { env } = last as { env: Properties };
      const broken = { ...processes, web: { command: sleep("echo no database; exit 3") } };
      const words = await messageOf(provider.up(declared({ ...last, processes: broken })));
      expect(words).toMatch(/web\.\d on \S+: replace failed: exited with code 3\b.*; its last lines:\nno database/);
      expect(provider.outputs).toMatchObject({ running: { web: 3, clock: 1, worker: 0 } });
      await up({ env, processes });
      expect(await provider.preview(declared(last))).toBe(false);
    });

    test("a second clock is refused before anything is touched", async () => {
      const before = containers();
      expect(await messageOf(provider.up(declared({ scale: { clock: 2 } })))).toContain(
        "clock is a singleton: asked for 2",
      );
      expect(new Set(await subject().running(app))).toEqual(new Set(before.values()));
    });

    test("an app whose state was lost is taken over, once that is said, without a restart", async () => {
      const before = containers();
      const takeOver = String(provider.outputs["__identity"]);
      provider.state = undefined;
      const all = { scale: { web: 3, worker: 0, clock: 1 } };
      expect(await messageOf(provider.up(declared({ ...last, ...all })))).toContain(`takeOver: "${takeOver}"`);
      expect(new Set(await subject().running(app))).toEqual(new Set(before.values()));
      await up({ ...all, takeOver });
      expect(containers()).toEqual(before);
      expect(await provider.preview(declared(last))).toBe(false);
    });

    test("another formation's app of the same name is refused, with whose it is", async () => {
      const other = new Provider(app, { owner: "other/dev" });
      others.push(other);
      expect(await messageOf(other.up(declared({ scale: { web: 9 } })))).toMatch(
        new RegExp(`belongs to formation ${String(provider.outputs["__identity"])} \\(.*stack test/dev\\)`),
      );
      expect(await subject().running(app)).toHaveLength(4);
    });

    test("a type that is no longer declared is removed", async () => {
      const { clock: _, ...rest } = processes;
      await up({ processes: rest, scale: { web: 1 } });
      expect(instances().map((one) => one.name)).toEqual(["web.1"]);
      expect(await subject().running(app)).toHaveLength(1);
    });

    test("a delete leaves nothing", async () => {
      await provider.destroy();
      expect(await subject().leftovers(app)).toEqual([]);
    });
  });
}
