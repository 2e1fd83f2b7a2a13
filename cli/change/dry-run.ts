import { FormationError, hasCode } from "../../provider/core/values/errors";
import { hider } from "../../provider/core/record/hidden";
import type { Request } from "../../provider/core/inputs/operator-request";
import type { Seconds } from "../../provider/core/values/units";
import { UNKNOWN } from "../../provider/core/values/unknown";
import { check } from "../../provider/lifecycle/check";
import { diff } from "../../provider/lifecycle/diff";
import type { HookContext } from "../../provider/orchestrators/hook-context";
import type { RecordedFormation } from "../state/formations";
import type { Env } from "../project/env";
import { ownerOf, type Project } from "../project/project";
import { byAppIn, configValue } from "../project/stack-config";
import { isEncrypted, ENCRYPTED } from "../state/checkpoint";

// Plans as the provider would, without Pulumi: from the inputs of the last deployment and the drafted stack config.

/** Time that a Swarm may be without a leader. */
const PATIENCE: Seconds = 10;

export interface DryRun {
  /** The plan; empty when there is nothing to do. */
  readonly plan: string;
  readonly warnings: readonly string[];
  /** The running processes that the plan stops, if any. */
  readonly stops?: string;
}

/** @param config the text of the stack's configuration file @throws when the provider would refuse the update */
export function refuseAsProviderWould(
  project: Project,
  formation: RecordedFormation,
  config: string,
  request: Request,
): void {
  // The provider alone can judge hosts that are secret.
  if (isEncrypted(formation.inputs["hosts"])) return;
  checked(
    formation,
    surroundings(project, formation, config, request, () => undefined),
  );
}

/** @param formation with its secrets, which decide whether a container's configuration is current */
export async function dryRun(
  project: Project,
  formation: RecordedFormation,
  config: string,
  env: Env,
  request?: Request,
): Promise<DryRun> {
  const plans: string[] = [];
  const warnings: string[] = [];
  const hide = hider(formation.inputs);
  const say = (text: string, level?: string) => void (level === "warning" ? warnings : plans).push(hide(text));
  const host = await configValue(project, "formation:host", env);
  // Loaded only now, because the guards need no engine.
  const { connect, connectSwarm } = await import("../../provider/orchestrators/connect");
  const context: HookContext = {
    ...surroundings(project, formation, config, request, say),
    connect: (hosts) => connect(hosts, host, env),
    managers: (hosts) => connectSwarm(hosts, host, env, { patience: PATIENCE }),
  };
  const inputs = checked(formation, context);
  try {
    const isChange = await diff(known(formation.outputs) as RecordedFormation["outputs"], inputs, context);
    return { plan: isChange ? plans.join("\n") : "", warnings };
  } catch (error) {
    if (!hasCode(error, "Unconfirmed")) throw error;
    return { plan: plans.join("\n"), warnings, stops: (error as Error).message };
  }
}

function checked(formation: RecordedFormation, context: HookContext): Readonly<Record<string, unknown>> {
  const inputs = known(formation.inputs) as Readonly<Record<string, unknown>>;
  const { faults, inputs: resolved } = check(inputs, inputs, context);
  if (faults.length === 0) return resolved;
  throw new FormationError("InvalidInput", hider(formation.inputs)(faults.join("\n")));
}

function surroundings(
  project: Project,
  { name, urn }: RecordedFormation,
  config: string,
  request: Request | undefined,
  say: HookContext["say"],
): HookContext {
  return {
    owner: ownerOf(project),
    name,
    urn,
    run: "",
    say,
    progress: () => undefined,
    scaleConfig: byAppIn(config, "formation:scale", project),
    restartConfig: byAppIn(config, "formation:restartedAt", project),
    ...(request === undefined ? {} : { request }),
    connect: () => [],
    managers: () => {
      throw new Error("the guards contact nobody");
    },
    actor: () => Promise.resolve(""),
    now: () => Date.now() / 1000,
    sleep: () => Promise.resolve(),
    process: "",
    isGone: () => false,
    every: () => () => undefined,
    isWrittenOff: () => false,
    interrupted: () => false,
  };
}

/** Turns secrets that cannot be read here into unknown values, which guards skip, as in a preview. */
function known(value: unknown): unknown {
  if (value === ENCRYPTED) return UNKNOWN;
  if (Array.isArray(value)) return value.map(known);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, known(inner)]));
}
