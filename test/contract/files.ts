import { argumentsOf } from "../../provider/core/model/environment";
import { splitFiles } from "../../provider/core/model/secret-files";
import type { Subject } from "./subject";
import { Workbench } from "./workbench";

type FilesSubject = Subject & { readonly inspect: (container: string) => Promise<object> };

/** Prints the files, the kind of file system that they are in, and the two variables; ends the first time if told to. */
const SHOW = `
const fs = require("fs");
const line = fs.readFileSync("/proc/self/mountinfo", "utf8").split("\\n").find((one) => one.includes(" /run/secrets "));
const files = fs.readdirSync("/run/secrets").map((name) => name + "=" + fs.readFileSync("/run/secrets/" + name, "utf8"));
console.log("files", ...files, "in", line.split(" - ")[1].split(" ")[0], process.env.TOKEN, process.env.TOKEN_FILE);
if (process.env.CRASHES && !fs.existsSync("/crashed")) {
  fs.writeFileSync("/crashed", "");
  process.exit(1);
}
setInterval(() => {}, 1000);`;

const LONG = `L${"O".repeat(150)}NG`;
const LONG_VALUE = "é".repeat(300);

/**
 * Tests that secrets as files are in memory alone, are there from the start, and outlast the ends of a process.
 *
 * @param killEngine kills the engine, and starts it again
 */
export function filesContract(
  name: string,
  makeSubject: () => Promise<FilesSubject>,
  killEngine?: () => Promise<void>,
): void {
  describe(`secrets as files on ${name}`, () => {
    const bench = new Workbench();
    const folders = new Set<string>();
    let inspect: FilesSubject["inspect"];
    beforeAll(async () => {
      const subject = await makeSubject();
      ({ inspect } = subject);
      bench.setUp(subject);
    });
    afterAll(async () => {
      await inMemory(bench, `${JSON.stringify([...folders])}.forEach((one) => fs.rmSync(one, { recursive: true }))`);
      await bench.clear();
    });

    const withFiles = (value: string, more: Readonly<Record<string, string>> = {}) => {
      const plain = bench.wanted(undefined, { arguments: argumentsOf(["node", "-e", SHOW]) });
      const env = { ...plain.env, ...more, TOKEN: value, [LONG]: LONG_VALUE };
      const split = splitFiles(env, ["TOKEN", LONG], bench.app);
      const files = split.files!;
      folders.add(files.folder);
      return { ...plain, env: split.env, files };
    };
    const shown = async (container: string, times = 1) => {
      const count = async () => (await bench.engine.output(container)).split("files ").length - 1;
      await bench.until(async () => (await count()) >= times);
      return bench.engine.output(container);
    };
    const idOf = async (container: string) => (await bench.engine.look(container))!.id;

    test("a process reads them from its start; neither its environment nor an inspection shows them", async () => {
      const want = withFiles("canary-one");
      await bench.host.run(want);
      const output = await shown(want.name);
      expect(output).toContain("TOKEN=canary-one");
      expect(output).toContain(`${LONG}=${LONG_VALUE}`);
      expect(output).toContain("in tmpfs undefined /run/secrets/TOKEN");
      expect(JSON.stringify(await inspect(want.name))).not.toContain("canary");
    });

    test("an engine that starts a crashed process again gives it its files", async () => {
      const want = withFiles("canary-two", { CRASHES: "once" });
      await bench.host.run(want);
      expect((await shown(want.name, 2)).match(/canary-two/g)).toHaveLength(2);
    });

    if (killEngine !== undefined)
      test("an engine that was killed gives them to the process that it starts again", async () => {
        const want = withFiles("canary-five");
        await bench.host.run(want);
        await shown(want.name);
        await killEngine();
        expect((await shown(want.name, 2)).match(/canary-five/g)).toHaveLength(2);
      });

    test("processes share them, and the last that is removed takes them along", async () => {
      const both = [withFiles("canary-three"), withFiles("canary-three")] as const;
      await Promise.all(both.map((want) => bench.host.run(want)));
      const { folder } = both[0].files;
      const look = () => inMemory(bench, `console.log(fs.statSync("${folder}").isDirectory())`);
      for (const [at, want] of both.entries()) {
        await shown(want.name);
        const id = await idOf(want.name);
        await bench.host.stop(id, 1);
        await bench.host.remove(id);
        expect(await look()).toContain(String(at === 0));
      }
      expect(await bench.engine.names(`formation-files-${folder}`)).toEqual([]);
    });

    test("a process whose files a reboot has emptied does not start without them", async () => {
      const want = withFiles("canary-four");
      await bench.host.run(want);
      await shown(want.name);
      await bench.host.stop(want.name, 1);
      await inMemory(bench, `fs.rmSync("${want.files.folder}", { recursive: true })`);
      await expect(bench.host.start(want.name)).rejects.toMatchObject({ code: "EngineRefused" });
      expect(await bench.stateOf(want.name)).not.toBe("running");
      const { host } = await makeSubject();
      await host.start(want.name, want);
      host.close();
      expect((await shown(want.name, 2)).match(/canary-four/g)).toHaveLength(2);
    });
  });
}

/** Runs a script in the folder of all files, past all code of ours. @returns its output */
async function inMemory(bench: Workbench, script: string): Promise<string> {
  const Cmd = ["node", "-e", `const fs = require("fs"); process.chdir("/memory/formation"); ${script}`];
  const Mounts = [{ Type: "bind" as const, Source: "/dev/shm", Target: "/memory" }];
  const { name, id } = await bench.foreign(undefined, { Cmd, HostConfig: { Mounts } });
  await bench.engine.start(name);
  await bench.until(async () => (await bench.stateOf(name)) === "exited");
  return bench.engine.output(id);
}
