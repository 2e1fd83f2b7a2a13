import { connect } from "../../provider/hosts/connect";
import { hostContract } from "../contract/host-contract";
import { Workbench } from "../contract/workbench";
import { dockerSubject } from "../support/docker-subject";
import { baseImage, docker } from "../support/engine";

async function makeSubject() {
  const [host] = connect([{ host: "unix:///var/run/docker.sock" }], undefined, {});
  return dockerSubject(host!, docker, baseImage());
}

hostContract("unix", makeSubject);

describe("a container that a host has made", () => {
  const bench = new Workbench();
  beforeAll(async () => bench.setUp(await makeSubject()));
  afterAll(() => bench.clear());

  test("is bounded, and cannot get at the host", async () => {
    const { name } = await bench.running(undefined, { cpus: 0.5e9, memory: 64 * 2 ** 20 });
    const { HostConfig } = await docker.getContainer(name).inspect();
    expect(HostConfig).toMatchObject({
      ...{ Init: true, Privileged: false, PidsLimit: 4096, SecurityOpt: ["no-new-privileges"] },
      ...{ NanoCpus: 0.5e9, Memory: 64 * 2 ** 20, Binds: null, PidMode: "", NetworkMode: "default" },
      RestartPolicy: { Name: "always" },
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
    });
  });
});
