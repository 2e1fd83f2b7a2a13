import { hasBegun } from "../orchestrators/docker/plan/begun";
import { canonicalJson } from "../core/values/digest";
import { entryOf } from "../core/values/entry";
import { formatFormation } from "../core/values/formation";
import { orderOf } from "../core/inputs/spec";
import { recorded } from "../core/record/state";
import { parseDeclared } from "./declared";
import { orchestratorOf } from "../orchestrators";
import { declaredIn, formationIn, type Properties } from "../core/record/properties";
import type { HookContext } from "../orchestrators/hook-context";

/**
 * The inputs to carry out an operator's request with. After a partly done release, Pulumi keeps the former inputs, and
 * the outputs hold the new ones: as long as processes of the new release run, further ones are of it, too.
 *
 * @param olds the recorded outputs
 * @param news the inputs that `check` has made of the recorded ones
 */
export async function groundOf(olds: Properties, news: Properties, context: HookContext): Promise<Properties> {
  if (context.request === undefined || release(olds) === release(news)) return news;
  const [former, begun] = [parseDeclared(news, context.name), parseDeclared(olds, context.name)];
  if (former.kind !== "spec" || begun.kind !== "spec") return news;
  const state = recorded.parse(olds);
  const { observed } = await orchestratorOf(begun.spec).observe(begun.spec, state, context);
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
