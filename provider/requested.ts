import { processTypeOf } from "./core/names";
import { only } from "./core/request";
import { resolveScale, type Resolution } from "./core/scale";
import type { Formation } from "./core/formation";
import { entryOf } from "./core/entry";
import type { Spec } from "./core/spec";
import { declaredIn, type Properties } from "./properties";
import type { Surroundings } from "./world";

// Where an operator's request makes a difference: what the program says now waits for the next deployment.

/** The inputs to go by. */
export function givenInputs(olds: Properties, news: Properties, { request }: Surroundings): Properties {
  return request === undefined ? news : declaredIn(olds);
}

/** Every quantity, and where it comes from. */
export function resolve(spec: Spec, previous: Formation | undefined, around: Surroundings): Resolution {
  const { request } = around;
  const config = entryOf(around.scaleConfig, spec.app);
  if (request === undefined) return resolveScale(spec, previous, config);
  return resolveScale({ ...spec, scale: {} }, previous, config && only(config, request.scale));
}

/** What stack config restarts, of the types that there are; it comes before what the program says. */
export function withRestarts(given: Properties, { app, types }: Spec, around: Surroundings): Properties {
  const known = new Set(types.map((type) => type.name));
  const restarts = Object.entries(entryOf(around.restartConfig, app) ?? {}).filter(([name]) =>
    known.has(processTypeOf(name)),
  );
  if (restarts.length === 0) return given;
  return {
    ...given,
    restartedAt: { ...(given["restartedAt"] as Properties | undefined), ...Object.fromEntries(restarts) },
  };
}
