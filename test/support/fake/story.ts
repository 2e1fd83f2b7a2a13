import fc from "fast-check";
import type { Properties } from "../../../provider/core/record/properties";
import { FAULTS } from "./wire";

// The fates of two formations, as a list of events: programs and names change, updates die, states are lost, machines
// are installed anew. A part of the app keeps its command whatever its type is called, so that tests recognize it under
// every name.

export const HOSTS = ["a", "b", "c"] as const;
export type HostName = (typeof HOSTS)[number];
export type Owner = "A" | "B";

/** The names that each part of the app has in turn. */
const NAMES = {
  clock: ["clock", "cron"],
  mailer: ["mailer", "dispatcher"],
  worker: ["worker", "jobs"],
} as const;
export type Part = keyof typeof NAMES;
export const PARTS = Object.keys(NAMES) as Part[];

interface Ways {
  /** Index of its present name in NAMES. */
  readonly name: 0 | 1;
  readonly isSingleton: boolean;
  readonly quantity: number;
  readonly version: 1 | 2;
}

/** The part of a program that changes. */
export interface Program {
  readonly app: "shop" | "store" | "front";
  readonly parts: Readonly<Record<Part, Ways>>;
  readonly hosts: readonly HostName[];
  readonly failureAction: "rollback" | "pause";
}

/** The fate of an operation: all is well, it is killed at a call, or certain calls fail in a certain way. */
export type Fare =
  | { readonly kind: "well" }
  | { readonly kind: "killed"; readonly at: number }
  | { readonly kind: (typeof FAULTS)[number]; readonly at: readonly number[] }
  | { readonly kind: "outage"; readonly host: HostName; readonly from: number; readonly calls: number };

export type Event =
  /** An `up` of an edited program, of the previous one, or of the same one. */
  | { readonly kind: "up"; readonly who: Owner; readonly edits: readonly Edit[] | "back" | "same"; readonly fare: Fare }
  /** Two `up`s at the same moment. */
  | { readonly kind: "race"; readonly edits: readonly Edit[]; readonly fares: readonly [Fare, Fare] }
  | { readonly kind: "destroy"; readonly who: Owner; readonly fare: Fare }
  /** The project, the stack or the resource is renamed, and its state kept. */
  | { readonly kind: "rename"; readonly who: Owner }
  | { readonly kind: "lose state"; readonly who: Owner }
  | { readonly kind: "wipe" | "new id" | "restart" | "cut off" | "mend" | "copy labels"; readonly host: HostName }
  | { readonly kind: "clone ids" }
  | { readonly kind: "exchange"; readonly host: HostName; readonly other: HostName }
  | { readonly kind: "remove one" | "crash one"; readonly which: number };

export type Edit =
  | { readonly app: Program["app"] }
  | { readonly hosts: Program["hosts"] }
  | { readonly part: Part; readonly ways: Partial<Ways> };

export interface Story {
  readonly first: Readonly<Record<Owner, Program>>;
  readonly events: readonly Event[];
  readonly seed: number;
}

const isAlwaysSingleton = (part: Part) => part === "clock";

/** Caps a singleton's quantity at one, as `check` demands. */
const sane = (part: Part, ways: Ways): Ways => {
  const isSingleton = isAlwaysSingleton(part) || (part === "mailer" && ways.isSingleton);
  return { ...ways, isSingleton, quantity: isSingleton ? Math.min(1, ways.quantity) : ways.quantity };
};

export function edited(program: Program, edits: readonly Edit[]): Program {
  return edits.reduce<Program>((made, edit) => {
    if (!("part" in edit)) return { ...made, ...edit };
    const ways = sane(edit.part, { ...made.parts[edit.part], ...edit.ways });
    return { ...made, parts: { ...made.parts, [edit.part]: ways } };
  }, program);
}

const typeOf = ({ parts }: Program, part: Part): string => NAMES[part][parts[part].name];

/** The command of a part's processes; only processes of a formation have such a command. */
const commandOf = (who: Owner, part: Part, version: number) => `run ${who} ${part} v${version}`;

export function partIn(command: string): { readonly who: Owner; readonly part: Part } | undefined {
  const [, who, part] = /^run ([AB]) (\w+) v\d$/.exec(command) ?? [];
  return who === undefined ? undefined : { who: who as Owner, part: part as Part };
}

/** A person's words, beside the program. */
export interface Words {
  readonly takeOver?: string;
  readonly replaces?: Readonly<Partial<Record<HostName, string>>>;
}

export function inputsOf(who: Owner, program: Program, { takeOver, replaces = {} }: Words): Properties {
  const { app, hosts, parts, failureAction } = program;
  return {
    app,
    image: "shop:1",
    processes: Object.fromEntries(
      PARTS.map((part) => {
        const { isSingleton, version } = parts[part];
        const command = commandOf(who, part, version);
        return [typeOf(program, part), { command, singleton: isSingleton, update: { parallelism: 2 } }];
      }),
    ),
    scale: Object.fromEntries(PARTS.map((part) => [typeOf(program, part), parts[part].quantity])),
    update: { monitor: 1, failureAction },
    hosts: hosts.map((name) => ({
      name,
      host: `unix:///${name}`,
      ...(replaces[name] === undefined ? {} : { replaces: replaces[name] }),
    })),
    ...(takeOver === undefined ? {} : { takeOver }),
  };
}

const host = fc.constantFrom(...HOSTS);
const hostLists = fc
  .subarray([...HOSTS], { minLength: 1 })
  .chain((some) => fc.shuffledSubarray(some, { minLength: some.length }));
const ways = fc.record({
  name: fc.constantFrom(0 as const, 1 as const),
  isSingleton: fc.boolean(),
  quantity: fc.nat({ max: 3 }),
  version: fc.constantFrom(1 as const, 1 as const, 2 as const),
});
const who = fc.constantFrom("A" as const, "A" as const, "B" as const);

const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ app: fc.constantFrom("shop" as const, "store" as const, "front" as const) }) },
  { weight: 2, arbitrary: fc.record({ hosts: hostLists }) },
  {
    weight: 5,
    arbitrary: ways.chain((all) =>
      fc.record({
        part: fc.constantFrom(...PARTS),
        ways: fc.constantFrom<Partial<Ways>>(
          { name: all.name },
          { isSingleton: all.isSingleton },
          { quantity: all.quantity },
          { version: all.version },
          { name: all.name, isSingleton: all.isSingleton },
        ),
      }),
    ),
  },
);
const edits = fc.array(edit, { minLength: 1, maxLength: 4 });
const call = fc.integer({ min: 1, max: 70 });
export const fares: fc.Arbitrary<Fare> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Fare>({ kind: "well" }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("killed" as const), at: call }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom(...FAULTS),
      at: fc.array(call, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("outage" as const), host, from: call, calls: fc.nat({ max: 20 }) }),
  },
);

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("up" as const),
      who,
      edits: fc.oneof(
        { weight: 4, arbitrary: edits },
        { weight: 2, arbitrary: fc.constantFrom("back" as const, "same" as const) },
      ),
      fare: fares,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("race" as const), edits, fares: fc.tuple(fares, fares) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("destroy" as const), who, fare: fares }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("rename" as const), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("lose state" as const), who }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom("wipe", "new id", "restart", "cut off", "mend", "copy labels"),
      host,
    }),
  },
  { weight: 1, arbitrary: fc.constant<Event>({ kind: "clone ids" }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("remove one" as const, "crash one" as const), which: fc.nat() }),
  },
);

export const programs = fc.record({
  app: fc.constantFrom("shop" as const, "shop" as const, "store" as const),
  parts: fc.record({ clock: ways, mailer: ways, worker: ways }).map(({ clock, mailer, worker }): Program["parts"] => ({
    clock: sane("clock", clock),
    mailer: sane("mailer", mailer),
    worker: sane("worker", worker),
  })),
  hosts: hostLists,
  failureAction: fc.constantFrom("rollback" as const, "pause" as const),
});

export const stories: fc.Arbitrary<Story> = fc.record({
  first: fc.record({ A: programs, B: programs }),
  events: fc.array(event, { minLength: 1, maxLength: 8 }),
  seed: fc.nat(),
});
