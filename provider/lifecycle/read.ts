import { explain, hasCode } from "../core/values/errors";
import { observations } from "../core/record/outputs-of";
import { recorded } from "../core/record/state";
import { parseDeclared } from "./declared";
import { orchestratorOf } from "../orchestrators";
import type { Properties } from "../core/record/properties";
import type { HookContext } from "../orchestrators/hook-context";

/** Observes the processes. The inputs stay as they were declared. */
export async function read(properties: Properties, context: HookContext): Promise<Properties> {
  const parsed = parseDeclared(properties, context.name);
  if (parsed.kind !== "spec") return properties;
  const state = recorded.parse(properties);
  const site = await orchestratorOf(parsed.spec)
    .observe(parsed.spec, state, context)
    .catch((error: unknown) => {
      if (!hasCode(error, "EngineMismatch")) throw error;
      context.say(`${explain(error)}; what runs on the first is unknown`, "warning");
      return undefined;
    });
  if (site === undefined) return properties;
  const { observed, astray } = site;
  for (const { unreachable } of observed)
    if (unreachable !== undefined) context.say(`${unreachable}; what runs there is unknown`, "warning");
  // The engine that the formation runs on was not observed.
  if (astray !== undefined) return properties;
  return { ...properties, ...observations(observed, state.formation, parsed.spec, state.instances) };
}
