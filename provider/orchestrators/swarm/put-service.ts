import { setTimeout as delay } from "node:timers/promises";
import { canonicalJson } from "../../core/values/digest";
import { FormationError, hasCode } from "../../core/values/errors";
import { LABEL } from "../../core/model/labels";
import { isAsked } from "./plan/service/compare";
import type { ObservedService } from "./plan/observed";
import type { ServiceSpec } from "./plan/service/service";
import type { RegistryAuth } from "../../core/inputs/spec";
import type { Swarm } from "./api/swarm";

const MOST_TRIES = 5;
const TRY_AGAIN_MS = 200;

/** A Swarm, and the services that one update has put so far. */
export interface Puts {
  readonly swarm: Swarm;
  readonly registryAuth: readonly RegistryAuth[];
  /** Services by name, as the update has left them. */
  readonly left: Map<string, ObservedService | undefined>;
}

/**
 * Creates or changes a service. The Swarm itself changes a service's version now and then, which is no reason to fail;
 * a content other than the observed one is: somebody else is at work. @returns warnings
 */
export async function putService(
  { swarm, registryAuth, left }: Puts,
  want: ServiceSpec,
  over: ObservedService | undefined,
): Promise<readonly string[]> {
  const name = want.Name;
  const before = left.has(name) ? left.get(name) : over;
  let warnings: readonly string[] = [];
  for (let tried = 1; tried <= MOST_TRIES; tried++) {
    const now = await swarm.service(name);
    const isMade = now !== undefined && isAsked(want, now.spec);
    if (isMade && tried > 1) {
      left.set(name, now);
      return [...dropped(want, now), ...warnings];
    }
    if (!isMade && !isSame(before, now)) throw changedByOther(name, before, now);
    const spec = await withSecretIds(swarm, { ...want, Labels: { ...foreignLabels(now), ...want.Labels } });
    try {
      warnings =
        now === undefined ? await swarm.create(spec, registryAuth) : await swarm.update(now, spec, registryAuth);
    } catch (error) {
      if (!hasCode(error, "OutOfSequence")) throw error;
      await delay(TRY_AGAIN_MS * tried);
    }
  }
  throw new FormationError(
    "ChangedByOther",
    `service ${name} was changed by somebody else ${MOST_TRIES} times in a row`,
    {
      hint: "find out who else manages it, then run up again",
    },
  );
}

function isSame(before: ObservedService | undefined, now: ObservedService | undefined): boolean {
  return canonicalJson(before?.spec ?? null) === canonicalJson(now?.spec ?? null);
}

function changedByOther(
  name: string,
  before: ObservedService | undefined,
  now: ObservedService | undefined,
): FormationError {
  const what = before === undefined ? "made" : now === undefined ? "removed" : "changed";
  return new FormationError("ChangedByOther", `service ${name} was ${what} by somebody else since it was looked at`, {
    hint: "look at the preview, then run up again",
  });
}

/** Labels that others have set on the service; they stay. */
function foreignLabels(now: ObservedService | undefined): Record<string, string> {
  const own = new Set<string>(Object.values(LABEL));
  return Object.fromEntries(Object.entries(now?.spec.Labels ?? {}).filter(([name]) => !own.has(name)));
}

/** Adds the ids of secrets, which only the Swarm knows. */
async function withSecretIds(swarm: Swarm, spec: ServiceSpec): Promise<ServiceSpec> {
  const { ContainerSpec } = spec.TaskTemplate;
  const names = ContainerSpec.Secrets.map((one) => String(one.SecretName));
  if (names.length === 0) return spec;
  const ids = await swarm.secretIds(names);
  const Secrets = ContainerSpec.Secrets.map((one) => ({ ...one, SecretID: ids.get(String(one.SecretName)) ?? "" }));
  return { ...spec, TaskTemplate: { ...spec.TaskTemplate, ContainerSpec: { ...ContainerSpec, Secrets } } };
}

/** Warns of settings that the engine does not know and has left out silently. */
function dropped(asked: ServiceSpec, { spec }: ObservedService): string[] {
  const { Privileges, Init } = asked.TaskTemplate.ContainerSpec;
  const has = spec.TaskTemplate.ContainerSpec;
  const lost = [
    ...(Privileges?.NoNewPrivileges === has.Privileges?.NoNewPrivileges ? [] : ["noNewPrivileges"]),
    ...(Init === has.Init ? [] : ["init"]),
  ];
  return lost.length === 0 ? [] : [`the Swarm did not keep ${lost.join(", ")}: update its engines, or do without`];
}
