import type { Change, Reason } from "../../../core/model/change";
import type { Scheme } from "./type-changes";
import { volumeWords } from "./data-site";
import type { Placed } from "./slots";

export function creation({ plan, watch, before, onFailure }: Scheme, { index, host, from }: Placed): Change {
  const { type } = plan;
  const want = plan.want(index, host);
  const reason: Reason = from === undefined ? "scale" : (plan.outdated(from)?.reason ?? "move");
  const cause = from === undefined ? "scale up" : `from ${from.host === host ? from.app : from.host}`;
  return {
    type: type.name,
    index,
    host,
    singleton: type.singleton,
    verb: "create",
    reason,
    cause: cause + volumeWords(plan.context, type, host),
    steps: [
      { op: "run", want },
      { op: "ready", container: want.name, readiness: watch.next },
    ],
    needs: before(index, host),
    undo: [{ op: "discard", want }],
    finish: [],
    onFailure,
  };
}
