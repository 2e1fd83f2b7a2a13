import { formatFormation } from "../provider/core/formation";
import type { CliContext } from "./context";
import { dryRun } from "./dry-run";
import { readText } from "./files";
import { quantitiesOf, type RecordedFormation } from "./formations";
import type { Intent } from "./intent";
import { requestOf } from "./preview";
import type { Project } from "./project";
import { readPulumiLocks } from "./pulumi-locks";
import { edited } from "./stack-config";
import { isSealed, SEALED } from "./state";

/** True when the state and the hosts already are as asked for, so that there is nothing to update. */
export async function isAlready(
  context: CliContext,
  project: Project,
  formation: RecordedFormation,
  intent: Intent,
): Promise<boolean> {
  const { inputs, outputs, initErrors = [] } = formation;
  if (intent.restart.length > 0 || intent.reset !== undefined || initErrors.length > 0) return false;
  if (formatFormation(intent.after) !== formatFormation(quantitiesOf(formation))) return false;
  // Another update is under way, or the hosts are secret, and only Pulumi can decrypt how to reach them.
  if ((readPulumiLocks(project) ?? []).length > 0 || isSealed(inputs["hosts"])) return false;
  const readable = Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== SEALED));
  const config = edited(readText(project.configFile) ?? "", intent.edit, project);
  const seen = await dryRun(
    project,
    { ...formation, outputs: readable },
    config,
    context.env,
    requestOf(formation, intent, true),
  ).catch(() => undefined);
  // An unreachable host or a warning is left to the update.
  return seen !== undefined && seen.plan === "" && seen.warnings.length === 0;
}
