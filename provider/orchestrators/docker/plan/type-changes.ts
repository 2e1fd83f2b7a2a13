import { windowOf } from "../../../core/guards/connections";
import { plainChange, type Change, type Step } from "../../../core/model/change";
import { repairOf, type Why } from "../../../core/model/outdated";
import { containerName } from "../../../core/values/names";
import { isRunning, type ContainerState, type ObservedInstance } from "../../../core/model/observed";
import { optional } from "../../../core/inputs/process-type";
import { madeWords, writerWords } from "./data-site";
import { gapOf, replacement } from "./replacement";
import type { TypePlan, Watch } from "./type-plan";

// Repairs and replacements: the changes of containers that keep their slots.

/** A container that keeps its slot, and why it is replaced all the same, if it is. */
export interface Keeper {
  readonly one: ObservedInstance;
  readonly why: Why | undefined;
}

/** Parts that all changes of one type share. */
export interface Scheme {
  readonly plan: TypePlan;
  readonly watch: Watch;
  /** Ends of other processes that a process in this slot, on this host, waits for. */
  readonly before: (index: number, host: string) => readonly Change[];
  /** Tells whether the other changes of the type's release go on when one fails. */
  readonly onFailure: Change["onFailure"];
  /** Slots in which a process comes back elsewhere when the release is taken back. */
  readonly returning: ReadonlySet<number>;
}

/** @returns the changes, and of those again the ones whose container does not run */
export function repairsAndReplacements(
  scheme: Scheme,
  kept: readonly Keeper[],
): { readonly changes: Change[]; readonly ofStopped: Change[] } {
  const { plan } = scheme;
  const window = windowOf(plan.type, plan.quantity);
  const replacements: Change[] = [];
  const changes: Change[] = [];
  const ofStopped: Change[] = [];
  for (const { one, why } of kept) {
    const before = replacements[replacements.length - window];
    const change = why === undefined ? repair(scheme, one) : replace(scheme, one, why, before);
    if (change === undefined || (!plan.isHeld(one) && !plan.mayStart(one.index))) continue;
    if (why !== undefined) replacements.push(change);
    if (!isRunning(one)) ofStopped.push(change);
    changes.push(change);
  }
  return { changes, ofStopped };
}

/** States in which a container does not serve, and most probably does once it is started. */
const STARTABLE: ReadonlySet<ContainerState> = new Set(["exited", "paused"]);

function replace(scheme: Scheme, instance: ObservedInstance, why: Why, predecessor: Change | undefined): Change {
  const { plan, watch, before, returning } = scheme;
  const { type } = plan;
  const { index, host, published } = instance;
  const holdsPort = type.bind.port !== undefined && published?.port === type.bind.port;
  // A container that does not run serves nobody, and some engines cannot rename one that waits for a restart.
  const order = holdsPort || !isRunning(instance) ? "stop-first" : type.update.order;
  // A rollback may start first: the process that ran elsewhere in this slot is gone by then.
  const back = !holdsPort && STARTABLE.has(instance.state) ? type.update.order : order;
  const want = plan.want(index, host, published?.port, order === "stop-first");
  const { steps, undo, finish } = replacement(instance, want, order, back, watch);
  const isLeft = !isRunning(instance) && returning.has(index);
  const wait: Step[] =
    predecessor !== undefined && type.update.delay > 0 ? [{ op: "wait", seconds: type.update.delay }] : [];
  const gap = order === "stop-first" && isRunning(instance) ? gapOf(instance.stopTimeout) + writerWords(type) : "";
  return {
    type: type.name,
    index,
    host,
    singleton: type.singleton,
    verb: "replace",
    reason: why.reason,
    cause: why.cause + madeWords(plan.context, type, host) + gap,
    steps: [...wait, ...steps],
    // The former process comes back on its own host: this container stays stopped, as it was.
    undo: isLeft ? undo.filter(({ op }) => op !== "start" && op !== "settle") : undo,
    finish,
    needs: [...before(index, host), ...(predecessor === undefined ? [] : [predecessor])],
    onFailure: why.reason === "repair" ? "continue" : type.update.failureAction,
  };
}

function repair({ plan, watch, before }: Scheme, instance: ObservedInstance): Change | undefined {
  const { type, context } = plan;
  const { index, host } = instance;
  const found = repairOf(instance, containerName(context.wanted.spec.app, type.name, index), watch.next);
  if (found === undefined) return undefined;
  const at = { type: type.name, index, host, singleton: type.singleton };
  // A reboot of the host has emptied the memory that its files were in.
  const want = instance.files === undefined ? undefined : plan.want(index, host, instance.published?.port);
  const steps = found.steps.map((step) => (step.op === "start" ? { ...step, ...optional("want", want) } : step));
  return plainChange({ ...at, ...found, steps, reason: "repair", needs: before(index, host) });
}
