import { FormationError } from "../../provider/core/values/errors";
import type { Request } from "../../provider/core/inputs/operator-request";
import { confirm } from "../terminal/confirm";
import type { CliContext } from "../context";
import { dryRun, refuseAsProviderWould, type DryRun } from "./dry-run";
import { readText } from "../project/files";
import { quantitiesOf, type RecordedFormation } from "../state/formations";
import type { Intent } from "./intent";
import type { Project } from "../project/project";
import { edited } from "../project/stack-config";

/** Properties that an exact plan needs decrypted: `env` and the key tell whether a configuration is current. */
export const PLAN_NEEDS = ["__key", "env", "hosts", "registryAuth"];

/** Refuses early, before a file is written or Pulumi started, whatever the provider would refuse. */
export function refuseIntent(project: Project, formation: RecordedFormation, intent: Intent): void {
  refuseAsProviderWould(project, formation, configWith(project, intent), requestOf(formation, intent, true));
}

/** @param mayStop false to be told the running processes that would be stopped */
export async function previewIntent(
  context: CliContext,
  project: Project,
  intent: Intent,
  mayStop: boolean,
): Promise<DryRun> {
  const formation = await context.formation(PLAN_NEEDS);
  const request = requestOf(formation, intent, mayStop);
  return dryRun(project, formation, configWith(project, intent), context.env, request);
}

/** Prints the plan of a change that is not made. */
export async function printPreview(context: CliContext, project: Project, intent: Intent): Promise<void> {
  const { plan, warnings } = await previewIntent(context, project, intent, true);
  for (const warning of warnings) context.note(warning);
  context.out(plan === "" ? "nothing to do" : plan);
}

const MEANT = "say --yes if that is meant";

/** Shows the plan and asks. @throws unless the answer is yes */
export async function askToStop({ isInteractive, note }: CliContext, plan: string, stops: string): Promise<void> {
  note(plan);
  // The provider's message ends in a hint, which the question replaces.
  const what = stops.replace(new RegExp(`[^\\w)]*${MEANT}$`), "");
  if (!isInteractive) throw new FormationError("Unconfirmed", what, { hint: MEANT });
  if (!(await confirm(`${what[0]?.toUpperCase()}${what.slice(1)}. Go on?`)))
    throw new FormationError("Unconfirmed", "nothing was changed");
}

function configWith(project: Project, { edit }: Intent): string {
  return edited(readText(project.configFile) ?? "", edit, project);
}

export function requestOf(formation: RecordedFormation, { scale, restart, reset }: Intent, mayStop: boolean): Request {
  const asked = {
    scale: [...scale],
    restart: [...restart],
    ...(reset === undefined ? {} : { reset: [...reset] }),
  };
  return { urn: formation.urn, before: quantitiesOf(formation), mayStop, stopFile: "", ...asked };
}
