import { COMMANDS, type Command } from "./subject";
import type { Workbench } from "./workbench";

/** Tests how a one-off process runs to its end. */
export function onceContract(bench: Workbench): void {
  describe("once", () => {
    const oneOff = (command: Command) => bench.wanted(command, { type: "release", restart: false });

    test("passes on what a process says, and removes it when it has ended", async () => {
      const want = oneOff(COMMANDS.ends);
      const lines: string[] = [];
      await bench.host.once(want, 60, (line) => lines.push(line));
      expect(lines).toEqual(["done"]);
      expect(await bench.engine.look(want.name)).toBeUndefined();
    });

    test("fails with its exit code, or when its time is over", async () => {
      const failing = oneOff(COMMANDS.fails);
      await expect(bench.host.once(failing, 60, () => undefined)).rejects.toMatchObject({
        code: "ProcessExited",
        message: expect.stringMatching(/code 3[^]*no database/) as string,
      });
      const endless = oneOff(COMMANDS.runs);
      await expect(bench.host.once(endless, 1, () => undefined)).rejects.toMatchObject({
        code: "ProcessExited",
        message: expect.stringContaining("did not end within 1 s") as string,
      });
      expect([await bench.engine.look(failing.name), await bench.engine.look(endless.name)]).toEqual([
        undefined,
        undefined,
      ]);
    });

    test("refuses a name that is in use, and leaves that container alone", async () => {
      const want = oneOff(COMMANDS.ends);
      const { id } = await bench.foreign(want.name);
      await expect(bench.host.once(want, 60, () => undefined)).rejects.toMatchObject({ code: "NameTaken" });
      expect(await bench.engine.look(want.name)).toMatchObject({ id, state: "created" });
    });
  });
}
