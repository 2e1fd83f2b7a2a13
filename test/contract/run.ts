import type { DesiredInstance } from "../../provider/core/model/desired";
import { LABEL, labelsOf } from "../../provider/core/model/labels";
import { OWN_ENV } from "../support/asking";
import { COMMANDS } from "./subject";
import type { Workbench } from "./workbench";

/** Tests how a process comes up. */
export function runContract(bench: Workbench): void {
  describe("run", () => {
    test("twice, or ten times at once, is one container", async () => {
      const want = bench.wanted();
      await bench.host.run(want);
      const before = await bench.engine.look(want.name);
      await Promise.all(Array.from({ length: 10 }, () => bench.host.run(want)));
      expect(await bench.engine.look(want.name)).toEqual(before);
      const twice = bench.wanted();
      await Promise.all([bench.host.run(twice), bench.host.run(twice)]);
      expect(await bench.engine.names(twice.name)).toEqual([twice.name]);
      expect(await bench.stateOf(twice.name)).toBe("running");
    });

    test("starts what was created for it, as if a provider had been killed between the two", async () => {
      const want = bench.wanted();
      const { id } = await bench.foreign(want.name, { Labels: labelsOf(want), Env: [...OWN_ENV] });
      await bench.host.run(want);
      expect(await bench.engine.look(want.name)).toMatchObject({ id, state: "running" });
    });

    test.each<[string, readonly string[], (want: DesiredInstance) => Record<string, string>]>([
      ["somebody else's container", [], () => ({})],
      ["a container that copies our labels", [], labelsOf],
      ["another formation's container", ["FORMATION_HASH_KEY=another"], labelsOf],
      ["another slot's container", OWN_ENV, (want) => ({ ...labelsOf(want), [LABEL.index]: "999" })],
    ])("refuses a name that %s has, and leaves that alone", async (_, env, labels) => {
      const want = bench.wanted();
      const { id } = await bench.foreign(want.name, { Labels: labels(want), Env: [...env] });
      await expect(bench.host.run(want)).rejects.toMatchObject({ code: "NameTaken" });
      await bench.host.discard(want);
      expect(await bench.engine.look(want.name)).toMatchObject({ id, state: "created" });
    });

    test("takes the name from what an interrupted update has left in its slot", async () => {
      const want = bench.wanted();
      const left = { ...labelsOf(want), [LABEL.configuration]: "command=2" };
      const { id } = await bench.foreign(want.name, { Labels: left, Env: [...OWN_ENV] });
      await bench.host.run(want);
      const made = await bench.engine.look(want.name);
      expect(made).toMatchObject({ state: "running" });
      expect(made?.id).not.toBe(id);
    });

    test("takes the first port that is free", async () => {
      const [first, second] = [await bench.subject.freePort(), await bench.subject.freePort()];
      const publish = { port: 8080, address: "127.0.0.1", hostPorts: [first, second] };
      const one = await bench.running(COMMANDS.runs, { publish });
      const other = await bench.running(COMMANDS.runs, { publish });
      const ports = new Map((await bench.observed()).map((seen) => [seen.name, seen.published]));
      expect(ports.get(one.name)).toEqual({ address: "127.0.0.1", port: first });
      expect(ports.get(other.name)).toEqual({ address: "127.0.0.1", port: second });
      const third = bench.wanted(COMMANDS.runs, { publish });
      await expect(bench.host.run(third)).rejects.toMatchObject({ code: "PortTaken" });
      expect(await bench.engine.look(third.name)).toBeUndefined();
    });

    test("leaves nothing behind when the image is missing", async () => {
      const want = bench.wanted(COMMANDS.runs, { image: `${bench.app}:missing` });
      await expect(bench.host.run(want)).rejects.toMatchObject({ code: "NotFound" });
      expect(await bench.engine.look(want.name)).toBeUndefined();
    });
  });
}
