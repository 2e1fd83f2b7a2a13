import type { ContainerInfo, ContainerInspectInfo } from "./containers";
import { LABEL } from "../core/labels";
import { NoEngine } from "./engine-errors";

// An answer that leaves out what every engine tells is half an answer: a process that it does not show may run.

type Wanted = Readonly<Record<string, "string" | "number" | "object">>;

/** What an answer should tell and does not; objects may be null, where an engine has nothing to put there. */
function missing(answer: unknown, wanted: Wanted): string[] {
  const told = (answer ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).flatMap(([key, type]) => (typeof told[key] === type ? [] : [key]));
}

/** @throws NoEngine for an answer that leaves something out; it does not show the rest, which may hold secrets */
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

/** @throws NoEngine for what is no list */
function listIn(answer: unknown): readonly unknown[] {
  if (!Array.isArray(answer)) throw new NoEngine(JSON.stringify(answer ?? ""));
  return answer;
}

/**
 * A list of all containers. A broken one of somebody else's, of which the engine has next to nothing to tell, is no half
 * answer. @throws NoEngine
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

/** A look at those who are waited for. @throws NoEngine */
export function wholeGlance(answer: unknown): readonly ContainerInfo[] {
  return (listIn(answer) as readonly ContainerInfo[]).map((one) => whole(one, GLANCE));
}

const GLANCE = { Id: "string", State: "string", Status: "string", Ports: "object" } as const;
const STATE = { Status: "string" } as const;

/** @throws NoEngine */
export function wholeContainer<T extends Pick<ContainerInspectInfo, "State">>(info: T): T {
  whole(info, { Id: "string", State: "object", Config: "object" });
  whole(info.State, STATE);
  return info;
}

/** Tells that what can be changed of a container shows in a full look at it. */
export function showsSettings(info: ContainerInspectInfo): boolean {
  return missing(info, { HostConfig: "object", NetworkSettings: "object" }).length === 0;
}
