import { plainLine } from "../values/plain";

// A claim is the mark on an engine that says to which identity an app's name there belongs, and what an unfinished
// update has begun. It is an empty volume: it needs no image, outlives the provider, and of two that are made under one
// name at the same moment only one comes to be. Its labels cannot be changed, so a change is the next generation, and
// the highest one counts.

export interface Claim {
  readonly app: string;
  readonly generation: number;
  readonly identity: string;
  /**
   * `project/stack` and the URN of the resource: for people, and to recognize a first `up` of this resource that died.
   */
  readonly owner: string;
  readonly resource: string;
  /** The update that wrote the claim. */
  readonly run: string;
  /** The process of that update, where that can be told. */
  readonly process?: string;
  /** The engine's address as the writer of the claim knows it: this shows that one engine has two addresses. */
  readonly address: string;
  /** Hosts that an update brings in while its end is not recorded; absent once it is. */
  readonly begun?: readonly BegunHost[];
  /** True for a first deployment: if it dies, only this claim tells of it. */
  readonly first?: boolean;
}

/** Enough of a host's entry to reach it again, without anything secret. */
export interface BegunHost {
  readonly host: string;
  readonly name: string;
  readonly certPath?: string;
  readonly sshOpts?: readonly string[];
}

export const CLAIM_LABEL = "formation.claim";
const PREFIX = "formation.claim-";
const NAME = /^(.+)\.claim\.([1-9]\d*)$/;

export function claimName({ app, generation }: Pick<Claim, "app" | "generation">): string {
  return `${app}.claim.${generation}`;
}

export function claimLabels(claim: Claim): Record<string, string> {
  const { app, identity, owner, resource, run, process, address, begun, first } = claim;
  return {
    [CLAIM_LABEL]: app,
    [`${PREFIX}identity`]: identity,
    [`${PREFIX}owner`]: owner,
    [`${PREFIX}resource`]: resource,
    [`${PREFIX}run`]: run,
    [`${PREFIX}address`]: address,
    ...(process === undefined ? {} : { [`${PREFIX}process`]: process }),
    ...(begun === undefined ? {} : { [`${PREFIX}begun`]: JSON.stringify(begun) }),
    ...(first === true ? { [`${PREFIX}first`]: "true" } : {}),
  };
}

/** @returns `undefined` for a volume that no version of Formation has made */
export function claimFrom(name: string, labels: Readonly<Record<string, string>>): Claim | undefined {
  const [, app, generation] = NAME.exec(name) ?? [];
  const said = (what: string) => plainLine(labels[`${PREFIX}${what}`] ?? "");
  if (app === undefined || labels[CLAIM_LABEL] !== app || said("identity") === "") return undefined;
  const begun = labels[`${PREFIX}begun`];
  return {
    app,
    generation: Number(generation),
    identity: said("identity"),
    owner: said("owner"),
    resource: said("resource"),
    run: said("run"),
    address: said("address"),
    ...(said("process") === "" ? {} : { process: said("process") }),
    ...(begun === undefined ? {} : { begun: begunHosts(begun) }),
    ...(said("first") === "true" ? { first: true } : {}),
  };
}

/** True for the claim of a first deployment that has not ended, made by this very resource. */
export function isOwnFirst(
  { first, begun, owner, resource }: Claim,
  context: { readonly owner: string; readonly urn: string },
): boolean {
  return first === true && begun !== undefined && owner === context.owner && resource === context.urn;
}

function begunHosts(text: string): BegunHost[] {
  try {
    const all: unknown = JSON.parse(text);
    if (!Array.isArray(all)) return [];
    return all.filter((one: Partial<BegunHost> | null) => typeof one?.host === "string") as BegunHost[];
  } catch {
    return [];
  }
}

/** The claim of an app that counts: the one of the highest generation on an engine. */
export function latestClaim(claims: readonly Claim[], app: string): Claim | undefined {
  const own = claims.filter((claim) => claim.app === app);
  return own.reduce<Claim | undefined>(
    (best, claim) => (best === undefined || claim.generation > best.generation ? claim : best),
    undefined,
  );
}

/** The claims that count: the latest of each app. */
export function latestClaims(claims: readonly Claim[]): Claim[] {
  return [...new Set(claims.map(({ app }) => app))].flatMap((app) => latestClaim(claims, app) ?? []);
}
