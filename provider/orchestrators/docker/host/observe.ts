import type { ContainerInfo, ContainerInspectInfo } from "../../../engine/containers";
import type { ImageHere, ObservedHost, OtherFormation, Query, ForeignContainer } from "../../../core/model/observed";
import { needsProof, provedIdentity, standingOf, type Labelled, type Standing } from "../../../core/model/ownership";
import { hasCode } from "../../../core/values/errors";
import { LABEL } from "../../../core/model/labels";
import { groupBy } from "../../../core/values/group";
import { plainLine } from "../../../core/values/plain";
import { isOfEngine } from "../../../core/inputs/container/networks";
import { optional } from "../../../core/inputs/process-type";
import { claimsOf } from "./claims";
import { nameOf, observedInstance, settingsOf, underFirstId } from "../container/container";
import { crashLoops } from "../container/crash-loops";
import { factsOf, inspectImage, type ImageAnswer } from "../../../engine/image";
import { query, type Get } from "../../../engine/client";
import { formerContents } from "./former-contents";
import { INFO, showsSettings, whole, wholeList } from "../../../engine/whole";

/** Container as listed. Any field may be missing, because containers that are not ours may be broken. */
type Listed = Partial<ContainerInfo>;

/** Answer of an engine about itself. */
export interface Info {
  readonly ID: string;
  /** Name of the machine. */
  readonly Name?: string;
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly Swarm?: { readonly LocalNodeState?: string; readonly ControlAvailable?: boolean };
  readonly PidsLimit?: boolean;
}

/** States in which a container may keep its slot: what was changed of it by hand matters. Any other is made anew. */
const STAYS: ReadonlySet<string> = new Set(["running", "paused", "exited"]);

interface Asks {
  /** Asks for `/info`, the slowest call. It is the same in all API versions and need not wait for an agreed one. */
  readonly info: () => Promise<Info>;
  readonly get: Get;
  /** Asks a registry for a newer image. */
  readonly newer: (image: string) => Promise<string | undefined>;
  /** Reads the formation's key from a container's environment, if it has one. */
  readonly key: (container: string) => Promise<string | undefined>;
  /** Inspects a container; undefined when that fails. */
  readonly inspect: (container: string) => Promise<ContainerInspectInfo | undefined>;
  /** True when `inspect` tells settings that somebody may have changed. */
  readonly tellsSettings: () => Promise<boolean>;
}

/** Observes all that a plan needs to know of one engine. */
export async function lookAt(
  { name, address }: { readonly name: string; readonly address: string },
  asked: Query,
  asks: Asks,
): Promise<ObservedHost> {
  const { apps, fixedPorts, images = [], networks = [], volumes = [] } = asked;
  // One list of all containers costs an engine less than overlapping lists by label, name and port.
  const [info, answer, now, claims, absent, areThere] = await Promise.all([
    asks.info(),
    asks.get<unknown>(`/containers/json${query({ all: true })}`),
    Promise.all(images.map((image) => inspectImage(asks.get, image))),
    claimsOf(asks.get),
    Promise.all(
      networks.map(async (name) => (isOfEngine(name) || (await isOnEngine(asks.get, networkPath(name))) ? [] : name)),
    ),
    Promise.all(volumes.map((name) => isOnEngine(asks.get, `/volumes/${name}`))),
  ]);
  whole(info, INFO);
  const all: readonly Listed[] = wholeList(answer);
  const { ours: own, others, copies, strangers } = await sorted(all, asked, asks.key);
  const isInTheWay = ({ name, ports }: ForeignContainer) =>
    apps.some((app) => name.startsWith(`${app}.`)) || ports.some(({ port }) => fixedPorts.includes(port));
  const ours = underFirstId(own);
  const inspected = async (id: string) => {
    const one = await asks.inspect(id);
    return one !== undefined && showsSettings(one) ? one : undefined;
  };
  const [contents, full, tellsSettings, newer] = await Promise.all([
    Promise.all(images.map((image, at) => formerContents(asks.get, image, now[at], ours))),
    Promise.all(ours.map(async (container) => (STAYS.has(container.State) ? inspected(container.Id) : undefined))),
    asks.tellsSettings(),
    // A registry is asked last: while an engine resolves the registry's address, it does not answer `/info`.
    Promise.all(images.map((image) => asks.newer(image))),
  ]);
  const contentOf = new Map(contents.flatMap((known) => [...known]));
  const looping = crashLoops(ours, full);
  return {
    name,
    address,
    engine: info.ID,
    machine: info.Name ?? "",
    containers: all.flatMap(({ Id }) => Id ?? []),
    instances: ours.map((container, at) => ({
      ...observedInstance(name, container),
      // A crash loop counts as one between two starts, too, so that a plan does not depend on the moment.
      ...(looping.has(container.Id) ? { state: "restarting" as const } : {}),
      ...optional("imageContent", contentOf.get(container.ImageID)),
      ...optional("settings", full[at] && tellsSettings ? settingsOf(full[at], info.PidsLimit === true) : undefined),
    })),
    others,
    copies: copies.map(nameOf),
    claims,
    strangers: [...strangers, ...copies].map(stranger).filter(isInTheWay),
    images: Object.fromEntries(images.map((image, at) => [image, imageIn(now[at], newer[at])])),
    // A worker of a Swarm learns of an overlay network only when a task there joins it.
    ...(isWorker(info) ? {} : { lacksNetworks: absent.flat() }),
    volumes: volumes.filter((_, at) => areThere[at]),
    capacity: { cpus: info.NCPU * 1e9, memory: info.MemTotal },
  };
}

function imageIn(now: ImageAnswer | undefined, newer: string | undefined): ImageHere {
  return {
    ...optional("id", now?.Id),
    ...optional("facts", now === undefined ? undefined : factsOf(now)),
    ...optional("newer", newer),
  };
}

/** Sorts containers by whose they are. Environments are read only of containers that the state does not remember. */
async function sorted(all: readonly Listed[], asked: Query, keyOf: Asks["key"]) {
  const judged = await Promise.all(
    all.map(async (one): Promise<{ one: Listed; standing: Standing; other: OtherFormation | undefined }> => {
      const labelled: Labelled = { id: one.Id ?? "", labels: one.Labels ?? {} };
      const key = needsProof(labelled, asked) ? await keyOf(labelled.id) : undefined;
      const standing = standingOf(labelled, key, asked);
      const { [LABEL.app]: app = "", [LABEL.owner]: owner = "" } = labelled.labels;
      const identity = provedIdentity(labelled, key) ?? "";
      return {
        one,
        standing,
        other: standing === "other" ? { container: labelled.id, app, identity, owner: plainLine(owner) } : undefined,
      };
    }),
  );
  const by = groupBy(judged, ({ standing }) => standing);
  const those = (standing: Standing) => (by.get(standing) ?? []).map(({ one }) => one);
  return {
    ours: those("ours") as ContainerInfo[],
    others: judged.flatMap(({ other }) => other ?? []),
    copies: those("copy"),
    // Containers of other formations are in the way like any foreign ones.
    strangers: [...those("stranger"), ...those("other")],
  };
}

function stranger(one: Listed): ForeignContainer {
  const published = (one.Ports ?? []).filter(({ PublicPort, Type }) => Boolean(PublicPort) && Type === "tcp");
  return { name: nameOf(one), ports: published.map(({ IP: address, PublicPort: port }) => ({ address, port })) };
}

const networkPath = (name: string) => `/networks/${encodeURIComponent(name)}`;

async function isOnEngine(get: Get, path: string): Promise<boolean> {
  try {
    await get(path);
    return true;
  } catch (error) {
    if (hasCode(error, "NotFound")) return false;
    throw error;
  }
}

function isWorker({ Swarm: { LocalNodeState = "inactive", ControlAvailable = false } = {} }: Info): boolean {
  return LocalNodeState !== "inactive" && !ControlAvailable;
}
