import type { ContainerCreateOptions } from "dockerode";
import type { DesiredInstance } from "../../provider/core/model/desired";
import { argumentsOf } from "../../provider/core/model/environment";
import type { ObservedInstance } from "../../provider/core/model/observed";
import { uniqueName } from "../support/engine";
import { asking, OWN } from "../support/asking";
import { COMMANDS, type Ability, type Command, type Subject } from "./subject";

export const OWNER = "contract/dev";

/** Tools for the tests of the contract. Each container is in a slot of its own. */
export class Workbench {
  readonly app = uniqueName("contract");
  #subject: Subject | undefined;
  #slots = 0;

  /** @param lacks abilities that the engine lacks, and since or until when */
  constructor(private readonly lacks: Partial<Record<Ability, string>> = {}) {}

  /** Tests an ability. The test must fail on engines that lack it, so that the lack is noticed when it ends. */
  testOf(ability: Ability, title: string, work: () => Promise<void>): void {
    const reason = this.lacks[ability];
    if (reason === undefined) test(title, work);
    else test.failing(`${title} (lacking here: ${ability}, ${reason})`, work);
  }

  setUp(subject: Subject): void {
    this.#subject = subject;
  }

  get subject(): Subject {
    if (this.#subject === undefined) throw new Error("the subject is not set up yet");
    return this.#subject;
  }

  get host() {
    return this.subject.host;
  }

  get engine() {
    return this.subject.engine;
  }

  async clear(): Promise<void> {
    if (this.#subject === undefined) return;
    for (const one of await this.engine.names(this.app)) await this.engine.removeByForce(one);
    this.host.close();
  }

  wanted(command: Command = COMMANDS.runs, more: Partial<DesiredInstance> = {}): DesiredInstance {
    const index = ++this.#slots;
    return {
      app: this.app,
      identity: OWN.identity,
      owner: OWNER,
      type: "web",
      index,
      singleton: false,
      name: `${this.app}.web.${index}`,
      hostname: `web.${index}`,
      image: this.subject.image,
      configuration: "command=1",
      restart: true,
      arguments: argumentsOf(command),
      env: { ...OWN.env, TINI_KILL_PROCESS_GROUP: "1", A: "b=c" },
      networks: [],
      settings: { stopTimeout: 5 },
      ...more,
    };
  }

  async running(command?: Command, more?: Partial<DesiredInstance>): Promise<DesiredInstance & { id: string }> {
    const want = this.wanted(command, more);
    await this.host.run(want);
    return { ...want, id: (await this.engine.look(want.name))?.id ?? "" };
  }

  /** Creates a container of somebody else, never started. */
  async foreign(name = `${this.app}.decoy.${++this.#slots}`, more: ContainerCreateOptions = {}) {
    const id = await this.engine.create({ name, Image: this.subject.image, Cmd: ["sleep", "1000"], ...more });
    return { name, id };
  }

  async observed(): Promise<readonly ObservedInstance[]> {
    return (await this.host.observe(asking(this.app, { images: [this.subject.image] }))).instances;
  }

  async stateOf(container: string): Promise<string | undefined> {
    return (await this.engine.look(container))?.state;
  }

  /** Waits for a crash loop. Some engines start a process again at once, others report that they wait. */
  isCrashing(container: string): Promise<void> {
    return this.until(
      async () => (await this.stateOf(container)) === "restarting" || (await this.engine.restarts(container)) > 2,
    );
  }

  async until(isSo: () => Promise<boolean>): Promise<void> {
    const deadline = this.engine.now() + 60;
    while (!(await isSo())) {
      if (this.engine.now() > deadline) throw new Error("it has not come about within 60 s");
      await this.engine.sleep(0.05);
    }
  }

  /** Waits until the process has its signal handler: a signal before that would prove nothing. */
  isUp(container: string): Promise<void> {
    return this.until(async () => (await this.engine.output(container)).includes("up"));
  }
}
