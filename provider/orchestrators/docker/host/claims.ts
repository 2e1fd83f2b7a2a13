import { CLAIM_LABEL, claimFrom, claimLabels, claimName, type Claim } from "../../../core/model/claim";
import { hasCode } from "../../../core/values/errors";
import { engineError, type Named } from "../../../engine/errors";
import { query } from "../../../engine/client";
import { LABELLED, VOLUMES, whole } from "../../../engine/whole";

// Claims are empty volumes, see `core/model/claim.ts`.

interface Volume {
  readonly Name: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

export async function claimsOf(get: <T>(path: string) => Promise<T>): Promise<readonly Claim[]> {
  const answer = await get<{ readonly Volumes: readonly Volume[] | null }>(
    `/volumes${query({ filters: { label: [CLAIM_LABEL] } })}`,
  );
  const { Volumes } = whole(answer, VOLUMES);
  return (Volumes ?? []).flatMap((one) => claimFrom(one.Name, whole(one, LABELLED).Labels ?? {}) ?? []);
}

interface Engine {
  readonly host: Named;
  get<T>(path: string): Promise<T>;
  act<T = undefined>(method: "POST" | "DELETE", path: string, how?: { readonly body: object }): Promise<T>;
}

/** Writes a claim. A volume that already has its name is left as it is. @returns the claim that is there then */
export async function writeClaim(engine: Engine, claim: Claim): Promise<Claim> {
  const name = claimName(claim);
  const body = { Name: name, Driver: "local", Labels: claimLabels(claim) };
  const made = await engine.act<Volume>("POST", "/volumes/create", { body }).catch(async (error: unknown) => {
    // Podman refuses the second of two creates at the same moment.
    if (!hasCode(error, "EngineRefused")) throw error;
    return engine.get<Volume>(`/volumes/${name}`).catch(() => Promise.reject(error as Error));
  });
  const { Labels } = wholeVolume(made, engine.host);
  return claimFrom(name, Labels ?? {}) ?? { ...claim, identity: "", owner: "", resource: "", run: "" };
}

function wholeVolume(made: Volume, host: Named): Volume {
  try {
    return whole(made, LABELLED);
  } catch (error) {
    throw engineError(error, host);
  }
}

export async function removeClaim(
  engine: Pick<Engine, "act">,
  claim: Pick<Claim, "app" | "generation">,
): Promise<void> {
  try {
    await engine.act("DELETE", `/volumes/${claimName(claim)}`);
  } catch (error) {
    if (!hasCode(error, "NotFound")) throw error;
  }
}
