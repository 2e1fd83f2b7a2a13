import { plainChange, rewrite } from "../../../core/model/change";
import { isReleased } from "../../../core/model/configuration";
import { RELEASE } from "../../../core/values/names";
import { entryOf } from "../../../core/values/entry";
import { isKnown } from "../../../core/values/unknown";
import { optional } from "../../../core/inputs/process-type";
import type { Draft, SwarmChange } from "./draft";
import { desiredOnce } from "./service/desired";
import { removal } from "./removal";
import { SWARM } from "./instances";
import { appOf, typeOf } from "./observed";

/** Puts the release command first, once per release, and makes everything wait for it. */
export function withReleaseCommand(context: Draft, changes: readonly SwarmChange[]): SwarmChange[] {
  const { wanted, swarm, secrets } = context;
  const { spec, identity, keepsReleases } = wanted;
  const leftovers = swarm.services.filter((service) => typeOf(service) === RELEASE);
  const cleared = leftovers.flatMap((service) =>
    removal(context, { service, cause: "left by an interrupted release", isStrict: false }),
  );
  const isFirst = !swarm.services.some((service) => appOf(service) === spec.app && typeOf(service) !== RELEASE);
  const isRelease =
    isFirst ||
    (keepsReleases !== true && changes.some((change) => change.verb === "replace" && change.reason === "release"));
  if (spec.release === undefined || changes.length === 0 || !isRelease) return [...cleared, ...changes];
  const image = isKnown<string>(spec.image) ? entryOf(swarm.images, spec.image) : undefined;
  const now = image && { id: image.id, ...optional("content", image.facts?.content) };
  if (isReleased(spec, now, identity, wanted.released)) return [...cleared, ...changes];
  const want = desiredOnce(spec, RELEASE, spec.release.command, identity, { image, networks: swarm.networks ?? {} });
  const command: SwarmChange = plainChange({
    type: RELEASE,
    index: 1,
    host: SWARM,
    singleton: true,
    verb: "run",
    reason: "release",
    cause: "before this release",
    needs: cleared,
    steps: [...secrets, { op: "once", want, timeout: spec.release.timeout }],
  });
  return [...cleared, command, ...rewrite(changes, (change) => ({ ...change, needs: [...change.needs, command] }))];
}
