import { FormationError } from "../errors";
import { LABEL } from "../labels";
import type { Plan } from "../plan";
import { appOf, ownerOf, type ObservedSwarm } from "./observed";
import type { SwarmStep } from "./step";

/** What in a Swarm forbids any change at all. */
export function swarmRefusal(
  { changes, shortages }: Plan<SwarmStep>,
  swarm: ObservedSwarm,
  owner: string,
): FormationError | undefined {
  const foreign = swarm.services.find((one) => ownerOf(one) !== owner);
  const task = swarm.tasks.find((one) => (one.labels[LABEL.owner] ?? owner) !== owner);
  if (foreign !== undefined || task !== undefined) {
    const app = foreign === undefined ? task?.labels[LABEL.app] : appOf(foreign);
    const other = foreign === undefined ? task?.labels[LABEL.owner] : ownerOf(foreign);
    return new FormationError(
      "OwnedByOther",
      `app ${app ?? ""} on the Swarm belongs to stack ${other ?? ""}, this is ${owner}`,
      {
        hint: "give this formation another app name, or destroy it there first",
      },
    );
  }
  const names = new Set(
    changes.flatMap(({ steps }) =>
      steps.flatMap((step) => (step.op === "put" || step.op === "once" ? [step.want.Name] : [])),
    ),
  );
  const taken = swarm.strangers.filter((name) => names.has(name));
  if (taken.length > 0) {
    const faults = taken.map(
      (name) => `a service that is not ours has the name ${name}: remove it, or give app another name`,
    );
    return new FormationError("NameTaken", faults.join("\n"));
  }
  return shortages.length === 0 ? undefined : new FormationError("NoRoom", shortages.join("\n"));
}
