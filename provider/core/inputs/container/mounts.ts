import { entryOf } from "../../values/entry";
import { compare } from "../../values/formation";
import { parseMemory, type Bytes } from "../../values/units";
import { isKnown, type Maybe } from "../../values/unknown";
import { pathOf } from "../../values/paths";
import type { MountInputs } from "./mount-inputs";

type Named<T> = Readonly<Record<string, T>>;

/** A volume, a path of the host, or memory, at a path in a container. A property that is absent is at its default. */
export type Mount =
  | {
      readonly type: "volume";
      readonly source: Maybe<string>;
      readonly target: string;
      readonly readOnly?: true;
      readonly driver?: string;
      readonly driverOptions?: Named<Maybe<string>>;
    }
  | { readonly type: "bind"; readonly source: Maybe<string>; readonly target: string; readonly readOnly?: true }
  | {
      readonly type: "tmpfs";
      readonly target: string;
      readonly readOnly?: true;
      readonly size?: Bytes;
      /** Permissions, such as 0o1777. */
      readonly mode?: number;
    };

/** Mounts in the order of their paths: the order in which they are given means nothing. */
export function mountsIn(list: MountInputs): readonly Mount[] | undefined {
  if (list.length === 0) return undefined;
  return list.map(mountIn).sort((a, b) => compare(a.target, b.target));
}

/** Mounts of the app and of a type; the type's own stand in the place of those at the same path. */
export function mountsTogether(app: MountInputs, own: MountInputs): MountInputs {
  const paths = new Set(own.map(({ target }) => pathOf(target)));
  return [...app.filter(({ target }) => !paths.has(pathOf(target))), ...own];
}

function mountIn({ type, source, target, readOnly, driver, driverOptions, size, mode }: MountInputs[number]): Mount {
  const at = { target: pathOf(target), ...(readOnly === true ? { readOnly } : {}) };
  if (type === "tmpfs")
    return {
      type,
      ...at,
      ...(size === undefined ? {} : { size: parseMemory(size) ?? 0 }),
      ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }),
    };
  if (type === "bind") return { type, source: source ?? "", ...at };
  return {
    type,
    source: source ?? "",
    ...at,
    ...(driver === undefined || driver === LOCAL ? {} : { driver }),
    ...(driverOptions === undefined || Object.keys(driverOptions).length === 0 ? {} : { driverOptions }),
  };
}

/** The engines' own driver, and their default. */
export const LOCAL = "local";

/** File systems of the local driver that are on another machine, which every host can reach. */
const SHARED = /^(nfs\d?|cifs|smb\d?|smbfs|ceph|glusterfs)$/;

/**
 * Names of the volumes that processes write to and that are on one host alone: each of them has one writer in a slot,
 * and a process on another host would find it empty.
 */
export function ownVolumes({ mounts = [] }: { readonly mounts?: readonly Mount[] }): readonly Maybe<string>[] {
  return mounts.flatMap((mount) => {
    if (mount.type !== "volume" || mount.readOnly === true || mount.driver !== undefined) return [];
    const kind = entryOf(mount.driverOptions, "type");
    return typeof kind === "string" && SHARED.test(kind) ? [] : [mount.source];
  });
}

/** Names of all volumes, as far as they are known. */
export function volumesIn({ mounts = [] }: { readonly mounts?: readonly Mount[] }): readonly string[] {
  return mounts.flatMap((mount) => (mount.type === "volume" && isKnown<string>(mount.source) ? [mount.source] : []));
}
