import { hostContract } from "../../contract/host-contract";
import { COMMANDS, type Subject } from "../../contract/subject";
import { RUNS, shell, type Script } from "../../support/fake/behaviour";
import { VirtualClock } from "../../support/fake/clock";
import { FakeEngine } from "../../support/fake/engine";
import { History } from "../../support/fake/history";
import { FakeHost } from "../../support/fake/host";
import { build, type Store } from "../../support/fake/images";

const script: Script = (command) => {
  switch (command) {
    case COMMANDS.fails:
      return { ...shell(command), output: "no database\n" };
    case COMMANDS.ends:
      return { ...shell(command), output: "done\n" };
    case COMMANDS.tidy:
    case COMMANDS.tidyInLine:
    case COMMANDS.tidyInPipe:
    case COMMANDS.tidyElsewhere:
    case COMMANDS.tidyInLoop:
      return { ...RUNS, output: "up\n", stop: 0.3, lastWords: "finished\n" };
    case COMMANDS.crashesOnce:
      return { ...RUNS, output: "up\n" };
    case COMMANDS.deaf:
      return { ...RUNS, output: "up\n", stop: "never" };
    default:
      return shell(command);
  }
};

const fake = (store: Store) => async (): Promise<Subject> => {
  const clock = new VirtualClock();
  const engine = new FakeEngine("a", clock, new History(), script, store);
  build(engine, "shop:1", { content: "v1", attestation: "of the first build" });
  let ports = 20_000;
  return {
    host: new FakeHost(engine),
    image: "shop:1",
    freePort: async () => ports++,
    engine: {
      now: () => clock.now(),
      sleep: (seconds) => clock.sleep(seconds),
      create: async (options) => engine.create(options).id,
      start: async (container) => engine.start(container),
      pause: async (container) => engine.pause(container),
      removeByForce: async (container) => engine.remove(container, "by force"),
      look: async (container) => {
        const box = engine.boxes().find((one) => one.id === container || one.name === container);
        return box && { id: box.id, state: box.state, policy: box.policy };
      },
      restarts: async (container) => engine.find(container).restarts,
      output: async (container) => engine.find(container).output,
      names: async (prefix) => engine.boxes().flatMap(({ name }) => (name.startsWith(prefix) ? [name] : [])),
    },
  };
};

hostContract("fake", fake("classic"));
hostContract("fake, containerd store", fake("containerd"));
