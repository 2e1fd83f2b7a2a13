import { entryOf } from "../../provider/core/values/entry";
import { FormationError } from "../../provider/core/values/errors";
import { scaledIn } from "../../provider/lifecycle/requested";
import { readText } from "../project/files";
import { quantitiesOf, type RecordedFormation } from "../state/formations";
import type { Intent } from "./intent";
import type { Project } from "../project/project";
import { byAppIn } from "../project/stack-config";

const KEY = "formation:scale";

/** Types whose quantity an operator has set, in stack config or in the state; some may have left the app. */
export function overriddenIn(project: Project, { app, inputs }: RecordedFormation): readonly string[] {
  const config = entryOf(byAppIn(readText(project.configFile) ?? "", KEY, project), app) ?? {};
  return [...new Set([...Object.keys(config), ...Object.keys(scaledIn(inputs))])];
}

/**
 * Gives types back to the program: its quantities at the last deployment hold again, and later ones from the next `up`
 * on. A type without a quantity in the program keeps its current one.
 *
 * @param names of types; without any, all types that an operator has set
 */
export function resetIntent(project: Project, formation: RecordedFormation, names: readonly string[]): Intent {
  const overridden = overriddenIn(project, formation);
  const unknown = names.find((name) => !overridden.includes(name));
  if (unknown !== undefined) {
    throw new FormationError("InvalidInput", `${unknown} is not an operator's to give back`, {
      hint:
        overridden.length === 0
          ? "every quantity is the program's own"
          : `--reset takes types whose quantity stack config or formation scale has set: ${overridden.join(", ")}`,
    });
  }
  const reset = names.length === 0 ? overridden : [...new Set(names)];
  refuseDefaults(project, formation.app, reset);
  const now = quantitiesOf(formation);
  const program = (formation.inputs["scale"] ?? {}) as Readonly<Record<string, unknown>>;
  const said = Object.keys(now).flatMap((type) => {
    const quantity = entryOf(program, type);
    return reset.includes(type) && typeof quantity === "number" ? [[type, quantity] as const] : [];
  });
  return {
    after: { ...now, ...Object.fromEntries(said) },
    edit: { key: KEY, app: formation.app, set: {}, unset: reset },
    scale: reset,
    restart: [],
    reset,
  };
}

/** Refuses to reset quantities in Pulumi.yaml, which hold for every stack and are for a person to edit. */
function refuseDefaults(project: Project, app: string, reset: readonly string[]): void {
  const own = byAppIn(readText(project.configFile) ?? "", KEY, { ...project, defaults: {} });
  const shared = Object.keys(own).length > 0 ? {} : (entryOf(byAppIn("", KEY, project), app) ?? {});
  const type = reset.find((name) => Object.hasOwn(shared, name));
  if (type === undefined) return;
  throw new FormationError(
    "InvalidInput",
    `the quantity of ${type} stands in the project's own file, for every stack`,
    {
      hint: `take ${KEY} out of the config of Pulumi.yaml`,
    },
  );
}
