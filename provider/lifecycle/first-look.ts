import { isOwnFirst, latestClaims, type Claim } from "../core/model/claim";
import type { Formation } from "../core/values/formation";
import type { Plan } from "../core/plan/plan";
import type { Spec } from "../core/inputs/spec";
import { recorded } from "../core/record/state";
import { orchestratorOf } from "../orchestrators";
import type { HookContext } from "../orchestrators/hook-context";

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
  context: HookContext,
): Promise<Plan<unknown> | undefined> {
  const none = recorded.parse({});
  const site = await orchestratorOf(spec).observe(spec, none, context);
  for (const { unreachable } of site.observed)
    if (unreachable !== undefined) context.say(`${unreachable}; it is planned for as if nothing ran there`, "warning");
  if (latestClaims(site.claims).some((claim) => isOwn(claim, spec, context))) return undefined;
  const key = await site.key();
  if (key === undefined) return site.planOfNew(formation);
  const state = { ...none, __key: key };
  return (await orchestratorOf(spec).observe(spec, state, context)).plan(formation, state);
}

/**
 * True for a claim that only `up` can judge: of an unfinished update, or of this very resource, which is checked as if
 * it were new while it is being replaced.
 */
function isOwn(claim: Claim, { app }: Spec, context: HookContext): boolean {
  if (isOwnFirst(claim, context)) return true;
  return (
    claim.app === app &&
    (claim.begun !== undefined || (claim.resource === context.urn && claim.owner === context.owner))
  );
}
