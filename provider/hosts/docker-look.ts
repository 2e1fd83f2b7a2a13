import type { ContainerInfo, ContainerInspectInfo } from "./containers";
import type { ObservedHost, OtherFormation, Query, Stranger } from "../core/observed";
import { needsProof, provedIdentity, standingOf, type Labelled, type Standing } from "../core/ownership";
import { hasCode } from "../core/errors";
import { LABEL } from "../core/labels";
import { groupBy } from "../core/group";
import { plainLine } from "../core/plain";
import { optional } from "../core/process-type";
import { claimsOf } from "./claims";
import { nameOf, observedInstance, settingsOf, underFirstId } from "./container";
import { crashLoops } from "./crash-loops";
import { factsOf, inspectImage } from "./docker-image";
import { NoEngine } from "./engine-errors";
import { query, type Get } from "./engine-http";
import { formerContents } from "./former-contents";

/** A container that is not ours may be a broken one, of which the engine has nothing to tell. */
type Listed = Partial<ContainerInfo>;

/** What an engine tells of itself. */
export interface Info {
  readonly ID: string;
  /** The machine's. */
  readonly Name?: string;
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly Swarm?: { readonly LocalNodeState?: string; readonly ControlAvailable?: boolean };
  readonly PidsLimit?: boolean;
}

interface Asks {
  /** It takes longest, and is alike in all versions of the API: it does not wait until one is agreed on. */
  readonly info: () => Promise<Info>;
  readonly get: Get;
  /** Asks a registry for a newer image. */
  readonly newer: () => Promise<string | undefined>;
  /** The formation's key in a container's environment, if it has one. */
  readonly key: (container: string) => Promise<string | undefined>;
  /** A full look at a container, if there is anything to be seen. */
  readonly inspect: (container: string) => Promise<ContainerInspectInfo | undefined>;
  /** Whether that tells what somebody may have changed. */
  readonly tellsSettings: () => Promise<boolean>;
}

/** All that a plan needs to know of one engine. */
export async function lookAt(
  { name, address }: { readonly name: string; readonly address: string },
  asked: Query,
  asks: Asks,
): Promise<ObservedHost> {
  const { apps, fixedPorts, image, network } = asked;
  // One list of everything costs an engine less than one by label, one by name and one by port, which overlap.
  const [info, all, now, claims, isThere] = await Promise.all([
    asks.info(),
    asks.get<Listed[]>(`/containers/json${query({ all: true })}`),
    image === undefined ? undefined : inspectImage(asks.get, image),
    claimsOf(asks.get),
    network === undefined || OF_THE_ENGINE.test(network) ? undefined : hasNetwork(asks.get, network),
  ]);
  if (!Array.isArray(all) || typeof (info as unknown) !== "object") throw new NoEngine(JSON.stringify([all, info]));
  const { ours: own, others, copies, strangers } = await sorted(all, asked, asks.key);
  const isInTheWay = ({ name, ports }: Stranger) =>
    apps.some((app) => name.startsWith(`${app}.`)) || ports.some(({ port }) => fixedPorts.includes(port));
  const ours = underFirstId(own);
  const [contents, full, tellsSettings, newerImage] = await Promise.all([
    formerContents(asks.get, image, now, ours),
    Promise.all(ours.map(async (one) => (one.State === "running" ? asks.inspect(one.Id) : undefined))),
    asks.tellsSettings(),
    // Not before the rest: while an engine looks up a registry's address, it answers no `/info`.
    asks.newer(),
  ]);
  const looping = crashLoops(ours, full);
  return {
    name,
    address,
    engine: info.ID,
    machine: info.Name ?? "",
    containers: all.flatMap(({ Id }) => Id ?? []),
    instances: ours.map((one, at) => ({
      ...observedInstance(name, one),
      // As it is between two starts, too: what a plan says does not depend on the moment.
      ...(looping.has(one.Id) ? { state: "restarting" as const } : {}),
      ...optional("imageContent", contents.get(one.ImageID)),
      ...optional("settings", full[at] && tellsSettings ? settingsOf(full[at], info.PidsLimit === true) : undefined),
    })),
    others,
    copies: copies.map(nameOf),
    claims,
    strangers: [...strangers, ...copies].map(stranger).filter(isInTheWay),
    ...optional("imageId", now?.Id),
    ...optional("imageFacts", now === undefined ? undefined : factsOf(now)),
    ...optional("newerImage", newerImage),
    // A worker of a Swarm is told of an overlay network only once something there joins it.
    ...optional("hasNetwork", isThere === false && isWorker(info) ? undefined : isThere),
    capacity: { cpus: info.NCPU * 1e9, memory: info.MemTotal },
  };
}

/** Whose the containers are. The environment of those alone is read that the state does not remember. */
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
    // Another formation's are in the way as any stranger's are.
    strangers: [...those("stranger"), ...those("other")],
  };
}

function stranger(one: Listed): Stranger {
  const published = (one.Ports ?? []).filter(({ PublicPort, Type }) => Boolean(PublicPort) && Type === "tcp");
  return { name: nameOf(one), ports: published.map(({ IP: address, PublicPort: port }) => ({ address, port })) };
}

/** What is no network's name, but a way of the engine itself to connect a container. */
const OF_THE_ENGINE = /^(bridge|default|host|none|private|pasta|slirp4netns)$|:/;

async function hasNetwork(get: Get, name: string): Promise<boolean> {
  try {
    await get(`/networks/${encodeURIComponent(name)}`);
    return true;
  } catch (error) {
    if (hasCode(error, "NotFound")) return false;
    throw error;
  }
}

function isWorker({ Swarm: { LocalNodeState = "inactive", ControlAvailable = false } = {} }: Info): boolean {
  return LocalNodeState !== "inactive" && !ControlAvailable;
}
