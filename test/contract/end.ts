import { COMMANDS } from "./subject";
import type { Workbench } from "./workbench";

/** Tests how processes stop, come back, and are removed for good. */
export function endContract(bench: Workbench): void {
  describe("stop", () => {
    test.each([
      ["alone", COMMANDS.tidy],
      ["in a compound command", COMMANDS.tidyInLine],
      ["in a pipe", COMMANDS.tidyInPipe],
      ["in another folder", COMMANDS.tidyElsewhere],
      ["in a loop", COMMANDS.tidyInLoop],
    ])("lets a process %s finish its shutdown, and returns when it is gone", async (_, command) => {
      const { name } = await bench.running(command);
      await bench.isUp(name);
      await bench.host.stop(name, 5);
      expect(await bench.stateOf(name)).toBe("exited");
      const output = await bench.engine.output(name);
      expect(output).toContain("finished");
      expect(output.match(/\bup\b/g)).toEqual(["up"]);
    });

    test("kills a process that ignores SIGTERM once its time is over", async () => {
      const { name } = await bench.running(COMMANDS.deaf);
      await bench.isUp(name);
      const began = bench.engine.now();
      await bench.host.stop(name, 1);
      expect(bench.engine.now() - began).toBeGreaterThan(0.9);
      expect(bench.engine.now() - began).toBeLessThan(8);
      expect(await bench.stateOf(name)).toBe("exited");
    });

    test("of what is stopped, never started, or gone is done already", async () => {
      const { name } = await bench.running();
      await Promise.all([bench.host.stop(name, 5), bench.host.stop(name, 5)]);
      await bench.host.stop(name, 5);
      expect(await bench.stateOf(name)).toBe("exited");
      const created = await bench.foreign();
      await bench.host.stop(created.name, 5);
      expect(await bench.stateOf(created.name)).toBe("created");
      await bench.host.stop(`${bench.app}.web.none`, 5);
    });

    test("ends what is paused, and what is between two crashes", async () => {
      const paused = await bench.running();
      await bench.engine.pause(paused.name);
      await bench.host.stop(paused.name, 5);
      expect(await bench.stateOf(paused.name)).toBe("exited");
      const looping = await bench.running(COMMANDS.fails);
      await bench.isCrashing(looping.name);
      await bench.host.stop(looping.name, 5);
      expect(await bench.stateOf(looping.name)).toBe("exited");
    });
  });

  describe("park and start", () => {
    test("what is parked stays down, and runs once it is started", async () => {
      const { name, id } = await bench.running();
      await bench.host.park(name, 5);
      await bench.host.park(name, 5);
      expect(await bench.engine.look(name)).toMatchObject({ id, state: "exited" });
      await bench.host.start(name);
      await bench.host.start(name);
      expect(await bench.engine.look(name)).toMatchObject({ id, state: "running", policy: "always" });
    });

    const title = "what is parked does not come back with its engine, even a singleton's way back stays open";
    bench.testOf("restart policies that can be changed", title, async () => {
      const { name, id } = await bench.running(COMMANDS.runs, { singleton: true });
      await bench.host.park(name, 5);
      expect(await bench.engine.look(name)).toEqual({ id, state: "exited", policy: "no" });
      await bench.host.start(name);
      expect(await bench.engine.look(name)).toEqual({ id, state: "running", policy: "always" });
    });

    test("a process that crashes is started again by the engine, a parked one is not", async () => {
      const { name } = await bench.running(COMMANDS.fails);
      await bench.isCrashing(name);
      await bench.host.park(name, 5);
      await bench.engine.sleep(1);
      expect(await bench.stateOf(name)).toBe("exited");
    });

    test("start lets run what is paused", async () => {
      const { name } = await bench.running();
      await bench.engine.pause(name);
      await bench.host.start(name);
      expect(await bench.stateOf(name)).toBe("running");
    });

    test("start fails when there is no such container", async () => {
      await expect(bench.host.start(`${bench.app}.web.none`)).rejects.toMatchObject({ code: "NotFound" });
    });
  });

  test("unpause of what is not paused is done already", async () => {
    const { name } = await bench.running();
    await bench.engine.pause(name);
    await bench.host.unpause(name);
    await bench.host.unpause(name);
    expect(await bench.stateOf(name)).toBe("running");
  });

  test("rename is done already when it has the name, and refused when another one has it", async () => {
    const { name, id } = await bench.running();
    await bench.host.rename(id, `${name}.old`);
    await bench.host.rename(id, `${name}.old`);
    expect(await bench.engine.look(`${name}.old`)).toMatchObject({ id, state: "running" });
    const other = await bench.running();
    await expect(bench.host.rename(id, other.name)).rejects.toMatchObject({ code: "NameTaken" });
    expect(await bench.engine.look(other.name)).toMatchObject({ id: other.id, state: "running" });
    expect(await bench.engine.look(`${name}.old`)).toMatchObject({ id, state: "running" });
  });

  test("rename of what is between two crashes is done, and it goes on crashing", async () => {
    const { name, id } = await bench.running(COMMANDS.fails);
    await bench.isCrashing(name);
    await bench.host.rename(id, `${name}.old`);
    const look = await bench.engine.look(`${name}.old`);
    expect(look).toMatchObject({ id, policy: "always" });
    expect(["running", "restarting", "exited"]).toContain(look?.state);
    await bench.host.stop(id, 1);
  });

  test("remove is done already when it is gone, and refused while it runs", async () => {
    const { name } = await bench.running();
    await expect(bench.host.remove(name)).rejects.toMatchObject({ code: "EngineRefused" });
    expect(await bench.stateOf(name)).toBe("running");
    await bench.host.stop(name, 5);
    await bench.host.remove(name);
    await bench.host.remove(name);
    expect(await bench.engine.look(name)).toBeUndefined();
  });

  test("discard ends what run made, may find nothing, and leaves alone what is to be spared", async () => {
    const { id, ...want } = await bench.running();
    await bench.host.discard(want, id);
    expect(await bench.stateOf(id)).toBe("running");
    await bench.host.discard(want);
    await bench.host.discard(want);
    expect([await bench.engine.look(want.name), await bench.engine.look(id)]).toEqual([undefined, undefined]);
  });
}
