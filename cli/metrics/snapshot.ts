import { entryOf } from "../../provider/core/entry";
import { isSingletonName } from "../../provider/core/names";
import type { Contract } from "../contract";
import type { RecordedFormation } from "../formations";
import type { App } from "../look/app";
import type { Look } from "../look/look";
import { typesIn, type Row } from "../ps/rows";
import type { State } from "../ps/state";

/** What one moment shows of an app: what monitoring measures and the dashboard draws. */
export interface Snapshot extends Seen {
  readonly project: string;
  readonly stack: string;
  /** When it was collected, in seconds since the epoch, and how long that took. */
  readonly collected: { readonly at: number; readonly seconds: number };
}

/** What was seen, apart from who looked when. */
interface Seen {
  readonly app: string;
  readonly types: readonly TypeSnapshot[];
  readonly rows: readonly Row[];
  /** Containers that do not answer as their health check says, although they run. */
  readonly failing: ReadonlySet<string>;
  /** Of what was deployed last. */
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
  /** Copies that run, wanted or not; `undefined` while a host that had some cannot be reached. */
  readonly running: number | undefined;
  readonly ready: number | undefined;
}

const RUNNING: ReadonlySet<State["kind"]> = new Set(["up", "starting", "unhealthy"]);

export function snapshotOf(
  app: App,
  { inputs }: Pick<RecordedFormation, "inputs">,
  { budgets, log, release }: Pick<Contract, "budgets" | "log" | "release">,
  { looks, rows, failing }: Pick<Seen, "rows" | "failing"> & { readonly looks: readonly Look[] },
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
    ...{ rows, failing },
    release: { name: release, image: typeof inputs["image"] === "string" ? inputs["image"] : "" },
    hosts: looks.map(({ viewer, kind }) => ({ name: viewer.name, isReachable: kind === "seen" })),
    budgets,
    log,
  };
}

/** Up, and answering where it is to. */
export function isReady({ state, place }: Row, failing: ReadonlySet<string>): boolean {
  return state.kind === "up" && !failing.has(place?.container ?? "");
}
