import { connect } from "../../provider/orchestrators/connect";
import { filesContract } from "../contract/files";
import { hostContract } from "../contract/host-contract";
import { settingsContract } from "../contract/settings";
import { argumentsOf } from "../../provider/core/model/environment";
import { Workbench } from "../contract/workbench";
import { OWN } from "../support/asking";
import { dockerSubject } from "../support/docker-subject";
import { baseImage, docker } from "../support/engine";

async function makeSubject() {
  const [host] = connect([{ host: "unix:///var/run/docker.sock" }], undefined, {});
  return dockerSubject(host!, docker, baseImage());
}

hostContract("unix", makeSubject);
settingsContract("Docker 20.10", makeSubject);
filesContract("Docker 20.10", makeSubject);

describe("a container that a host has made", () => {
  const bench = new Workbench();
  beforeAll(async () => bench.setUp(await makeSubject()));
  afterAll(() => bench.clear());

  test("is bounded, and cannot get at the host", async () => {
    const { name } = await bench.running(undefined, {
      settings: { stopTimeout: 5, size: { cpus: 0.5e9, memory: 64 * 2 ** 20 } },
    });
    const { HostConfig } = await docker.getContainer(name).inspect();
    expect(HostConfig).toMatchObject({
      Init: true,
      Privileged: false,
      PidsLimit: 4096,
      SecurityOpt: ["no-new-privileges"],
      NanoCpus: 0.5e9,
      Memory: 64 * 2 ** 20,
      Binds: null,
      PidMode: "",
      NetworkMode: "default",
      RestartPolicy: { Name: "always" },
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
    });
  });

  const values = {
    SPACES: "  a  b ",
    QUOTES: `'"\`$(x)\\`,
    DOLLAR: "$HOME ${X}",
    LINES: "a\nb\n",
    TAB: "\t",
    EMPTY: "",
    EQUALS: "a=b=c",
    BRACES: "{{.Node.ID}}",
    UNICODE: "ü 🚲",
    lower_1: "x",
  };
  const odd = { "a.b": "dot", "a-b": "dash", "1a": "digit", ü: "umlaut", IFS: "," };
  const words = ["", "a b", "'", '"', "$HOME", "`x`", "\\", "a\nb", "*", "-c", "ü", "{{.Node.ID}}"];
  const program = "console.log(JSON.stringify([process.env, process.argv.slice(1)]))";

  test.each([
    ["a command line", `exec node -e '${program}'; true`, values, []],
    ["a list of words", ["node", "-e", program, "--", ...words], { ...values, ...odd }, words],
  ] as const)("what it is given arrives unchanged in %s", async (_, command, env, given) => {
    const want = bench.wanted(undefined, {
      arguments: argumentsOf(command),
      env: { ...OWN.env, ...env },
      restart: false,
    });
    await bench.host.run(want);
    await bench.until(async () => (await bench.stateOf(want.name)) === "exited");
    const output = await bench.engine.output(want.name);
    const [got, said] = JSON.parse(output.slice(output.indexOf("["))) as [Record<string, string>, string[]];
    expect(got).toMatchObject(env);
    expect(said).toEqual(given);
  });
});
