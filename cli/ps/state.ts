import type { Details, Seen } from "../../provider/orchestrators/viewer";
import type { Seconds } from "../../provider/core/values/units";
import { formatAge } from "./age";

/** State of a process, in the words of Heroku's `ps`. */
export type State =
  | { readonly kind: "up" | "starting" | "unhealthy"; readonly age: Seconds | undefined }
  /** The process keeps ending, and the engine starts it again after a while. */
  | { readonly kind: "restarting"; readonly restarts: number | undefined; readonly exitCode: number | undefined }
  | {
      readonly kind: "crashed";
      readonly exitCode: number;
      readonly outOfMemory: boolean;
      readonly age: Seconds | undefined;
    }
  /** Set aside by a release, which can still restore it. */
  | { readonly kind: "stopped"; readonly age: Seconds | undefined }
  | { readonly kind: "paused" | "created" | "stopping" | "dead" | "missing" }
  | { readonly kind: "unknown"; readonly host: string };

/** After this uptime the engine no longer counts earlier failed starts. */
const SETTLED: Seconds = 10;

/** True when a list leaves the state open: an exit may have been a kill, a young process may be in a crash loop. */
export function needsDetails(seen: Seen, now: Seconds): boolean {
  if (seen.state === "restarting" || seen.state === "exited") return true;
  const { age = Infinity } = seen;
  return seen.state === "running" && age < SETTLED && now - seen.createdAt > age + SETTLED;
}

export function stateOf(seen: Seen, details: Details | undefined): State {
  const { age, exitCode } = seen;
  switch (seen.state) {
    case "running":
      if ((details?.restarts ?? 0) > 0 && (age ?? SETTLED) < SETTLED)
        return { kind: "restarting", restarts: details?.restarts, exitCode: undefined };
      if (seen.health === "unhealthy") return { kind: "unhealthy", age };
      return { kind: seen.health === "starting" ? "starting" : "up", age };
    case "restarting":
      return { kind: "restarting", restarts: details?.restarts, exitCode };
    case "exited":
      return { kind: "crashed", exitCode: exitCode ?? 0, outOfMemory: details?.outOfMemory === true, age };
    case "removing":
      return { kind: "stopping" };
    case "unknown":
      return { kind: "unknown", host: seen.host };
    default:
      return { kind: seen.state };
  }
}

const TEXTS: { readonly [K in State["kind"]]: (state: Extract<State, { kind: K }>) => string } = {
  up: ({ age }) => `up${since(age)}`,
  starting: ({ age }) => `starting${since(age)}`,
  unhealthy: ({ age }) => `unhealthy, up${since(age)}`,
  restarting: ({ restarts, exitCode }) => {
    const parts = [
      ...(exitCode === undefined ? [] : [`exit ${exitCode}`]),
      ...(restarts === undefined ? [] : [`${restarts} ${restarts === 1 ? "restart" : "restarts"}`]),
    ];
    return parts.length === 0 ? "restarting" : `restarting (${parts.join(", ")})`;
  },
  crashed: ({ exitCode, outOfMemory, age }) =>
    `crashed (${outOfMemory ? "out of memory" : `exit ${exitCode}`})${ago(age)}`,
  stopped: ({ age }) => `stopped${ago(age)}`,
  paused: () => "paused",
  created: () => "created, never started",
  stopping: () => "stopping",
  dead: () => "dead",
  missing: () => "missing",
  unknown: ({ host }) => `unknown (${host} cannot be reached)`,
};

export function stateText(state: State): string {
  return textOf(state, state.kind);
}

function textOf<K extends State["kind"]>(state: Extract<State, { kind: K }>, kind: K): string {
  return TEXTS[kind](state);
}

function ago(age: Seconds | undefined): string {
  return age === undefined ? "" : ` ${formatAge(age)} ago`;
}

function since(age: Seconds | undefined): string {
  return age === undefined ? "" : ` for ${formatAge(age)}`;
}
