import { explain, hasCode } from "./core/errors";
import { observations } from "./core/observations";
import { recorded } from "./core/state";
import { parseDeclared } from "./declared";
import { orchestratorOf } from "./orchestrators";
import type { Properties } from "./properties";
import type { Surroundings } from "./surroundings";

/** Observes the processes. The inputs stay as they were declared. */
export async function read(properties: Properties, around: Surroundings): Promise<Properties> {
  const parsed = parseDeclared(properties, around.name);
  if (parsed.kind !== "spec") return properties;
  const state = recorded.parse(properties);
  const site = await orchestratorOf(parsed.spec)
    .look(parsed.spec, state, around)
    .catch((error: unknown) => {
      if (!hasCode(error, "EngineMismatch")) throw error;
      around.say(`${explain(error)}; what runs on the first is unknown`, "warning");
      return undefined;
    });
  if (site === undefined) return properties;
  const { observed, astray } = site;
  for (const { lost } of observed) if (lost !== undefined) around.say(`${lost}; what runs there is unknown`, "warning");
  // The engine that the formation runs on was not observed.
  if (astray !== undefined) return properties;
  return { ...properties, ...observations(observed, state.formation, parsed.spec, state.instances) };
}
