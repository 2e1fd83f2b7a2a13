import { settingsIn, type Setting } from "../../provider/core/inputs/container/container-settings";
import { EXAMPLES, VOLUME } from "../support/settings";
import { COMMANDS, type Subject } from "./subject";
import { Workbench } from "./workbench";

interface Engine {
  readonly inspect: (container: string) => Promise<object>;
  readonly removeVolume: (name: string) => Promise<void>;
}

/**
 * Tests that a real engine takes each setting, and does not leave it out silently.
 *
 * @param lacks settings that the engine does not have, with its words for that
 * @param isRepeated true when an inspection repeats settings as they were told
 */
export function settingsContract(
  name: string,
  makeSubject: () => Promise<Subject & Engine>,
  lacks: Partial<Record<Setting, RegExp>> = {},
  isRepeated = true,
): void {
  describe(`settings on ${name}`, () => {
    const bench = new Workbench();
    let engine: Engine;
    beforeAll(async () => {
      const subject = await makeSubject();
      engine = subject;
      bench.setUp(subject);
    });
    afterAll(async () => {
      await bench.clear();
      await engine.removeVolume(VOLUME);
    });

    const tried = Object.entries(EXAMPLES).filter(([, { untried }]) => untried === undefined);
    test.each(tried)("%s is kept", async (setting, { given, docker, shown }) => {
      const settings = { ...settingsIn({ [setting]: given }), stopTimeout: 5 };
      const want = bench.wanted(COMMANDS.runs, { type: setting.toLowerCase(), settings });
      const lack = lacks[setting as Setting];
      if (lack !== undefined) return expect(bench.host.run(want).then(String)).rejects.toThrow(lack);
      expect(await bench.host.run(want)).toEqual([]);
      const { platform: _, ...Config } = docker.Config ?? {};
      if (isRepeated || shown !== undefined)
        expect(await engine.inspect(want.name)).toMatchObject(shown ?? { Config, HostConfig: docker.HostConfig ?? {} });
      expect(await bench.stateOf(want.name)).toBe("running");
    });
  });
}
