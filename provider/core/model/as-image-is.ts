import type { DesiredInstance } from "./desired";
import { lineIn } from "./environment";
import { NO_CHECK } from "./health-check";
import { optional } from "../inputs/process-type";
import type { ContainerSettings } from "../inputs/container/container-settings";
import type { ImageConfig } from "../values/image";

// Defaults of a container that depend on its image. No digest tells of them: they change no container that is there.

/**
 * Adapts a container that is to be made to its image. What inputs say is left as they say.
 *
 * @param image as its host tells, if it does
 * @param imageCheck true when the image's own health check judges the process
 */
export function asImageIs(want: DesiredInstance, image: ImageConfig | undefined, imageCheck: boolean): DesiredInstance {
  const { settings } = want;
  const launched = launchedBy(want, image);
  const fitting: Partial<ContainerSettings> = {
    ...(ownInit(want, image) === undefined ? {} : { init: false }),
    ...(image?.hasHealthCheck === true && !imageCheck ? { health: NO_CHECK } : {}),
    ...optional("entrypoint", launched?.entrypoint),
  };
  if (Object.keys(fitting).length === 0) return want;
  return {
    ...want,
    ...optional("arguments", launched?.arguments ?? want.arguments),
    settings: { ...fitting, ...settings },
  };
}

const LAUNCHER = "/cnb/lifecycle/launcher";

interface Launched {
  readonly entrypoint: readonly string[];
  readonly arguments?: readonly string[];
}

/** Command of a process in an image of buildpacks: their launcher gives it its environment, and any other type. */
function launchedBy(want: DesiredInstance, image: ImageConfig | undefined): Launched | undefined {
  if (image?.processTypes === undefined || want.settings.entrypoint !== undefined) return undefined;
  const { type, arguments: words } = want;
  if (words === undefined) return { entrypoint: [`/cnb/process/${type}`] };
  const line = lineIn(words);
  return { entrypoint: [LAUNCHER], arguments: line === undefined ? ["--", ...words] : [line] };
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
  const [program = ""] = programOf(settings.entrypoint, given, image);
  return PATHS.has(program) || NAMES.has(program.split("/").at(-1) ?? "") ? program : undefined;
}

/** The words that a container runs, as an engine puts them together; none when nobody says any. */
export function programOf(
  entrypoint: readonly string[] | undefined,
  given: readonly string[] | undefined,
  image: ImageConfig | undefined,
): readonly string[] {
  // An entrypoint that is given leaves the image's command out.
  const own = entrypoint === undefined ? (image?.command ?? []) : [];
  return [...(entrypoint ?? image?.entrypoint ?? []).filter((word) => word !== ""), ...(given ?? own)];
}
