import * as z from "zod";
import { pathOf } from "../../values/paths";
import { parseMemory } from "../../values/units";
import { UNKNOWN } from "../../values/unknown";
import { expecting, flag, maybe, measure, oneOf, text } from "../shape";

// The shape of mounts, in the words of Docker's API.

/** An engine's own rule. A path is no name: it is mounted as it is, with a type of its own. */
const VOLUME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;
const VOLUME_RULE =
  'a volume\'s name such as "data", of letters, digits, _, . and -; for a path of the host, set type to "bind"';
const UNNAMED_RULE = 'a volume\'s name such as "data": one without a name would be gone with its container';
const BIND_RULE = "an absolute path on the host, such as /srv/data";
const TARGET_RULE = "an absolute path in the container other than /, such as /data";
const LIST_RULE = 'a list such as [{ type: "volume", source: "data", target: "/data" }]';
const MODE_RULE = 'permissions in octal, as text such as "1777"';

const shape = z.strictObject({
  type: oneOf(["volume", "bind", "tmpfs"]).describe(
    "`volume`: a named volume of the engine; `bind`: a path of the host; `tmpfs`: a folder in memory.",
  ),
  source: maybe(text("a volume's name, or a path of the host"))
    .optional()
    .describe("The volume's name, used as it is, or the path on the host, which must be there."),
  target: text(TARGET_RULE, isTarget).describe("The path in the container."),
  readOnly: flag.optional().describe("Lets processes only read it. Default false."),
  driver: text("a volume driver such as local", (value) => /^[\w./:-]+$/.test(value))
    .optional()
    .describe("The driver that makes the volume. Default `local`."),
  driverOptions: z
    .record(text("an option's name"), maybe(text("an option's value, as text", () => true)), {
      error: expecting('options such as { type: "nfs", o: "addr=10.0.0.5", device: ":/shop" }'),
    })
    .optional()
    .describe("Options of the driver, for a volume that is not there yet."),
  size: measure('bytes or such as "64Mi"', parseMemory)
    .optional()
    .describe("The size of a folder in memory. Default: half of the host's memory."),
  mode: text(MODE_RULE, (value) => /^[0-7]{3,4}$/.test(value))
    .optional()
    .describe('The permissions of a folder in memory, in octal. Default `"1777"`.'),
});

type Given = z.infer<typeof shape>;

/** Properties that a type of mount does not have. */
const FOREIGN: Readonly<Record<Given["type"], readonly (keyof Given)[]>> = {
  volume: ["size", "mode"],
  bind: ["driver", "driverOptions", "size", "mode"],
  tmpfs: ["source", "driver", "driverOptions"],
};

const mount = shape.superRefine((given, context) => {
  const { type, source } = given;
  const say = (property: keyof Given, message: string) =>
    context.addIssue({ code: "custom", path: [property], message, input: given });
  for (const property of FOREIGN[type].filter((name) => given[name] !== undefined))
    say(property, `is not a property of a ${type}: leave it out`);
  if (type === "tmpfs" || source === UNKNOWN) return;
  const isRight = type === "volume" ? VOLUME.test(source ?? "") : (source ?? "").startsWith("/");
  if (isRight) return;
  const rule = type === "bind" ? BIND_RULE : source === undefined ? UNNAMED_RULE : VOLUME_RULE;
  say("source", expecting(rule)({ input: source }));
});

export const mounts = z.array(mount, { error: expecting(LIST_RULE) }).superRefine((list, context) => {
  const targets = list.map(({ target }) => pathOf(target));
  for (const [at, target] of targets.entries())
    if (targets.indexOf(target) < at)
      context.addIssue({
        code: "custom",
        path: [at, "target"],
        message: `is ${target} again: give each path once`,
        input: list,
      });
});

export type MountInputs = z.infer<typeof mounts>;

function isTarget(value: string): boolean {
  return /^\/[^\0:]*$/.test(value) && pathOf(value) !== "/";
}
