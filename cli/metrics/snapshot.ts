import { entryOf } from "../../provider/core/values/entry";
import { isSingletonName } from "../../provider/core/values/names";
import type { Contract } from "../state/contract";
import type { RecordedFormation } from "../state/formations";
import type { App } from "../observe/app";
import type { Observation } from "../observe/observe";
import { typesIn, type Row } from "../ps/rows";
import type { State } from "../ps/state";

/** A snapshot of an app, which monitoring measures and the dashboard draws. */
export interface Snapshot extends Seen {
  readonly project: string;
  readonly stack: string;
  /** Time of the snapshot in seconds since the epoch, and the seconds that it took. */
  readonly collected: { readonly at: number; readonly seconds: number };
}

/** The observed part of a snapshot. */
interface Seen {
  readonly app: string;
  readonly types: readonly TypeSnapshot[];
  readonly rows: readonly Row[];
  /** Running containers whose health check fails. */
  readonly failing: ReadonlySet<string>;
  /** The release that was deployed last. */
  readonly release: { readonly name: string; readonly image: string };
  readonly hosts: readonly { readonly name: string; readonly isReachable: boolean }[];
  readonly budgets: Contract["budgets"];
  /** Audit lines, oldest first. */
  readonly log: readonly string[];
}

interface TypeSnapshot {
  readonly type: string;
  readonly isSingleton: boolean;
  readonly desired: number;
  /** Number of running containers, wanted or not; `undefined` while a host that had some is unreachable. */
  readonly running: number | undefined;
  readonly ready: number | undefined;
}

const RUNNING: ReadonlySet<State["kind"]> = new Set(["up", "starting", "unhealthy"]);

export function snapshotOf(
  app: App,
  { inputs }: Pick<RecordedFormation, "inputs">,
  { budgets, log, release }: Pick<Contract, "budgets" | "log" | "release">,
  { looks, rows, failing }: Pick<Seen, "rows" | "failing"> & { readonly looks: readonly Observation[] },
): Seen {
  const settings = (inputs["processes"] ?? {}) as Readonly<Record<string, { readonly singleton?: boolean }>>;
  return {
    app: app.name,
    types: typesIn(app, rows).map((type) => {
      const own = rows.filter((row) => row.type === type);
      const isUnknown = own.some((row) => row.state.kind === "unknown");
      const count = (kinds: (kind: State["kind"]) => boolean) => own.filter((row) => kinds(row.state.kind)).length;
      return {
        type,
        isSingleton: entryOf(settings, type)?.singleton ?? isSingletonName(type),
        desired: entryOf(app.formation, type) ?? 0,
        running: isUnknown ? undefined : count((kind) => RUNNING.has(kind)),
        ready: isUnknown ? undefined : own.filter((row) => isReady(row, failing)).length,
      };
    }),
    rows,
    failing,
    release: { name: release, image: typeof inputs["image"] === "string" ? inputs["image"] : "" },
    hosts: looks.map(({ viewer, kind }) => ({ name: viewer.name, isReachable: kind === "seen" })),
    budgets,
    log,
  };
}

/** True when the process is up and its health check, if any, passes. */
export function isReady({ state, place }: Row, failing: ReadonlySet<string>): boolean {
  return state.kind === "up" && !failing.has(place?.container ?? "");
}
