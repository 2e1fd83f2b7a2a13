import type { Change, Step } from "./change";
import type { DesiredInstance } from "./desired";
import { isKnown } from "../values/unknown";

/** The effect of a step on a host's containers, as far as planning and limits need it. Containers are named by id. */
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
  // It removes only a container that the same change has made: the host is then as it was before.
  discard: () => ({}),
  once: ({ want }) => ({ runsOnce: want }),
  wait: () => ({ isHarmless: true }),
};

export function effectOf(step: Step): Effect {
  return (EFFECTS[step.op] as (step: Step) => Effect)(step);
}

/** True when a change makes a container. */
export function needsImage(change: Change): boolean {
  return made(change).length > 0;
}

/** Images that changes need, each with the host that needs it. */
export function imagesNeeded(changes: readonly Change[]): { readonly host: string; readonly image: string }[] {
  const all = changes.flatMap((change) =>
    made(change).flatMap(({ image }) => (isKnown<string>(image) ? [{ host: change.host, image }] : [])),
  );
  return [...new Map(all.map((need) => [`${need.host} ${need.image}`, need])).values()];
}

function made({ steps }: Change): DesiredInstance[] {
  return steps.map(effectOf).flatMap(({ makes, runsOnce }) => makes ?? runsOnce ?? []);
}
