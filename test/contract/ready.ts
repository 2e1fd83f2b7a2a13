import type { ContainerSettings } from "../../provider/core/inputs/container/container-settings";
import { COMMANDS } from "./subject";
import type { Workbench } from "./workbench";

/** Tests when a process counts as ready. */
export function readyContract(bench: Workbench): void {
  describe("ready", () => {
    test("comes after the process has run for as long as it is watched", async () => {
      const { name } = await bench.running();
      const began = bench.engine.now();
      await bench.host.ready(name, { monitor: 1 });
      expect(bench.engine.now() - began).toBeGreaterThanOrEqual(0.99);
    });

    test("tells exit code and last lines of a process that ends, even of one that ends well", async () => {
      // Podman forgets the exit code of a process that it has started again.
      for (const [more, words] of [
        [{ restart: false }, /code 3[^]*no database/],
        [{}, /^exited[^]*no database/],
      ] as const) {
        const failing = await bench.running(COMMANDS.fails, more);
        await expect(bench.host.ready(failing.name, { monitor: 2 })).rejects.toMatchObject({
          code: "ProcessExited",
          message: expect.stringMatching(words) as string,
        });
      }
      const ending = await bench.running(COMMANDS.ends, { restart: false });
      await expect(bench.host.ready(ending.name, { monitor: 2 })).rejects.toMatchObject({
        code: "ProcessExited",
        message: expect.stringMatching(/code 0[^]*done/) as string,
      });
    });

    const health = (test: string, retries: number): { settings: ContainerSettings } => ({
      settings: {
        stopTimeout: 5,
        health: { test: ["CMD-SHELL", test], interval: 0.5, timeout: 5, retries, startPeriod: 0 },
      },
    });
    test("waits for the engine's health check", async () => {
      const { name } = await bench.running(COMMANDS.runs, health("exit 0", 3));
      await bench.host.ready(name, { monitor: 0 });
      expect((await bench.observed()).find((one) => one.name === name)?.health).toBe("healthy");
    });

    test("fails when the engine calls it unhealthy", async () => {
      const { name } = await bench.running(COMMANDS.runs, health("exit 1", 1));
      await expect(bench.host.ready(name, { monitor: 0 })).rejects.toMatchObject({ code: "NotReady" });
    });

    test("does not mind that the process had crashed long before", async () => {
      const { name } = await bench.running(COMMANDS.crashesOnce);
      await bench.isUp(name);
      await bench.engine.pause(name);
      await bench.host.unpause(name);
      await bench.host.ready(name, { monitor: 0.5 });
    });

    test("fails when there is no such container", async () => {
      await expect(bench.host.ready(`${bench.app}.web.none`, { monitor: 0 })).rejects.toMatchObject({
        code: "NotFound",
      });
    });
  });
}
