import { identityOf } from "../values/identity";
import { LABEL } from "./labels";
import { RESERVED_TYPES } from "../values/names";

// Tells whose a container is that carries our labels. Labels prove nothing, as anybody can copy them: a container is
// the formation's own if the state remembers it, or if the formation's key is in its environment.

type Labels = Readonly<Record<string, string>>;

/** The formation that asks an engine for its containers. */
export interface Asker {
  /** `project/stack` */
  readonly owner: string;
  /** Absent while a formation is new. */
  readonly identity?: string;
  /** The app's name, and those that it had before. */
  readonly apps: readonly string[];
  /** The ids of the containers that its state remembers. */
  readonly known: ReadonlySet<string>;
}

export interface Labelled {
  readonly id: string;
  readonly labels: Labels;
}

/**
 * `ours`; `other`: another formation's, which has the app's name as well; `copy`: it has the labels of one, and nothing
 * that proves them; `stranger`: it has nothing to do with the app.
 */
export type Standing = "ours" | "other" | "copy" | "stranger";

/** True when a container's environment must be read before it is known whose the container is. */
export function needsProof(one: Labelled, asker: Asker): boolean {
  return concerns(one, asker) && isSlot(one) && !asker.known.has(one.id) && !isOldOneOff(one, asker);
}

/** @param key the value of the key's variable in the container's environment, for those that need proof */
export function standingOf(one: Labelled, key: string | undefined, asker: Asker): Standing {
  if (!concerns(one, asker)) return "stranger";
  if (!isSlot(one)) return "copy";
  if (asker.known.has(one.id) || isOldOneOff(one, asker)) return "ours";
  const proved = provedIdentity(one, key);
  if (proved === undefined) return "copy";
  return proved === asker.identity ? "ours" : "other";
}

/** The identity that a container proves with the key in its environment, and does not deny with its label. */
export function provedIdentity({ labels }: Pick<Labelled, "labels">, key: string | undefined): string | undefined {
  if (key === undefined || key === "") return undefined;
  const identity = identityOf(key);
  return (labels[LABEL.identity] ?? identity) === identity ? identity : undefined;
}

function concerns({ labels }: Labelled, { apps, identity }: Asker): boolean {
  const app = labels[LABEL.app];
  return (app !== undefined && apps.includes(app)) || (identity !== undefined && labels[LABEL.identity] === identity);
}

/** True when the labels name a slot; no version of Formation has written any others. */
function isSlot({ labels }: Labelled): boolean {
  return /^[1-9]\d{0,8}$/.test(labels[LABEL.index] ?? "") && labels[LABEL.type] !== undefined;
}

/** True for a one-off process of version 0.1, which has no key. */
function isOldOneOff({ labels }: Labelled, { owner, identity }: Asker): boolean {
  return (
    identity !== undefined &&
    RESERVED_TYPES.has(labels[LABEL.type] ?? "") &&
    labels[LABEL.identity] === undefined &&
    labels[LABEL.owner] === owner
  );
}
