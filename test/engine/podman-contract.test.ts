import { connect } from "../../provider/orchestrators/connect";
import { Readable, Writable } from "node:stream";
import { runAttached } from "../../provider/orchestrators/docker/container/attached";
import { stateFrom } from "../../provider/engine/podman";
import { reach } from "../../provider/orchestrators/viewers";
import { COMMANDS } from "../contract/subject";
import { Workbench } from "../contract/workbench";
import { filesContract } from "../contract/files";
import { hostContract } from "../contract/host-contract";
import { settingsContract } from "../contract/settings";
import { dockerSubject } from "../support/docker-subject";
import { startPodman, type Podman } from "../support/podman";

let podman: Podman;
let timer: NodeJS.Timeout;
beforeAll(async () => {
  podman = await startPodman();
  // A failure is ignored, because a container may be gone meanwhile.
  timer = setInterval(() => void podman.checkHealth().catch(() => undefined), 500);
});
afterAll(async () => {
  clearInterval(timer);
  await podman.stop();
});

async function makeSubject() {
  const [host] = connect([{ host: podman.host }], undefined, {});
  const subject = dockerSubject(host!, podman.docker, podman.image);
  const { engine } = subject;
  // Podman has another word for a process that had ended before its stop.
  const look = async (container: string) => {
    const seen = await engine.look(container);
    return seen && { ...seen, state: stateFrom(seen.state) };
  };
  return { ...subject, engine: { ...engine, look } };
}

hostContract("podman", makeSubject, {
  "an id that lasts": "it makes one for each call",
  "restart policies that can be changed": "below 5.1",
});

settingsContract("Podman", makeSubject, { logging: /invalid log driver/ }, false);
filesContract("Podman", makeSubject);

describe("on Podman", () => {
  const bench = new Workbench();
  beforeAll(async () => bench.setUp(await makeSubject()));
  afterAll(() => bench.clear());

  test("a singleton that is parked is gone: it could come back with its machine, beside its successor", async () => {
    const { id } = await bench.running(COMMANDS.runs, { singleton: true });
    await bench.host.park(id, 5);
    await bench.host.rename(id, "clock-before");
    expect(await bench.engine.look(id)).toBeUndefined();
    await expect(bench.host.start(id)).rejects.toMatchObject({ code: "EngineRefused" });
  });

  test("a one-off process in front of a person tells its output and its exit code", async () => {
    const written: string[] = [];
    const output = () => new Writable({ write: (data, _, done) => (written.push(String(data)), done()) });
    const ends = () => () => undefined;
    const streams = { input: Readable.from([]), output: output(), errors: output() };
    const want = bench.wanted(COMMANDS.fails, { type: "run", restart: false });
    const engine = reach({ host: podman.host });
    const code = await runAttached(engine, want, { ...streams, tty: false, sized: ends, signalled: ends });
    engine.close();
    expect([code, written.join("")]).toEqual([3, "no database\n"]);
    expect(await bench.engine.look(want.name)).toBeUndefined();
  });
});
