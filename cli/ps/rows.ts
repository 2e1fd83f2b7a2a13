import { releaseOf } from "../../provider/core/configuration";
import { entryOf } from "../../provider/core/entry";
import { withoutTrap } from "../../provider/core/environment";
import { compare } from "../../provider/core/formation";
import { HIDDEN } from "../../provider/core/hidden";
import { containerName, formerName, ONE_OFF, processName, RESERVED_TYPES } from "../../provider/core/names";
import { assignSlots } from "../../provider/core/slots";
import type { Details, Seen, Usage } from "../../provider/hosts/viewer";
import type { App } from "../look/app";
import { stateOf, type State } from "./state";

/** Where a process runs, and as what. */
interface Place {
  readonly host: string;
  readonly container: string;
  /** Its short name, which takes a moment; not known of what cannot be seen. */
  readonly release?: () => string;
}

/** One line: a process that runs, or should. */
export interface Row {
  readonly name: string;
  readonly type: string;
  readonly index: number;
  readonly state: State;
  /** What is wrong with its being there at all; `former` is what a release has replaced and can still put back. */
  readonly mark?: "surplus" | "twin" | "former";
  readonly command: string;
  readonly place?: Place;
  readonly details?: Details;
  readonly usage?: Usage;
}

/** What was learnt of an app. */
export interface Sight {
  readonly containers: readonly Seen[];
  /** Hosts that cannot be reached. */
  readonly lost: readonly string[];
  readonly details: ReadonlyMap<string, Details>;
  readonly usage: ReadonlyMap<string, Usage>;
}

/** Every process by type and number, wanted or there. */
export function rowsOf(app: App, sight: Sight): Row[] {
  const all = [...sight.containers, ...unseen(app, sight.lost)];
  return [...typesIn(app, all), ...RESERVED_TYPES].flatMap((type) => {
    const own = all.filter((one) => one.type === type);
    const rows = RESERVED_TYPES.has(type)
      ? own.map((one) => rowOf(app, one, sight))
      : rowsOfType(app, type, own, sight);
    return rows.sort((a, b) => a.index - b.index || rank(a) - rank(b));
  });
}

/** The app's types, then those that are declared no longer. */
export function typesIn(app: App, all: readonly { readonly type: string }[]): string[] {
  const isOther = (type: string) => !app.types.includes(type) && !RESERVED_TYPES.has(type);
  return [...app.types, ...[...new Set(all.map((one) => one.type).filter(isOther))].sort(compare)];
}

function rowsOfType(app: App, type: string, own: readonly Seen[], sight: Sight): Row[] {
  const nameOf = (one: { readonly index: number }) => containerName(app.name, type, one.index);
  // As the plan assigns them.
  const slots = assignSlots(own, entryOf(app.formation, type) ?? 0, {
    isCurrent: () => true,
    isNamed: (one) => one.name === nameOf(one),
    isKnown: () => true,
  });
  const aside = (mark: "surplus" | "twin") => (one: Seen) => {
    if (one.state !== "exited" || one.name !== formerName(nameOf(one))) return rowOf(app, one, sight, mark);
    return { ...rowOf(app, one, sight, "former"), state: { kind: "stopped", age: one.age } as const };
  };
  return [
    ...slots.kept.map((one) => rowOf(app, one, sight)),
    ...slots.surplus.map(aside("surplus")),
    ...slots.twins.map(aside("twin")),
    ...slots.free.map((index): Row => {
      const name = processName(type, index);
      return { name, type, index, state: { kind: "missing" }, command: app.commands.get(type) ?? "" };
    }),
  ];
}

function rowOf(app: App, one: Seen, { details, usage }: Sight, mark?: Row["mark"]): Row {
  const { type, index, host, container } = one;
  const isKnown = one.state !== "unknown";
  const [own, used] = [details.get(container), usage.get(container)];
  return {
    ...{ name: processName(type, index), type, index, state: stateOf(one, own) },
    ...(mark === undefined ? {} : { mark }),
    command:
      app.commands.get(type) ?? (app.hidesFormer === true && type !== ONE_OFF ? HIDDEN : plainCommand(one.command)),
    place: { host, container, ...(isKnown ? { release: () => releaseOf(one) } : {}) },
    ...(own === undefined ? {} : { details: own }),
    ...(used === undefined ? {} : { usage: used }),
  };
}

/** What hosts that cannot be reached had when they were last seen. */
function unseen(app: App, lost: readonly string[]): Seen[] {
  return (
    app.instances
      // Behind a Swarm that cannot be asked is every host.
      .filter(({ host }) => lost.includes(host) || (app.cluster !== undefined && lost.length > 0))
      .map(({ type, index, host, container }) => ({
        ...{ type, index, host, container, app: app.name, owner: app.owner },
        name: containerName(app.name, type, index),
        ...{ singleton: false, image: "", imageId: "", configuration: "", stopTimeout: 0, createdAt: 0, command: "" },
        state: "unknown",
      }))
  );
}

function rank({ mark }: Row): number {
  return mark === undefined ? 0 : 1;
}

/** Without the shell that we put around a command line. */
function plainCommand(shown: string): string {
  const line = /\/bin\/sh -c '(.*)'$/s.exec(shown)?.[1] ?? "";
  const plain = withoutTrap(line);
  return plain === line ? shown : plain;
}

/** How many of each type run; `null` while a host that had some cannot be reached. */
export type Counted = Readonly<Record<string, number | null>>;

/** How many of each type run, wanted or not. */
export function running(types: readonly string[], rows: readonly Row[]): Counted {
  const isRunning = ({ state }: Row) => ["up", "starting", "unhealthy"].includes(state.kind);
  return Object.fromEntries(
    types.map((type) => {
      const own = rows.filter((row) => row.type === type);
      return [type, own.some(({ state }) => state.kind === "unknown") ? null : own.filter(isRunning).length];
    }),
  );
}
