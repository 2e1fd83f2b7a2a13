import type { ContestantName } from "./contestants";
import type { Step } from "./contestants/contestant";

/** Steps that each contestant takes in turn, from no process at all back to none. */
export interface Scenario {
  readonly name: string;
  readonly by: readonly ContestantName[];
  readonly steps: readonly Step[];
}

const scale = (to: number): Step => ({ op: "scale", to });
const preview: Step = { op: "preview" };
const release: Step = { op: "release" };
const all: readonly ContestantName[] = ["floor-4", "floor-8", "floor-16", "ours", "compose"];

export const scenarios: readonly Scenario[] = [
  { name: "pulumi-empty", by: ["empty"], steps: [scale(0), preview] },
  { name: "pulumi-trivial", by: ["trivial"], steps: [scale(1), scale(1), preview, scale(0)] },
  { name: "scale-10", by: all, steps: [scale(10), scale(0)] },
  { name: "scale-25", by: all, steps: [scale(25), scale(0)] },
  { name: "scale-50", by: all, steps: [scale(50), scale(0)] },
  { name: "release-50", by: all, steps: [scale(50), release, scale(0)] },
  { name: "monitor-50", by: ["monitored"], steps: [scale(50), scale(0)] },
  { name: "scale-100", by: all, steps: [scale(100), scale(100), preview, scale(50), scale(100), scale(0)] },
];

/** Names a step in the report. @param from the quantity before the step */
export function titleOf(step: Step, from: number): string {
  if (step.op !== "scale") return `${step.op} at ${from}`;
  return step.to === from ? `no change at ${from}` : `${from} → ${step.to}`;
}
