import { releaseOf } from "../../provider/core/model/configuration";
import { entryOf } from "../../provider/core/values/entry";
import { withoutTrap } from "../../provider/core/model/environment";
import { compare } from "../../provider/core/values/formation";
import { HIDDEN } from "../../provider/core/record/hidden";
import { containerName, formerName, ONE_OFF, processName, RESERVED_TYPES } from "../../provider/core/values/names";
import { assignSlots } from "../../provider/orchestrators/docker/plan/slots";
import type { Details, Seen, Usage } from "../../provider/orchestrators/viewer";
import type { App } from "../observe/app";
import { stateOf, type State } from "./state";

/** Host, container and release of a process. */
interface Place {
  readonly host: string;
  readonly container: string;
  /** Computes the short name of the release, which takes a moment; absent on an unreachable host. */
  readonly release?: () => string;
}

/** A line of the table: a process that runs or should run. */
export interface Row {
  readonly name: string;
  readonly type: string;
  readonly index: number;
  readonly state: State;
  /** Reason why the container is not wanted; `former` was replaced by a release that can still restore it. */
  readonly mark?: "surplus" | "twin" | "former";
  readonly command: string;
  readonly place?: Place;
  readonly details?: Details;
  readonly usage?: Usage;
}

/** Observation of an app on all hosts. */
export interface Sight {
  readonly containers: readonly Seen[];
  /** Unreachable hosts. */
  readonly lost: readonly string[];
  readonly details: ReadonlyMap<string, Details>;
  readonly usage: ReadonlyMap<string, Usage>;
}

/** Lists every wanted or existing process, by type and number. */
export function rowsOf(app: App, sight: Sight): Row[] {
  const all = [...sight.containers, ...unseen(app, sight.lost)];
  return [...typesIn(app, all), ...RESERVED_TYPES].flatMap((type) => {
    const own = all.filter((container) => container.type === type);
    const rows = RESERVED_TYPES.has(type)
      ? own.map((container) => rowOf(app, container, sight))
      : rowsOfType(app, type, own, sight);
    return rows.sort((a, b) => a.index - b.index || rank(a) - rank(b));
  });
}

/** The app's types, then former types. */
export function typesIn(app: App, all: readonly { readonly type: string }[]): string[] {
  const isOther = (type: string) => !app.types.includes(type) && !RESERVED_TYPES.has(type);
  return [...app.types, ...[...new Set(all.map((one) => one.type).filter(isOther))].sort(compare)];
}

function rowsOfType(app: App, type: string, own: readonly Seen[], sight: Sight): Row[] {
  const nameOf = (one: { readonly index: number }) => containerName(app.name, type, one.index);
  // Slots are assigned as in a plan.
  const slots = assignSlots(own, entryOf(app.formation, type) ?? 0, {
    isCurrent: () => true,
    isNamed: (instance) => instance.name === nameOf(instance),
    isKnown: () => true,
  });
  const aside = (mark: "surplus" | "twin") => (container: Seen) => {
    if (container.state !== "exited" || container.name !== formerName(nameOf(container)))
      return rowOf(app, container, sight, mark);
    return { ...rowOf(app, container, sight, "former"), state: { kind: "stopped", age: container.age } as const };
  };
  return [
    ...slots.kept.map((container) => rowOf(app, container, sight)),
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
    name: processName(type, index),
    type,
    index,
    state: stateOf(one, own),
    ...(mark === undefined ? {} : { mark }),
    command:
      app.commands.get(type) ?? (app.hidesFormer === true && type !== ONE_OFF ? HIDDEN : plainCommand(one.command)),
    place: { host, container, ...(isKnown ? { release: () => releaseOf(one) } : {}) },
    ...(own === undefined ? {} : { details: own }),
    ...(used === undefined ? {} : { usage: used }),
  };
}

/** Assumed containers of unreachable hosts: those recorded when the hosts were last observed. */
function unseen(app: App, lost: readonly string[]): Seen[] {
  return (
    app.instances
      // An unreachable Swarm makes all of its hosts unknown.
      .filter(({ host }) => lost.includes(host) || (app.cluster !== undefined && lost.length > 0))
      .map(({ type, index, host, container }) => ({
        type,
        index,
        host,
        container,
        app: app.name,
        owner: app.owner,
        name: containerName(app.name, type, index),
        singleton: false,
        image: "",
        imageId: "",
        configuration: "",
        stopTimeout: 0,
        createdAt: 0,
        command: "",
        state: "unknown",
      }))
  );
}

function rank({ mark }: Row): number {
  return mark === undefined ? 0 : 1;
}

/** Strips the shell that we put around a command line. */
function plainCommand(shown: string): string {
  const line = /\/bin\/sh -c '(.*)'$/s.exec(shown)?.[1] ?? "";
  const plain = withoutTrap(line);
  return plain === line ? shown : plain;
}

/** Number of running processes by type; `null` while a host that had some is unreachable. */
export type Counted = Readonly<Record<string, number | null>>;

/** Counts the running processes of each type, wanted or not. */
export function running(types: readonly string[], rows: readonly Row[]): Counted {
  const isRunning = ({ state }: Row) => ["up", "starting", "unhealthy"].includes(state.kind);
  return Object.fromEntries(
    types.map((type) => {
      const own = rows.filter((row) => row.type === type);
      return [type, own.some(({ state }) => state.kind === "unknown") ? null : own.filter(isRunning).length];
    }),
  );
}
