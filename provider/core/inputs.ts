import { z } from "zod";
import { APP_NAME, APP_NAME_RULE } from "./names";
import { parseBind, parseHostAddress } from "./addresses";
import { UNKNOWN, type Unknown } from "./unknown";
import { parseCpus, parseDuration, parseMemory } from "./units";

// The one source of the inputs' shape: types, messages and schema.json come from here.

const NUL = "\0";
const QUANTITY_RULE = "a whole number, 0 or more";

/** A fault in the words "<path> is <value>: give <what is allowed>"; the path is added where faults are collected. */
function expecting(allowed: string) {
  return (issue: { readonly input?: unknown }) =>
    issue.input === undefined ? `is missing: give ${allowed}` : `is ${show(issue.input)}: give ${allowed}`;
}

/** Never the value itself: it may be a secret. */
const expectingText = (issue: { readonly input?: unknown }) =>
  issue.input === undefined ? "is missing: give a string" : `is ${kindOf(issue.input)}: give a string`;

function show(value: unknown): string {
  if (typeof value === "number") return String(value);
  const text = (JSON.stringify(value) as string | undefined) ?? String(value);
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return typeof value === "string" ? `${short} (a string)` : short;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return `a ${typeof value}`;
}

const unknown = z.custom<Unknown>((value) => value === UNKNOWN);
/** Also accepts a value that is known only at `up`. */
const maybe = <T extends z.ZodType>(shape: T) => z.union([unknown, shape]);

function text(allowed: string, test: (value: string) => boolean = (value) => value !== "") {
  return z.string({ error: expecting(allowed) }).refine(test, { error: expecting(allowed) });
}

function measure(allowed: string, parse: (value: string | number) => number | undefined) {
  const given = z.union([z.string(), z.number()], { error: expecting(allowed) });
  return given.refine((value) => parse(value) !== undefined, { error: expecting(allowed) });
}

const duration = measure('seconds or a duration such as "90s" or "2m"', parseDuration);
const whole = (allowed: string, min: number, max: number) => {
  const error = expecting(allowed);
  return z.int({ error }).min(min, { error }).max(max, { error });
};

/** How many processes of one type: the one shape of a quantity, wherever it comes from. */
export const quantity = whole(QUANTITY_RULE, 0, Number.MAX_SAFE_INTEGER);

const command = z.union([
  text("a command line, or a list of words", (value) => value.trim() !== "" && !value.includes(NUL)),
  z
    .array(text("a word", (value) => !value.includes(NUL)))
    .min(1, { error: expecting("a command line, or a list of words") }),
]);

const env = z.record(
  text("a name without = and spaces", (name) => /^[^=\s\0]+$/.test(name)),
  maybe(
    z
      .string({ error: expectingText })
      .refine((value) => !value.includes(NUL), { error: () => "has a NUL character: remove it" }),
  ),
  { error: expecting("an object of names and values") },
);

const size = z.strictObject({
  cpus: measure('CPUs such as 0.5, "0.5" or "500m"', parseCpus)
    .optional()
    .describe('CPU limit of each process: `0.5`, `"0.5"` or `"500m"`.'),
  memory: measure('6Mi or more, in bytes or such as "256Mi", "256m", "1Gi" or "1g"', (value) =>
    (parseMemory(value) ?? 0) >= 6 * 2 ** 20 ? parseMemory(value) : undefined,
  )
    .optional()
    .describe('Memory limit of each process: bytes, `"256Mi"` or `"256m"`, `"1Gi"` or `"1g"` (all powers of 1024).'),
});

const processType = z.strictObject({
  command: maybe(command)
    .optional()
    .describe("Overrides the Procfile's command. A string runs in `/bin/sh`, a list of words runs as it is."),
  port: whole("a port from 1 to 65535", 1, 65535)
    .optional()
    .describe("The port that each process listens on: it is told in `PORT`, and published on the host."),
  bind: text(
    'a host address such as "127.0.0.1", "0.0.0.0:8080" or "[::1]:8080"',
    (value) => parseBind(value) !== undefined,
  )
    .optional()
    .describe(
      "Where `port` is published: an address, or `address:port` for a fixed port. Default `127.0.0.1`, on a free port.",
    ),
  size: size.optional().describe("CPU and memory limits of each process. Default: none."),
  stopTimeout: duration
    .optional()
    .describe('How long a process may take to stop after SIGTERM, before SIGKILL: seconds or `"2m"`. Default 30 s.'),
  singleton: z
    .boolean({ error: expecting("true or false") })
    .optional()
    .describe("Whether the type must never run twice. Default: true for `clock`, `scheduler`, `cron` and `beat`."),
  max: whole("a whole number, 1 or more", 1, 10_000).optional().describe("The largest quantity allowed. Default 100."),
});

const host = z.strictObject({
  name: text("a short name for messages", (value) => /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/.test(value))
    .optional()
    .describe("The host's name in plans and outputs. Default: taken from its address."),
  host: maybe(
    text("an engine's address such as unix:///var/run/docker.sock", (value) => parseHostAddress(value) !== undefined),
  ).describe("The Docker engine's address, as in @pulumi/docker's provider: `unix:///var/run/docker.sock`."),
});

const update = z.strictObject({
  monitor: duration
    .optional()
    .describe("How long a new process must run without exiting before it counts as started. Default 5 s."),
});

export const inputs = z.strictObject({
  app: text(APP_NAME_RULE, (value) => APP_NAME.test(value))
    .optional()
    .describe("The app's name: 2 to 40 of `a-z`, `0-9` and `-`. Default: the resource's name."),
  image: maybe(text("an image reference such as shop:1", (value) => /^[^\s\0]+$/.test(value))).describe(
    "The image that every process runs: any reference the engine has or can pull.",
  ),
  procfile: maybe(z.string({ error: expecting("the Procfile's text") }))
    .optional()
    .describe("The Procfile's text: `type: command` lines, blank lines and `#` comments."),
  processes: z
    .record(z.string(), processType, { error: expecting("an object of process types") })
    .optional()
    .describe("Settings of process types, by type; also defines types that the Procfile does not have."),
  scale: maybe(
    z.record(z.string(), maybe(quantity), { error: expecting("an object of quantities such as { web: 2 }") }),
  )
    .optional()
    .describe("Quantities of the types to change. Types not named keep theirs; a new app runs one web process."),
  env: env.optional().describe("Environment variables of every process. Values may be secret."),
  network: maybe(text("a Docker network's name"))
    .optional()
    .describe("The Docker network that the processes join. Default: the engine's own bridge."),
  update: update.optional().describe("How new processes are brought in."),
  hosts: z
    .array(host, { error: expecting("a list of hosts") })
    .min(1, { error: () => "is empty: name a host, or leave hosts out for the engine that docker itself would use" })
    .max(1, { error: () => "names several hosts: one is supported so far" })
    .optional()
    .describe(
      "The container hosts. Default: stack config `formation:host`, `DOCKER_HOST`, the current docker context, the default socket.",
    ),
});

export type Inputs = z.infer<typeof inputs>;

/** Every fault of a value as `<path> <what is wrong>: <what to do>`, in the order of the value. */
export function faultsOf(error: Pick<z.ZodError, "issues">, root = ""): string[] {
  return error.issues.flatMap((issue) => issueTexts(issue, root === "" ? [] : [root]));
}

function issueTexts(issue: z.core.$ZodIssue, parent: readonly PropertyKey[]): string[] {
  const path = [...parent, ...issue.path];
  // In a union with unknown, the last shape is the one that people write.
  const shapes = issue.code === "invalid_union" ? issue.errors.filter((one) => one.length > 0) : [];
  const deepest = shapes.at(-1);
  if (deepest !== undefined && !issue.message.startsWith("is ")) {
    return deepest.flatMap((inner) => issueTexts(inner, path));
  }
  if (issue.code === "invalid_key") return issue.issues.flatMap((inner) => issueTexts(inner, path));
  const where = path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map(
      (key) => `${[...path.map(String), key].join(".")} is not an input of Formation: check its spelling`,
    );
  }
  return [`${where} ${issue.message}`];
}
