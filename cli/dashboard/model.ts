import { compare } from "../../provider/core/formation";
import type { Snapshot } from "../metrics/snapshot";
import { stateText, type State } from "../ps/state";

/** All that the page draws. */
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
  readonly history: readonly string[];
}

interface TypeModel {
  readonly type: string;
  readonly isSingleton: boolean;
  readonly desired: number;
  /** `unknown` while a host cannot be reached. */
  readonly running: number | "unknown";
  readonly processes: readonly ProcessModel[];
}

interface ProcessModel {
  readonly name: string;
  readonly host: string;
  readonly state: string;
  readonly tone: Tone;
}

type Tone = "good" | "doubtful" | "bad";

const TONES: Readonly<Record<State["kind"], Tone>> = {
  ...{ up: "good", starting: "doubtful", created: "doubtful", stopping: "doubtful", stopped: "doubtful" },
  ...{ paused: "doubtful", unknown: "doubtful", unhealthy: "bad", restarting: "bad" },
  ...{ crashed: "bad", dead: "bad", missing: "bad" },
};

const LINES = 50;

export function modelOf({ app, types, rows, hosts, budgets, log }: Snapshot): Model {
  return {
    ...{ app, hosts },
    types: types.map(({ type, isSingleton, desired, running }) => ({
      ...{ type, isSingleton, desired },
      running: running ?? "unknown",
      processes: rows
        .filter((row) => row.type === type)
        .map(({ name, place, state, mark }) => ({
          ...{ name, host: place?.host ?? "" },
          state: mark === undefined ? stateText(state) : `${stateText(state)}, ${mark}`,
          tone: mark === undefined || mark === "former" ? TONES[state.kind] : "bad",
        })),
    })),
    budgets: Object.entries(budgets)
      .sort(([a], [b]) => compare(a, b))
      .map(([name, budget]) => ({ name, ...budget })),
    history: log.slice(-LINES).reverse(),
  };
}
