import { hasBegun } from "./core/begun";
import { canonicalJson } from "./core/configuration";
import { entryOf } from "./core/entry";
import { formatFormation } from "./core/formation";
import { orderOf } from "./core/spec";
import { recorded } from "./core/state";
import { parseDeclared } from "./declared";
import { orchestratorOf } from "./orchestrators";
import { declaredIn, formationIn, type Properties } from "./properties";
import type { Surroundings } from "./surroundings";

/**
 * The inputs that an operator's request is carried out by. Of a release that was done in part Pulumi keeps the former
 * inputs, and what was to be deployed stands in the outputs: as long as processes of it run, new ones are of it, too.
 *
 * @param olds the recorded outputs
 * @param news what `check` has made of the recorded inputs
 */
export async function groundOf(olds: Properties, news: Properties, around: Surroundings): Promise<Properties> {
  if (around.request === undefined || release(olds) === release(news)) return news;
  const [former, begun] = [parseDeclared(news, around.name), parseDeclared(olds, around.name)];
  if (former.kind !== "spec" || begun.kind !== "spec") return news;
  const state = recorded.parse(olds);
  const { observed } = await orchestratorOf(begun.spec).look(begun.spec, state, around);
  if (!hasBegun(observed, begun.spec, former.spec, state.__key ?? "")) return news;
  const asked = formationIn(news) ?? {};
  const order = orderOf(begun.spec);
  // A type that only the begun release has keeps its quantity.
  const formation = Object.fromEntries(
    order.map((type) => [type, entryOf(asked, type) ?? entryOf(state.formation, type) ?? 0]),
  );
  const { restartedAt } = news;
  return {
    ...declaredIn(olds),
    ...(restartedAt === undefined ? {} : { restartedAt }),
    formation,
    summary: formatFormation(formation, order),
    __urn: news["__urn"],
  };
}

/** All but what a request itself changes. */
function release(properties: Properties): string {
  const { scale: _, restartedAt: __, ...rest } = declaredIn(properties);
  return canonicalJson(rest);
}
