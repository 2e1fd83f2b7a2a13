import { CLAIM_LABEL, claimFrom, claimLabels, claimName, type Claim } from "../../../core/model/claim";
import { statusOf } from "../../../engine/refusal";
import type { SwarmApi } from "./swarm-api";
import { isNameConflict } from "./errors";

// Claims on a Swarm are configs, see `core/model/claim.ts`: all managers agree on them, and their names are unique.

/** Any content: engines refuse an empty config. */
const CONTENT = Buffer.from("claim").toString("base64");

export async function claimsOf(api: SwarmApi): Promise<readonly Claim[]> {
  const all = await api.configs({ label: [CLAIM_LABEL] });
  return all.flatMap(({ Spec }) => claimFrom(Spec.Name, Spec.Labels ?? {}) ?? []);
}

/** Writes a claim. @returns the claim that is there then: this one, or another under the same name */
export async function writeClaim(api: SwarmApi, claim: Claim): Promise<Claim> {
  const name = claimName(claim);
  for (;;)
    try {
      await api.createConfig({ Name: name, Labels: claimLabels(claim), Data: CONTENT });
      return claim;
    } catch (error) {
      if (!isNameConflict(error)) throw error;
      const there = await labelsOf(api, name);
      // The other claim is gone, as its writer went on to the next generation: try again.
      if (there === undefined) continue;
      return claimFrom(name, there) ?? { ...claim, identity: "", owner: "", resource: "", run: "" };
    }
}

async function labelsOf(api: SwarmApi, name: string): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    return (await api.config(name)).Spec.Labels ?? {};
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    return undefined;
  }
}

export async function removeClaim(api: SwarmApi, claim: Pick<Claim, "app" | "generation">): Promise<void> {
  try {
    await api.removeConfig(claimName(claim));
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}
