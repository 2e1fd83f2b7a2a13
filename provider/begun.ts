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
 * The inputs to carry out an operator's request with. After a partly done release, Pulumi keeps the former inputs, and
 * the outputs hold the new ones: as long as processes of the new release run, further ones are of it, too.
 *
 * @param olds the recorded outputs
 * @param news the inputs that `check` has made of the recorded ones
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

/** The declared inputs as one text, without those that a request itself changes. */
function release(properties: Properties): string {
  const { scale: _, restartedAt: __, ...rest } = declaredIn(properties);
  return canonicalJson(rest);
}
