import type { ContainerInfo, ContainerInspectInfo } from "./containers";
import { LABEL } from "../core/model/labels";
import { NoEngine } from "./errors";

// An answer without fields that every engine sends is incomplete: processes may run that it does not list.

type Wanted = Readonly<Record<string, "string" | "number" | "object">>;

/** Fields that an answer lacks; an object may be null, which engines send instead of an empty one. */
function missing(answer: unknown, wanted: Wanted): string[] {
  const told = (answer ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).flatMap(([key, type]) => (typeof told[key] === type ? [] : [key]));
}

/** @throws NoEngine for an incomplete answer; the error does not quote the rest, which may hold secrets */
export function whole<T>(answer: T, wanted: Wanted): T {
  const lacking = missing(answer, wanted);
  if (lacking.length > 0) throw new NoEngine(`its answer leaves out ${lacking.join(", ")}`);
  return answer;
}

export const INFO = { ID: "string", NCPU: "number", MemTotal: "number" } as const;
export const IMAGE = { Id: "string" } as const;
export const LABELLED = { Labels: "object" } as const;
export const VOLUMES = { Volumes: "object" } as const;
export const CREATED = { Id: "string" } as const;
const OURS = {
  ...({ Id: "string", Names: "object", ImageID: "string", State: "string", Status: "string" } as const),
  ...({ Created: "number", Ports: "object" } as const),
};

/** @throws NoEngine for an answer that is no list */
function listIn(answer: unknown): readonly unknown[] {
  if (!Array.isArray(answer)) throw new NoEngine(JSON.stringify(answer ?? ""));
  return answer;
}

/**
 * Checks a list of all containers. A broken one of somebody else's, of which engines report next to nothing, does not
 * make it incomplete. @throws NoEngine
 */
export function wholeList(answer: unknown): readonly Partial<ContainerInfo>[] {
  const list = listIn(answer) as readonly Partial<ContainerInfo>[];
  for (const one of list) {
    const labels = one.Labels;
    if (labels === undefined && one.State !== undefined) whole(one, LABELLED);
    if ((labels ?? {})[LABEL.app] !== undefined) whole(one, OURS);
  }
  return list;
}

/** Checks a list of the containers that a change waits for. @throws NoEngine */
export function wholeGlance(answer: unknown): readonly ContainerInfo[] {
  return (listIn(answer) as readonly ContainerInfo[]).map((container) => whole(container, GLANCE));
}

const GLANCE = { Id: "string", State: "string", Status: "string", Ports: "object" } as const;
const STATE = { Status: "string" } as const;

/** @throws NoEngine */
export function wholeContainer<T extends Pick<ContainerInspectInfo, "State">>(info: T): T {
  whole(info, { Id: "string", State: "object", Config: "object" });
  whole(info.State, STATE);
  return info;
}

/** True when the inspection of a container shows the settings that others may change. */
export function showsSettings(info: ContainerInspectInfo): boolean {
  return missing(info, { Config: "object", HostConfig: "object", NetworkSettings: "object" }).length === 0;
}
