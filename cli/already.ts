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

/** Tells that all is as it is asked for, in the state and on the hosts, so that there is nothing to update. */
export async function isAlready(
  context: CliContext,
  project: Project,
  formation: RecordedFormation,
  intent: Intent,
): Promise<boolean> {
  const { inputs, outputs, initErrors = [] } = formation;
  if (intent.restart.length > 0 || intent.reset !== undefined || initErrors.length > 0) return false;
  if (formatFormation(intent.after) !== formatFormation(quantitiesOf(formation))) return false;
  // Somebody changes it at this moment; or only Pulumi can tell how to get to the hosts.
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
  // A host that cannot be seen, or a warning, is the update's business.
  return seen !== undefined && seen.plan === "" && seen.warnings.length === 0;
}
