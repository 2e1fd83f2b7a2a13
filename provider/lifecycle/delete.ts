import { entryOf } from "../core/values/entry";
import { FormationError } from "../core/values/errors";
import type { ObservedHost } from "../core/model/observed";
import { redactor } from "../core/record/redact";
import type { Scaled } from "../core/scale";
import { secretsIn } from "../core/record/secrets";
import { identityIn, recorded, type Recorded } from "../core/record/state";
import { toldAddresses } from "../core/record/former-hosts";
import { orchestratorOf } from "../orchestrators";
import type { Properties } from "../core/record/properties";
import { scaledIn } from "./requested";
import { removedInRounds } from "./rounds";
import { failureTexts, progressOf } from "./update";
import type { HookContext } from "../orchestrators/hook-context";
import type { Anew } from "./check";

/** @param anew the formation that the new resource starts with, when this delete is the first half of a replacement */
export async function remove(properties: Properties, context: HookContext, anew?: Anew): Promise<void> {
  const state = recorded.parse(properties);
  if (anew !== undefined) refuseLoss(state, scaledIn(properties), anew, context);
  const site = await orchestratorOf(state).observeRecorded(state, context);
  if (site.astray !== undefined && site.observed.some(({ name }) => !site.isWrittenOff(name)))
    throw new FormationError("HostUnreachable", site.astray, {
      hint: "nothing was done; set DOCKER_HOST, or the docker context, to the engine that the formation runs on",
    });
  const { blocked, notes } = site.removal();
  for (const note of notes) context.say(`note: ${note}`);
  const hide = redactor(secretsIn(properties));
  const again = () => orchestratorOf(state).observeRecorded(state, context);
  const report = await removedInRounds(site, again, progressOf(context, hide));
  // A host that an update had begun to use before it died may have processes that no state records.
  const told = toldAddresses(site.observed, ({ identity }) => identity === identityIn(state));
  const isEmpty = ({ instances, address }: ObservedHost) => instances.length === 0 && !told.has(address);
  const reasons = [
    ...failureTexts(report, hide),
    ...blocked.map(({ slot, why }) => `${slot}: left undone: ${why}`),
    ...site.observed.flatMap((host) =>
      host.unreachable === undefined || isEmpty(host) || site.isWrittenOff(host.name)
        ? []
        : `${host.unreachable}; if it is gone for good: pulumi config set --path 'formation:abandoned[0]' ${host.address}, then destroy again`,
    ),
  ];
  if (reasons.length > 0) throw new FormationError("Incomplete", reasons.join("\n"));
  // Expects no instances any more, so that an engine whose id has changed meanwhile is not refused.
  const after = await orchestratorOf(state).observeRecorded({ ...state, instances: [] }, context);
  await after.tidy(state);
}

/**
 * Refuses a replacement that would lose quantities: Pulumi creates the new resource as if there had been no state, so
 * that kept quantities, and those that an operator has set, would be gone.
 */
function refuseLoss(
  { __app, formation }: Recorded,
  scaled: Scaled,
  { formation: after, unsaid }: Anew,
  { name }: HookContext,
): void {
  const isOnlyRecorded = (type: string) => unsaid.includes(type) || entryOf(scaled, type) === formation[type];
  const lost = Object.keys(after).filter(
    (type) => Object.hasOwn(formation, type) && formation[type] !== after[type] && isOnlyRecorded(type),
  );
  if (lost.length === 0) return;
  const app = __app ?? name;
  const now = lost.map((type) => `${type}=${String(formation[type])} would be ${String(after[type])}`).join(", ");
  const say = lost.map(
    (type) => `pulumi config set --path formation:scale.${app}.${type} ${String(formation[type])} --plaintext`,
  );
  throw new FormationError(
    "InvalidInput",
    `a replacement of ${app} would lose quantities that are only recorded: ${now}`,
    {
      hint: `nothing was done; say them, in scale or with ${say.join(" && ")}, then run it again`,
    },
  );
}
