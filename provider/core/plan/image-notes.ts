import { ownInit, programOf } from "../model/as-image-is";
import type { Change } from "../model/change";
import type { DesiredInstance } from "../model/desired";
import { effectOf } from "../model/effects";
import { imageConfigAt, type ObservedHost } from "../model/observed";
import { FormationError } from "../values/errors";
import type { ImageConfig } from "../values/image";
import type { ContainerSettings } from "../inputs/container/container-settings";
import type { Spec } from "../inputs/spec";

/** A container that a plan makes, its settings as declared, and the configuration of its image, if that is known. */
interface Made {
  readonly want: DesiredInstance;
  readonly declared: ContainerSettings;
  readonly image: ImageConfig | undefined;
  readonly spec: Spec;
}

/** Notes on what images say of themselves, for those who might wonder, each of them once. */
export function imageNotes(changes: readonly Change[], hosts: readonly ObservedHost[], spec: Spec): string[] {
  const all = madeBy(changes, hosts, spec);
  return [...new Set([initNote, entrypointAdvice, volumeNotes].flatMap((notes) => all.flatMap(notes)))];
}

/** Refuses a process without a command where the image has none for it, either. */
export function ownCommandRefusal(
  changes: readonly Change[],
  hosts: readonly ObservedHost[],
  spec: Spec,
): FormationError | undefined {
  for (const { want, declared, image } of madeBy(changes, hosts, spec)) {
    if (image === undefined || want.arguments !== undefined || declared.entrypoint !== undefined) continue;
    const command = `processes.${want.type}.command`;
    const { processTypes: types = [] } = image;
    if (types.length > 0 && !types.includes(want.type)) {
      const what = `processes.${want.type} has no command, and image ${String(want.image)} defines ${types.join(", ")}`;
      return new FormationError("InvalidInput", `${what}: give one, or correct the name`);
    }
    if (programOf(undefined, undefined, image).length === 0)
      return new FormationError(
        "InvalidInput",
        `image ${String(want.image)} has no command of its own: give ${command}`,
      );
  }
  return undefined;
}

function madeBy(changes: readonly Change[], hosts: readonly ObservedHost[], spec: Spec): Made[] {
  return changes.flatMap(({ host, steps }) => {
    const at = hosts.find(({ name }) => name === host);
    return steps.map(effectOf).flatMap(({ makes, runsOnce }) => {
      const want = makes ?? runsOnce;
      if (want === undefined) return [];
      const declared = spec.types.find(({ name }) => name === want.type)?.settings ?? spec.settings;
      return [{ want, declared, image: imageConfigAt(at, want.image), spec }];
    });
  });
}

function initNote({ want, declared, image }: Made): string[] {
  const init = declared.init === undefined ? ownInit(want, image) : undefined;
  return init === undefined ? [] : [`init left out: the image brings ${init}`];
}

/** Names volumes that an engine makes for each container, and removes with it. */
function volumeNotes({ want, image }: Made): string[] {
  const covered = new Set(
    [...(want.settings.tmpfs ?? []), ...(want.settings.mounts ?? [])].map(({ target }) => target),
  );
  return (image?.volumes ?? [])
    .filter((path) => want.restart && !covered.has(path))
    .map(
      (path) =>
        `the image's VOLUME ${path} is gone with each container of ${want.type}: mount a volume there to keep it`,
    );
}

/** Interpreters that take the words after a program as that program's own arguments. */
const INTERPRETER = /^(node|bun|deno|python[\d.]*|ruby|perl|php[\d.]*|java|dotnet)$/;
const SHELL = /^(sh|bash|ash|dash)$/;

/** Advises on an entrypoint that begins its own program, whatever the command is. One that is a script may hand it on. */
function entrypointAdvice({ want: { type, arguments: command }, declared, image, spec }: Made): string[] {
  const [program = "", ...words] = image?.entrypoint ?? [];
  const name = program.split("/").at(-1) ?? "";
  const isOwn = INTERPRETER.test(name)
    ? words.length > 0
    : SHELL.test(name) && words[0] === "-c" && !/\$[@*]/.test(words[1] ?? "");
  if (!isOwn || command === undefined || declared.entrypoint !== undefined || spec.silence.includes("entrypoint"))
    return [];
  const own = [program, ...words].join(" ");
  return [
    `the image's ENTRYPOINT ${own} takes the command of ${type} as its arguments: set processes.${type}.entrypoint to [], or silence: ["entrypoint"]`,
  ];
}
