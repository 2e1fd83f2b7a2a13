import * as z from "zod";
import { parseMemory } from "../../values/units";
import { isOwnLabel } from "../../values/names";
import { mounts } from "./mount-inputs";
import { expecting, flag, maybe, measure, text, whole } from "../shape";

// The shape of a container's settings, the same for the whole app and for one process type.

const SIGNAL = /^(SIG)?(HUP|INT|QUIT|ABRT|KILL|USR[12]|TERM|CONT|TSTP|WINCH|PWR|RTM(IN(\+\d+)?|AX(-\d+)?))$|^[1-9]\d?$/;
const CAPABILITY = /^(ALL|(CAP_)?[A-Z][A-Z_]+)$/;
const PATH = /^\/[^\0:]*$/;
const LABEL_RULE = "a label's name, not of formation's own: they begin with formation.";
const NAME = /^[^\s=\0]+$/;
const ADDRESS = /^[\da-fA-F.:]+$/;

const path = text("an absolute path in the container, such as /data", (value) => PATH.test(value));
const words = (allowed: string) => z.array(text("a word"), { error: expecting(allowed) });
const named = <T extends z.ZodType>(allowed: string, value: T, name = NAME) =>
  z.record(
    text(`a name, as in ${allowed}`, (key) => name.test(key)),
    value,
    { error: expecting(allowed) },
  );
const anyText = (allowed: string) => maybe(text(allowed, (value) => !value.includes("\0")));
const most = whole("a whole number, or -1 for no limit", -1, Number.MAX_SAFE_INTEGER);
const bytes = (least: number, allowed: string) =>
  measure(allowed, (value) => {
    const parsed = parseMemory(value);
    return parsed !== undefined && parsed >= least ? parsed : undefined;
  });

const DEVICE = /^\/[^\0:]+(:\/[^\0:]+)?(:[rwm]{1,3})?$/;
const TMPFS = /^\/[^\0:]*(:(size=\d+[kmg]?|mode=[0-7]{3,4})(,(size=\d+[kmg]?|mode=[0-7]{3,4}))?)?$/;

export const imageReference = maybe(text("an image reference such as shop:1", (value) => /^[^\s\0]+$/.test(value)));

/** Settings, in the words of Compose. An input that is left out leaves the image's or the engine's own. */
export const containerInputs = {
  entrypoint: z
    .array(z.string({ error: expecting("a word") }), { error: expecting('a list of words such as ["/init"]') })
    .optional()
    .describe(
      "The words before the command, in place of the image's ENTRYPOINT; `[]` for none. Default: the image's own.",
    ),
  user: maybe(text("a user such as app, 1000 or 1000:1000", (value) => /^[^\s\0]+$/.test(value)))
    .optional()
    .describe("The user that processes run as, by name or number, with a group after a colon. Default: the image's."),
  workingDir: path.optional().describe("The folder that processes start in. Default: the image's own."),
  labels: named('{ "traefik.enable": "true" }', anyText("a label's value"))
    .refine((labels) => Object.keys(labels).every((name) => !isOwnLabel(name)), {
      error: expecting(LABEL_RULE),
    })
    .optional()
    .describe("Labels of each container, such as those that a proxy reads. Those of a type are added to the app's."),
  stopSignal: text("a signal such as SIGQUIT", (value) => SIGNAL.test(value))
    .optional()
    .describe("The signal that asks a process to stop. Default: the image's STOPSIGNAL, else SIGTERM."),
  init: flag
    .optional()
    .describe(
      "Runs an init of the engine, which passes signals on and reaps orphans. Default: true, unless the image brings one of its own.",
    ),
  noNewPrivileges: flag.optional().describe("Keeps processes from gaining privileges, as by sudo. Default true."),
  readOnly: flag.optional().describe("Makes the container's own file system read only. Default false."),
  tmpfs: z
    .array(
      text('a path such as "/tmp" or "/run:size=64m,mode=1777"', (value) => TMPFS.test(value)),
      { error: expecting('a list of paths such as ["/tmp", "/run:size=64m"]') },
    )
    .optional()
    .describe("Folders that are kept in memory, and that are gone with the container."),
  mounts: mounts
    .optional()
    .describe(
      "Volumes, paths of the host and folders in memory. Those of a type are added to the app's, and stand in the place of one at the same path.",
    ),
  capabilities: z
    .strictObject({
      add: z
        .array(
          text("a capability such as NET_ADMIN", (value) => CAPABILITY.test(value)),
          {
            error: expecting('a list such as ["NET_ADMIN"]'),
          },
        )
        .optional()
        .describe("Capabilities to add to the engine's default ones."),
      drop: z
        .array(
          text("a capability such as NET_RAW, or ALL", (value) => CAPABILITY.test(value)),
          {
            error: expecting('a list such as ["ALL"]'),
          },
        )
        .optional()
        .describe("Capabilities to take away; `ALL` for all but those that are added."),
    })
    .optional()
    .describe("Linux capabilities. Default: the engine's own."),
  ulimits: named(
    "{ nofile: 65536 }",
    z.union([
      z.strictObject({
        soft: most.describe("The limit that applies."),
        hard: most.describe("The highest it may be raised to."),
      }),
      most,
    ]),
    /^[a-z]+$/,
  )
    .optional()
    .describe("Limits of each process as `ulimit` sets them: one number, or `soft` and `hard`; -1 for none."),
  pidsLimit: whole("a whole number, 1 or more", 1, 4_194_304)
    .optional()
    .describe("How many processes and threads a container may have. Default 4096."),
  shmSize: bytes(65_536, '64Ki or more, in bytes or such as "256Mi"')
    .optional()
    .describe("The size of /dev/shm. Default: the engine's own, 64 MiB."),
  sysctls: named('{ "net.core.somaxconn": "1024" }', text("a value, as text"), /^[\w.-]+$/)
    .optional()
    .describe("Kernel parameters of the container's own namespaces."),
  extraHosts: named('{ "db.internal": "10.0.0.5" }', anyText("an address"))
    .optional()
    .describe("Names that stand for addresses in /etc/hosts; `host-gateway` stands for the host, except on a Swarm."),
  dns: z
    .array(
      text("an address such as 10.0.0.2", (value) => ADDRESS.test(value)),
      { error: expecting('a list of addresses such as ["10.0.0.2"]') },
    )
    .optional()
    .describe("Name servers. Default: the engine's own."),
  dnsSearch: words('a list of domains such as ["internal.example.com"]')
    .optional()
    .describe("Domains in which short names are looked up."),
  dnsOptions: words('a list such as ["ndots:2"]').optional().describe("Options of the resolver, as in resolv.conf."),
  devices: z
    .array(
      text('a device such as "/dev/ttyUSB0" or "/dev/sda:/dev/xvda:r"', (value) => DEVICE.test(value)),
      { error: expecting('a list of devices such as ["/dev/ttyUSB0"]') },
    )
    .optional()
    .describe("Devices of the host, as `host[:container][:permissions]`. Not on a Swarm."),
  gpus: z
    .union([
      z.literal("all"),
      whole("a number of GPUs", 1, 1000),
      z.array(text("a GPU's id"), { error: expecting('"all", a number, or a list of ids') }).min(1),
    ])
    .optional()
    .describe('GPUs of the host: `"all"`, how many, or their ids. Not on a Swarm.'),
  logging: z
    .strictObject({
      driver: text("a log driver such as journald or fluentd", (value) => /^[\w./:-]+$/.test(value)).describe(
        "The log driver.",
      ),
      options: named('{ tag: "shop" }', anyText("an option's value, as text"))
        .optional()
        .describe("Options of the driver."),
    })
    .optional()
    .describe("Where logs go. Default: `json-file`, three files of 10 MB."),
  platform: text("a platform such as linux/arm64", (value) => /^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9]+)?$/.test(value))
    .optional()
    .describe("The platform of the image, where it has several. Default: the host's own."),
};

export type ContainerInputs = z.infer<z.ZodObject<typeof containerInputs>>;
