import { explain } from "../../../provider/core/values/errors";
import { identityOf } from "../../../provider/core/values/identity";
import { LABEL } from "../../../provider/core/model/labels";
import { commandOf as ran, type Box, type FakeEngine } from "./engine";
import { generator } from "./chance";
import { Person } from "./person";
import {
  PARTS,
  partIn,
  type Edit,
  type Event,
  type Fare,
  type HostName,
  type Owner,
  type Part,
  type Story,
  HOSTS,
} from "./story";
import { Town, type Ending, type Resource } from "./town";
import { Watch } from "./watch";
import { snapshotOf } from "./snapshot";
import { weatherOf } from "./weather";

/** Plays a story on fake engines, and collects its faults. */
export class Telling {
  readonly town = new Town(HOSTS);
  readonly people: Readonly<Record<Owner, Person>>;
  readonly faults: string[] = [];
  /** The events so far and their endings, as a record for the analysis of a failure. */
  readonly told: string[] = [];
  readonly #watch: Watch;
  readonly #chance: () => number;
  /** Hosts whose address may lead to another engine than before. */
  readonly #tampered = new Set<HostName>();
  /** True once engines were exchanged, or shared an id: without processes, the formation's hosts are unknown then. */
  #isConfused = false;
  /** True once calls failed: a claim may then be left on a host that the formation has left. */
  #isLossy = false;
  /** Owners with two formations after a lost state: a person has to remove one before the next update can succeed. */
  readonly #isForPerson = new Set<Owner>();
  #exchanged: readonly [HostName, HostName] | undefined;

  constructor({ first, seed }: Pick<Story, "first" | "seed">) {
    this.people = { A: new Person("A", first.A), B: new Person("B", first.B) };
    this.#chance = generator(seed);
    for (const engine of this.town.engines.values()) {
      engine.images.set("shop:1", "id1");
      for (const name of ["decoy", "shop.notes"])
        engine.start(engine.create({ name, Image: "shop:1", HostConfig: { RestartPolicy: { Name: "always" } } }).id);
    }
    this.#watch = new Watch(this.town.history, (who, part) => this.people[who].program.parts[part].isSingleton);
  }

  async tell(event: Event): Promise<void> {
    this.told.push(JSON.stringify(event));
    const fares = "fare" in event ? [event.fare] : "fares" in event ? event.fares : [];
    if (fares.some(({ kind }) => kind !== "well" && kind !== "killed")) this.#isLossy = true;
    switch (event.kind) {
      case "up":
        this.#edit(this.people[event.who], event.edits);
        await this.up(event.who, event.fare);
        break;
      case "race":
        this.#edit(this.people.A, event.edits);
        await this.race(event.fares);
        break;
      case "destroy":
        await this.destroy(event.who, event.fare);
        break;
      case "rename":
        this.people[event.who].rename();
        break;
      case "lose state":
        // Only one state may be lost: two formations that are searched for on all hosts would block each other.
        if (Object.values(this.people).every((person) => !person.isStateLost))
          this.people[event.who].loseState(HOSTS, this.#claimedBy(this.people[event.who]));
        break;
      case "wipe":
        this.engine(event.host).wipe();
        this.#tampered.add(event.host);
        break;
      case "new id":
        this.engine(event.host).id += "'";
        this.#tampered.add(event.host);
        break;
      case "clone ids":
        this.#isConfused = true;
        for (const name of HOSTS) {
          this.engine(name).id = "id of a template";
          this.#tampered.add(name);
        }
        break;
      case "restart":
        this.engine(event.host).restart();
        break;
      case "cut off":
        this.engine(event.host).isReachable = false;
        break;
      case "mend":
        this.engine(event.host).isReachable = true;
        break;
      case "exchange":
        if (!this.#isAnybodyUnrecorded() && !this.#isCloned()) this.#exchange(event.host, event.other);
        break;
      case "copy labels":
        this.#copyLabels(this.engine(event.host));
        break;
      case "remove one":
      case "crash one": {
        const all = this.boxes().filter(({ box }) => partIn(ran(box.options)) !== undefined);
        const { engine, box } = all[event.which % Math.max(1, all.length)] ?? {};
        if (event.kind === "remove one") engine?.remove(box!.id, "by force");
        else engine?.crash(box!.id, 1);
      }
    }
    await this.town.clock.sleep(1);
    this.#note(this.#watch.seen());
  }

  /** Makes all engines reachable, finishes unfinished updates, and then destroys both formations. */
  async finish(): Promise<void> {
    this.told.push("finish");
    for (const engine of this.town.engines.values()) engine.isReachable = true;
    const done: Owner[] = [];
    for (const who of ["A", "B"] as const)
      if (this.people[who].isDeployed && (await this.up(who, { kind: "well" }))) done.push(who);
    // Two formations that want each other's names block each other, so both are destroyed first.
    const isRecorded = (who: Owner) => Object.keys(this.people[who].state).length > 0;
    for (const who of ["A", "B"] as const) if (isRecorded(who)) await this.#end(who);
    // A formation that was refused because of the other one finds the name free now.
    for (const who of ["A", "B"] as const)
      if (this.people[who].isDeployed && !done.includes(who)) {
        if (await this.up(who, { kind: "well" })) await this.#end(who);
        // A formation that a person has to remove blocks the other owner as well.
        else if (!this.#isConfused && this.#isForPerson.size === 0) this.#note([`${who} finds no way`]);
      }
    this.#note(this.#watch.seen());
  }

  /** @returns true when the update succeeded */
  async up(who: Owner, fare: Fare): Promise<boolean> {
    const person = this.people[who];
    // Without a state, nothing could tell that addresses were exchanged: undo the exchange first.
    const isUnrecorded = Object.keys(person.state).length === 0 || this.#isAnybodyUnrecorded();
    if (this.#exchanged !== undefined && isUnrecorded) this.#exchange(...this.#exchanged);
    if (person.isStateLost) for (const engine of this.town.engines.values()) engine.isReachable = true;
    for (let tries = 1; ; tries++) {
      const before = snapshotOf(this.town, who);
      const ending = await this.#upOnce(person, fare);
      this.#note([...before.harm(), ...this.#watch.seen()].map((fault) => `up of ${who}: ${fault}`));
      this.told.push(`${who}: ${ending.kind} ${ending.kind === "refused" ? ending.why : ""}`);
      if (ending.kind === "done") {
        // On an unreachable engine, another formation may have taken the name.
        const isSeen = [...this.town.engines.values()].every((engine) => engine.isReachable);
        if (fare.kind === "well" && isSeen) this.#note(await this.#shortcomings(person));
        return true;
      }
      if (ending.kind === "killed") return false;
      const isWell = fare.kind === "well" && [...this.town.engines.values()].every((engine) => engine.isReachable);
      if (ending.kind === "partial") {
        if (isWell) this.#note([`${who}: partial: ${ending.reasons.join("; ")}`]);
        return false;
      }
      // A claim cannot be withdrawn from an engine that no longer answers.
      const isSilent = fare.kind !== "well" && fare.kind !== "killed";
      const changes = before.changes().filter((change) => !isSilent || !change.endsWith("is now claimed"));
      this.#note(changes.map((change) => `refused, but ${change}`));
      const answer = this.#answer(person, ending.why);
      if (answer === "right") return false;
      if (answer === "wrong" || tries === 6) {
        if (isWell) this.#note([`${who} is refused: ${ending.why}`]);
        return false;
      }
    }
  }

  #claimedBy({ identities }: Person): string[] {
    const all = [...this.town.engines.values()].flatMap(({ claims }) => claims);
    return all.filter(({ identity }) => identities.has(identity)).map(({ app }) => app);
  }

  /** True when engines share an id: nothing could tell such clones apart after an exchange of their addresses. */
  #isCloned(): boolean {
    return new Set([...this.town.engines.values()].map(({ id }) => id)).size < HOSTS.length;
  }

  #isAnybodyUnrecorded(): boolean {
    return Object.values(this.people).some(({ isDeployed, state }) => isDeployed && Object.keys(state).length === 0);
  }

  /** @param delays start of each, in tenths of a second */
  async race(fares: readonly [Fare, Fare], delays = [0, 0]): Promise<readonly [Ending, Ending]> {
    const { A, B } = this.people;
    if (this.#exchanged !== undefined) this.#exchange(...this.#exchanged);
    const before = snapshotOf(this.town, "A", "B");
    const [first, second] = await Promise.all(
      [A, B].map(async (person, at) => {
        await this.town.clock.sleep((delays[at] ?? 0) / 10);
        return this.#upOnce(person, fares[at] ?? { kind: "well" });
      }),
    );
    this.#note([...before.harm(), ...this.#watch.seen()].map((fault) => `race: ${fault}`));
    if (first === undefined || second === undefined) throw new Error("there are two");
    this.told.push(...[first, second].map((one) => `${one.kind} ${one.kind === "refused" ? one.why : ""}`));
    return [first, second];
  }

  async destroy(who: Owner, fare: Fare): Promise<boolean> {
    const person = this.people[who];
    if (Object.keys(person.state).length === 0) return true;
    const before = snapshotOf(this.town, who);
    const destroy = (more: Resource) =>
      this.town.destroy(person.state, weatherOf(fare, this.#chance), { ...person.resource, ...more });
    let ending = await destroy({});
    // A destroy takes no inputs, so only stack config can say that a machine is gone.
    if (ending.kind === "refused" && /has none of its containers/.test(ending.why))
      ending = await destroy({ isWrittenOff: (host) => this.#tampered.has(host.replace("unix:///", "") as HostName) });
    this.#note([...before.harm(), ...this.#watch.seen()].map((fault) => `destroy of ${who}: ${fault}`));
    this.told.push(`${who} destroyed: ${ending.kind} ${ending.kind === "refused" ? ending.why : ""}`);
    if (ending.kind === "done") person.isGone();
    return ending.kind === "done";
  }

  boxes(): { readonly engine: FakeEngine; readonly box: Box }[] {
    return [...this.town.engines.values()].flatMap((engine) => engine.boxes().map((box) => ({ engine, box })));
  }

  /** Engines on which both owners have containers. */
  sharedEngines(): string[] {
    const owners = (engine: FakeEngine) => new Set(engine.boxes().map((box) => partIn(ran(box.options))?.who));
    const isShared = (engine: FakeEngine) => owners(engine).has("A") && owners(engine).has("B");
    return [...this.town.engines.values()].filter(isShared).map(({ name }) => name);
  }

  hasStarted(who: Owner): boolean {
    return this.town.history.since(0, "start").some(({ command }) => partIn(command)?.who === who);
  }

  running(who: Owner, part?: Part): Box[] {
    return this.boxes().flatMap(({ box }) => {
      const is = partIn(ran(box.options));
      const isMeant = is?.who === who && (part === undefined || is.part === part) && box.state === "running";
      return isMeant && !box.name.startsWith("copy-") ? [box] : [];
    });
  }

  engine(name: HostName): FakeEngine {
    return this.town.engines.get(name)!;
  }

  /** Edits a program. A first deployment that died after closing its claim can only be found by the app's name. */
  #edit(person: Person, edits: readonly Edit[] | "back" | "same"): void {
    const isClosed = [...this.town.engines.values()].some((engine) =>
      engine.claims.some((claim) => person.urns.has(claim.resource) && claim.begun === undefined),
    );
    if (isClosed && Object.keys(person.state).length === 0) person.isStateLost = true;
    person.edit(edits);
  }

  async #end(who: Owner): Promise<void> {
    const { __key: key } = this.people[who].state;
    const identity = identityOf(String(key));
    // Earlier updates have confirmed by now which engine each address leads to.
    if (!(await this.destroy(who, { kind: "well" })))
      return this.#note(this.#isConfused ? [] : [`${who} cannot be destroyed`]);
    const left = this.boxes().filter(
      ({ box }) => partIn(ran(box.options))?.who === who && !box.name.startsWith("copy-"),
    );
    const claims =
      this.#isConfused || this.#isLossy ? [] : [...this.town.engines.values()].flatMap((engine) => engine.claims);
    // After an exchange of addresses, a person may have given a wrong answer.
    this.#note([
      ...(this.#isConfused || this.#isForPerson.has(who) ? [] : left).map(({ box }) => `${box.name} is left of ${who}`),
      // An open claim of an update that died before it reported anything does no harm.
      ...claims.flatMap((claim) =>
        claim.identity === identity && claim.begun === undefined ? [`a claim on ${claim.app} is left of ${who}`] : [],
      ),
    ]);
  }

  async #upOnce(person: Person, fare: Fare): Promise<Ending> {
    const { state, resource } = person;
    const inputs = this.town.checked(state, person.inputs(), resource);
    person.isDeployed = true;
    if (Object.keys(state).length > 0) {
      // Pulumi previews before it updates.
      const plan = await this.town
        .preview(state, inputs, resource)
        .catch((error: unknown) => ({ why: explain(error) }));
      if (plan === undefined) return { kind: "done", state };
      if (typeof plan !== "string") return { kind: "refused", why: plan.why };
    }
    const ending = await this.town.up(state, inputs, weatherOf(fare, this.#chance), resource);
    if (ending.kind === "done" || ending.kind === "partial") person.isRecorded(ending.state);
    if (ending.kind === "done") person.writtenOff = [];
    return ending;
  }

  async #shortcomings(person: Person): Promise<string[]> {
    const { who, state, program, resource } = person;
    const inputs = this.town.checked(state, person.inputs(), resource);
    const plan = await this.town.preview(state, inputs, resource).catch(explain);
    const counts = PARTS.flatMap((part) => {
      const { quantity, version } = program.parts[part];
      const all = this.running(who, part);
      const isRight = all.length === quantity && all.every((box) => ran(box.options).endsWith(`v${version}`));
      return isRight ? [] : [`${part} of ${who} is ${all.map((box) => box.name).join()}, not ${quantity} v${version}`];
    });
    const strays = this.running(who).filter((box) => box.options.Labels?.[LABEL.app] !== program.app);
    return [
      ...(plan === undefined ? [] : [`after ${who}'s up there is a plan: ${plan}`]),
      ...counts,
      ...strays.map((box) => `${box.name} runs on of ${who}`),
    ];
  }

  /** A person's reaction to a refusal: an input that lets the next `up` pass, or a verdict whether it is right. */
  #answer(person: Person, why: string): "said" | "right" | "wrong" {
    if (/cannot reach/.test(why))
      return [...this.town.engines.values()].some((one) => !one.isReachable) ? "right" : "wrong";
    const [, owned] = /belongs to formation ([0-9a-f]{16})/.exec(why) ?? [];
    if (owned !== undefined) {
      const other = this.people[person.who === "A" ? "B" : "A"];
      if (other.identities.has(owned) || this.#ownerOf(owned) === other.who) {
        // A claim left by a destroyed formation may be taken over by the next one.
        const isLeft = !other.isDeployed && /takeOver/.test(why) && person.words.takeOver !== owned;
        if (isLeft) person.words = { ...person.words, takeOver: owned };
        if (isLeft) return "said";
        return this.#isHeldBy(other, person.program.app) ? "right" : "wrong";
      }
      // An owner who lost a state and began anew while a host was unreachable has two formations, and must remove one.
      // Taking over either is refused in the name of the other.
      const isOther = person.words.takeOver !== owned && person.taken.has(owned);
      const isAnew = Object.keys(person.state).length > 0 && (this.#isLossy || this.#tampered.size > 0);
      if (isAnew || (isOther && /takeOver/.test(why))) {
        this.#isForPerson.add(person.who);
        return "right";
      }
      if (!/takeOver/.test(why) || Object.keys(person.state).length > 0) return "wrong";
      const isClosed = [...this.town.engines.values()].some((engine) =>
        engine.claims.some((claim) => claim.identity === owned && claim.begun === undefined),
      );
      if (!person.isStateLost && !isClosed) return "wrong";
      person.words = { ...person.words, takeOver: owned };
      person.taken.add(owned);
      return "said";
    }
    const [, former] =
      /is gone for good, pulumi config set --path 'formation:abandoned\[0\]' unix:\/\/\/(\w)/.exec(why) ?? [];
    if (former !== undefined) {
      if (this.#exchanged !== undefined) {
        this.#exchange(...this.#exchanged);
        return "said";
      }
      if (!this.#tampered.has(former as HostName)) return "wrong";
      person.writtenOff = [...person.writtenOff, `unix:///${former}`];
      return "said";
    }
    const [, host, engine] = /hosts: \[\{ host: "unix:\/\/\/(\w)", replaces: "([^"]*)" \}\]/.exec(why) ?? [];
    if (engine !== undefined) {
      if (this.#exchanged !== undefined) {
        this.#exchange(...this.#exchanged);
        return "said";
      }
      if (!this.#tampered.has(host as HostName)) return "wrong";
      person.words = { ...person.words, replaces: { ...person.words.replaces, [host!]: engine } };
      return "said";
    }
    return "wrong";
  }

  #ownerOf(identity: string): Owner | undefined {
    const isMade = (box: Box) => box.options.Labels?.[LABEL.identity] === identity && !box.name.startsWith("copy-");
    const found = this.boxes().find(({ box }) => isMade(box));
    const resource = [...this.town.engines.values()]
      .flatMap((engine) => engine.claims)
      .find((claim) => claim.identity === identity)?.resource;
    if (found !== undefined) return partIn(ran(found.box.options))?.who;
    return resource === undefined
      ? undefined
      : (["A", "B"] as const).find((who) => this.people[who].urns.has(resource));
  }

  #isHeldBy({ who, identities, urns }: Person, app: string): boolean {
    const holds = this.boxes().some(
      ({ box }) => partIn(ran(box.options))?.who === who && box.options.Labels?.[LABEL.app] === app,
    );
    return (
      holds ||
      [...this.town.engines.values()].some((engine) =>
        engine.claims.some((one) => one.app === app && (identities.has(one.identity) || urns.has(one.resource))),
      )
    );
  }

  #exchange(one: HostName, other: HostName): void {
    if (one === other) return;
    const [first, second] = this.#exchanged ?? [one, other];
    this.town.exchange(first, second);
    this.#exchanged = this.#exchanged === undefined ? [one, other] : undefined;
    this.#isConfused = true;
    this.#tampered.add(first).add(second);
  }

  /** Copies a container as a stranger would: with its labels, without its environment. */
  #copyLabels(engine: FakeEngine): void {
    const one = this.boxes().find(({ box }) => partIn(ran(box.options)) !== undefined)?.box;
    const name = `copy-${engine.boxes().length}`;
    if (one === undefined || engine.boxes().some((box) => box.name === name)) return;
    const { Labels } = one.options;
    engine.start(engine.create({ name, Image: "shop:1", ...(Labels === undefined ? {} : { Labels }) }).id);
  }

  #note(faults: readonly string[]): void {
    this.faults.push(...faults.map((fault) => `${this.told.length}: ${fault}`));
  }
}
