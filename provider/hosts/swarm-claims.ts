import { CLAIM_LABEL, claimFrom, claimLabels, claimName, type Claim } from "../core/claim";
import { statusOf } from "./engine-errors";
import type { Api } from "./swarm-api";
import { isNameConflict } from "./swarm-errors";

// Claims on a Swarm are configs, see `core/claim.ts`: the managers agree on them, and no two have one name.

/** The engine takes no empty config. */
const CONTENT = Buffer.from("claim").toString("base64");

export async function claimsOf(docker: Api): Promise<readonly Claim[]> {
  const all = await docker.listConfigs({ filters: { label: [CLAIM_LABEL] } });
  return all.flatMap(({ Spec }) => claimFrom(Spec.Name, Spec.Labels ?? {}) ?? []);
}

/** @returns the claim that is there: this one, or one that somebody else has written under its name */
export async function writeClaim(docker: Api, claim: Claim): Promise<Claim> {
  const name = claimName(claim);
  for (;;)
    try {
      await docker.createConfig({ Name: name, Labels: claimLabels(claim), Data: CONTENT });
      return claim;
    } catch (error) {
      if (!isNameConflict(error)) throw error;
      const there = await labelsOf(docker, name);
      // Its writer has gone on to the next generation meanwhile.
      if (there === undefined) continue;
      return claimFrom(name, there) ?? { ...claim, identity: "", owner: "", resource: "", run: "" };
    }
}

async function labelsOf(docker: Api, name: string): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    return (await docker.getConfig(name).inspect()).Spec.Labels ?? {};
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    return undefined;
  }
}

export async function removeClaim(docker: Api, claim: Pick<Claim, "app" | "generation">): Promise<void> {
  try {
    await docker.getConfig(claimName(claim)).remove();
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}
