import { ownInit } from "../model/as-image-is";
import type { Change } from "../model/change";
import type { DesiredInstance } from "../model/desired";
import { effectOf } from "../model/effects";
import { imageConfigAt, type ObservedHost } from "../model/observed";
import type { ImageConfig } from "../values/image";
import type { Spec } from "../inputs/spec";

/** A container that a plan makes, and the configuration of its image. */
interface Made {
  readonly want: DesiredInstance;
  readonly image: ImageConfig | undefined;
}

/** Notes on what images say of themselves, for those who might wonder, each of them once. */
export function imageNotes(changes: readonly Change[], hosts: readonly ObservedHost[], spec: Spec): string[] {
  const all = changes.flatMap(({ host, steps }) => {
    const image = imageConfigAt(hosts.find(({ name }) => name === host));
    return steps.flatMap((step) => {
      const { makes: want = effectOf(step).runsOnce } = effectOf(step);
      return want === undefined ? [] : [{ want, image }];
    });
  });
  return [...new Set(all.flatMap((made) => initNotes(made, spec)))];
}

function initNotes({ want, image }: Made, { types, settings }: Spec): string[] {
  const declared = types.find(({ name }) => name === want.type)?.settings ?? settings;
  const init = declared.init === undefined ? ownInit(want, image) : undefined;
  return init === undefined ? [] : [`init left out: the image brings ${init}`];
}
