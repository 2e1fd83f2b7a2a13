import { compare, formatFormation } from "../../provider/core/values/formation";
import { historyOf, type Entry } from "../state/history";
import type { Snapshot } from "../metrics/snapshot";
import type { Row } from "../ps/rows";
import { stateText, type State } from "../ps/state";

/** Data that the page draws. */
export interface Model {
  readonly app: string;
  readonly types: readonly TypeModel[];
  readonly hosts: Snapshot["hosts"];
  readonly budgets: readonly {
    readonly name: string;
    readonly used: number;
    readonly limit: number;
    readonly detail: string;
  }[];
  /** Newest first. */
  readonly history: readonly {
    readonly when: string;
    readonly who: string;
    readonly change: string;
    readonly formation: string;
  }[];
}

interface TypeModel {
  readonly type: string;
  readonly isSingleton: boolean;
  readonly desired: number;
  /** `unknown` while a host is unreachable. */
  readonly running: number | "unknown";
  /** Processes of the type by host; a missing process has no host. */
  readonly groups: readonly { readonly host: string; readonly processes: readonly ProcessModel[] }[];
}

interface ProcessModel {
  readonly name: string;
  readonly state: string;
  readonly tone: Tone;
}

type Tone = "good" | "doubtful" | "bad";

const TONES: Readonly<Record<State["kind"], Tone>> = {
  up: "good",
  starting: "doubtful",
  created: "doubtful",
  stopping: "doubtful",
  stopped: "doubtful",
  paused: "doubtful",
  unknown: "doubtful",
  unhealthy: "bad",
  restarting: "bad",
  crashed: "bad",
  dead: "bad",
  missing: "bad",
};

const DEEDS = 50;

export function modelOf({ app, types, rows, hosts, budgets, log }: Snapshot): Model {
  return {
    app,
    hosts,
    types: types.map(({ type, isSingleton, desired, running }) => ({
      type,
      isSingleton,
      desired,
      running: running ?? "unknown",
      groups: groupsOf(rows.filter((row) => row.type === type)),
    })),
    budgets: Object.entries(budgets)
      .sort(([a], [b]) => compare(a, b))
      .map(([name, budget]) => ({ name, ...budget })),
    history: historyOf(log, []).slice(-DEEDS).reverse().map(deed),
  };
}

function groupsOf(rows: readonly Row[]): TypeModel["groups"] {
  const hosts = [...new Set(rows.map(hostOf))].sort((a, b) => Number(a === "") - Number(b === "") || compare(a, b));
  return hosts.map((host) => ({ host, processes: rows.filter((row) => hostOf(row) === host).map(processOf) }));
}

function hostOf({ place }: Row): string {
  return place?.host ?? "";
}

function processOf({ name, state, mark }: Row): ProcessModel {
  return {
    name,
    state: mark === undefined ? stateText(state) : `${stateText(state)}, ${mark}`,
    tone: mark === undefined || mark === "former" ? TONES[state.kind] : "bad",
  };
}

function deed({ at, actor, changed, failure, formation }: Entry): Model["history"][number] {
  return {
    when: at.replace("T", " ").replace("+00:00", "Z"),
    who: actor,
    change: failure === undefined ? changed : `${changed} (${failure})`,
    formation: formatFormation(formation, Object.keys(formation)),
  };
}
