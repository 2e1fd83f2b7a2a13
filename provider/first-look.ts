import { isOwnFirst, latestClaims, type Claim } from "./core/claim";
import type { Formation } from "./core/formation";
import type { Plan } from "./core/plan";
import type { Spec } from "./core/spec";
import { recorded } from "./core/state";
import { orchestratorOf } from "./orchestrators";
import type { Surroundings } from "./surroundings";

/**
 * The plan of a formation that has no state, as far as hosts can be reached. An unreachable host, such as a machine
 * that the same program makes, is named in a warning and counts as empty.
 *
 * @returns `undefined` when a claim leaves it to `up` to tell
 * @throws when something that was observed forbids the plan
 */
export async function planOfFirst(
  spec: Spec,
  formation: Formation,
  around: Surroundings,
): Promise<Plan<unknown> | undefined> {
  const none = recorded.parse({});
  const site = await orchestratorOf(spec).look(spec, none, around);
  for (const { lost } of site.observed)
    if (lost !== undefined) around.say(`${lost}; it is planned for as if nothing ran there`, "warning");
  if (latestClaims(site.claims).some((claim) => isOwn(claim, spec, around))) return undefined;
  const key = await site.key();
  if (key === undefined) return site.planOfNew(formation);
  const state = { ...none, __key: key };
  return (await orchestratorOf(spec).look(spec, state, around)).plan(formation, state);
}

/**
 * True for a claim that only `up` can judge: of an unfinished update, or of this very resource, which is checked as if
 * it were new while it is being replaced.
 */
function isOwn(claim: Claim, { app }: Spec, around: Surroundings): boolean {
  if (isOwnFirst(claim, around)) return true;
  return (
    claim.app === app && (claim.begun !== undefined || (claim.resource === around.urn && claim.owner === around.owner))
  );
}
