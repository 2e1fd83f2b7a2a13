import type { Change, Step } from "./change";
import type { DesiredInstance } from "./desired";

/** How a step changes the containers of a host, as far as planning and limits go by it. Containers are named by id. */
interface Effect {
  /** A container that keeps its slot from then on. */
  readonly makes?: DesiredInstance;
  /** A container whose process runs to its end within the step. */
  readonly runsOnce?: DesiredInstance;
  readonly starts?: string;
  readonly stops?: string;
  readonly removes?: string;
  /** The name that a container has afterwards. */
  readonly takesName?: string;
  /** True when no process is touched: an update that is interrupted before anything else has not begun. */
  readonly isHarmless?: true;
}

/** A new kind of step does not compile without its line. */
const EFFECTS: { readonly [Op in Step["op"]]: (step: Extract<Step, { op: Op }>) => Effect } = {
  run: ({ want }) => ({ makes: want, takesName: want.name }),
  ready: () => ({}),
  settle: () => ({}),
  start: ({ container }) => ({ starts: container }),
  unpause: () => ({}),
  rename: ({ name }) => ({ takesName: name, isHarmless: true }),
  park: ({ container }) => ({ stops: container }),
  stop: ({ container }) => ({ stops: container }),
  remove: ({ container }) => ({ removes: container }),
  // A container that it discards was made by the same change: before and after, the host is as it was.
  discard: () => ({}),
  once: ({ want }) => ({ runsOnce: want }),
  wait: () => ({ isHarmless: true }),
};

export function effectOf(step: Step): Effect {
  return (EFFECTS[step.op] as (step: Step) => Effect)(step);
}

/** True when a change makes a container. */
export function needsImage({ steps }: Change): boolean {
  return steps.map(effectOf).some(({ makes, runsOnce }) => makes !== undefined || runsOnce !== undefined);
}
