import type { DesiredInstance } from "./desired";
import type { ImageConfig } from "../values/image";

// Defaults of a container that depend on its image. No digest tells of them: they change no container that is there.

/**
 * Adapts a container that is to be made to its image. What inputs say is left as they say.
 *
 * @param image as its host tells, if it does
 */
export function asImageIs(want: DesiredInstance, image: ImageConfig | undefined): DesiredInstance {
  if (want.settings.init !== undefined || ownInit(want, image) === undefined) return want;
  return { ...want, settings: { ...want.settings, init: false } };
}

const NAMES: ReadonlySet<string> = new Set([
  "catatonit",
  "docker-init",
  "dumb-init",
  "my_init",
  "runit",
  "runit-init",
  "runsvdir",
  "s6-svscan",
  "systemd",
  "tini",
  "tini-static",
]);
/** The init of s6-overlay, and that of a whole system. Elsewhere, a program of this name may be anything. */
const PATHS: ReadonlySet<string> = new Set(["/init", "/sbin/init", "/usr/sbin/init"]);

/** The init that a container brings: its first program, which may insist on being the first process. */
export function ownInit(
  { settings, arguments: given }: Pick<DesiredInstance, "settings" | "arguments">,
  image: ImageConfig | undefined,
): string | undefined {
  const entrypoint = settings.entrypoint ?? image?.entrypoint ?? [];
  const [program = ""] = [...entrypoint.filter((word) => word !== ""), ...given];
  return PATHS.has(program) || NAMES.has(program.split("/").at(-1) ?? "") ? program : undefined;
}
