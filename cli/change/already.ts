import { formatFormation } from "../../provider/core/values/formation";
import type { CliContext } from "../context";
import { dryRun } from "./dry-run";
import { readText } from "../project/files";
import { quantitiesOf, type RecordedFormation } from "../state/formations";
import type { Intent } from "./intent";
import { requestOf } from "./preview";
import type { Project } from "../project/project";
import { readPulumiLocks } from "../state/locks";
import { edited } from "../project/stack-config";
import { isEncrypted, ENCRYPTED } from "../state/checkpoint";

/** True when the state is as it is asked for, so that there may be nothing to update. */
export function isRecorded(formation: RecordedFormation, { after, restart, reset }: Intent): boolean {
  if (restart.length > 0 || reset !== undefined || (formation.initErrors ?? []).length > 0) return false;
  return formatFormation(after) === formatFormation(quantitiesOf(formation));
}

/** True when the state and the hosts already are as asked for, so that there is nothing to update. */
export async function isAlready(
  context: CliContext,
  project: Project,
  formation: RecordedFormation,
  intent: Intent,
): Promise<boolean> {
  if (!isRecorded(formation, intent)) return false;
  const { inputs, outputs } = formation;
  // Another update is under way, or the hosts are secret, and only Pulumi can decrypt how to reach them.
  if ((readPulumiLocks(project) ?? []).length > 0 || isEncrypted(inputs["hosts"])) return false;
  const readable = Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== ENCRYPTED));
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
