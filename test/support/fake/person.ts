import { identityOf } from "../../../provider/core/values/identity";
import type { Properties } from "../../../provider/core/record/properties";
import { edited, inputsOf, type Edit, type HostName, type Owner, type Program, type Words } from "./story";
import type { Resource } from "./town";

/** A person with a program, and with Pulumi's state of it. */
export class Person {
  state: Properties = {};
  words: Words = {};
  /** True when the work of an `up` may still be there. */
  isDeployed = false;
  /** True when Pulumi has lost a state. */
  isStateLost = false;
  /** Every identity that the formation is known to have had. */
  readonly identities = new Set<string>();
  /** Formations that it has said to take over. */
  readonly taken = new Set<string>();
  /** Hosts that stack config calls gone, until an update has acted upon it. */
  writtenOff: readonly string[] = [];
  readonly urns = new Set<string>();
  #former: Program;
  #renames = 0;

  constructor(
    readonly who: Owner,
    public program: Program,
  ) {
    this.#former = program;
    this.urns.add(this.resource.urn);
  }

  get resource(): Required<Resource> {
    const stack = `dev${this.#renames}`;
    const name = `formation-${this.who}-${this.#renames}`;
    const urn = `urn:pulumi:${stack}::shop::pulumi-nodejs:dynamic/formation:Formation::${name}`;
    return { owner: `shop/${stack}`, name, urn, isWrittenOff: (host) => this.writtenOff.includes(host) };
  }

  inputs(): Properties {
    return inputsOf(this.who, this.program, this.words);
  }

  edit(edits: readonly Edit[] | "back" | "same"): void {
    if (edits === "same") return;
    const { program } = this;
    this.program = edits === "back" ? this.#former : edited(program, edits);
    this.#former = program;
    // A formation without a state is searched for on its former hosts; after a lost state, under its former name too.
    if (this.isStateLost) this.program = { ...this.program, app: program.app };
    if (this.isStateLost || (this.isDeployed && Object.keys(this.state).length === 0))
      this.program = { ...this.program, hosts: program.hosts };
  }

  rename(): void {
    // Pulumi finds no state under another name.
    if (Object.keys(this.state).length === 0) return;
    this.#renames++;
    this.urns.add(this.resource.urn);
  }

  /** @param claimed names of the app with a claim of the formation: a killed update may have ended the recorded one */
  loseState(everywhere: readonly HostName[], claimed: readonly string[]): void {
    const { __app: recorded } = this.state;
    if (typeof recorded !== "string") return;
    const app = claimed.includes(recorded) ? recorded : (claimed[0] ?? recorded);
    this.state = {};
    this.isStateLost = true;
    this.words = {};
    this.program = { ...this.program, app: app as Program["app"], hosts: everywhere };
  }

  isRecorded(state: Properties): void {
    this.state = state;
    this.isStateLost = false;
    this.identities.add(identityOf(String(state["__key"])));
  }

  isGone(): void {
    this.state = {};
    this.words = {};
    this.isDeployed = false;
  }
}
