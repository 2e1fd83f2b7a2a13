import * as z from "zod";
import { parseBind } from "../values/addresses";
import { containerInputs, imageReference } from "./container/container-inputs";
import { env } from "./container/env-inputs";
import { headers } from "./http-headers";
import { networkInputs } from "./container/network-inputs";
import { command, duration, expecting, flag, maybe, measure, oneOf, someTime, text, whole } from "./shape";
import { inBytes, parseCpus, parseMemory } from "../values/units";

// The shape of the inputs of one process type.

const cpus = measure('CPUs such as 0.5, ".5" or "500m"', parseCpus);
/** A limit of CPUs: engines give nobody less than a hundredth of one. */
const limitOfCpus = measure('0.01 CPUs or more, such as 0.5, ".5" or "500m"', (value) => {
  const nano = parseCpus(value);
  return nano !== undefined && nano >= 10_000_000 ? nano : undefined;
});
const MEMORY_RULE = '6Mi to 1024Ti, in bytes or such as "256M", "256MB", "256Mi" or "1.5G", all powers of 1024';
const memory = measure(
  (input) => inBytes(input) ?? MEMORY_RULE,
  (value) => {
    const bytes = parseMemory(value);
    return bytes !== undefined && bytes >= 6 * 2 ** 20 && bytes <= 2 ** 50 ? bytes : undefined;
  },
);

const size = z.strictObject({
  cpus: limitOfCpus.optional().describe('CPU limit of each process: `0.5`, `".5"` or `"500m"`.'),
  memory: memory
    .optional()
    .describe(
      'Memory limit of each process: bytes, or `"256M"`, `"256MB"`, `"256Mi"`, `"1.5G"`. As in Docker, all are powers of 1024, in capitals or small letters; `"256Mb"` is refused.',
    ),
});

const reservation = z.strictObject({
  cpus: cpus.optional().describe("CPUs that each process must find free on its host."),
  memory: memory
    .optional()
    .describe("Memory that each process must find free on its host, in the spellings of `size.memory`."),
});

export const update = z.strictObject({
  order: oneOf(["start-first", "stop-first"])
    .optional()
    .describe(
      "Whether a new process is started before its predecessor is stopped. Default `start-first`; a singleton, a process whose successor needs the same host port, and one that writes to a volume of one host, is always stopped first.",
    ),
  parallelism: whole("a whole number, 1 or more", 1, 10_000)
    .optional()
    .describe("How many processes of a type are replaced at a time. Default: a quarter of them, rounded up."),
  delay: duration.optional().describe("How long to wait before the next process is replaced. Default 0."),
  monitor: duration
    .optional()
    .describe(
      "How long a new process must run without exiting before it counts as started. Default 5 s; no time of its own where `health` says when it is ready.",
    ),
  failureAction: oneOf(["rollback", "pause"])
    .optional()
    .describe(
      "What to do when a new process does not become ready: put the former release back, or stop there. Default `rollback`.",
    ),
});

const TEST_RULE = '["CMD", "curl", "-f", "localhost"], ["CMD-SHELL", "a line for the shell"] or ["NONE"]';

/** True for a list that is a health check: an engine takes any other silently, and then makes no check. */
function isHealthTest([how, ...words]: readonly string[]): boolean {
  if (how === "CMD") return words.length > 0;
  return how === "CMD-SHELL" ? words.length === 1 : how === "NONE" && words.length === 0;
}

const health = z.strictObject({
  path: text("a path such as /healthz", (value) => /^\/[^\s\0]*$/.test(value))
    .optional()
    .describe("Asked over HTTP on the type's `port`; the process is ready when it answers."),
  status: whole("an HTTP status from 100 to 599", 100, 599)
    .optional()
    .describe("The status that the answer must have. Default: any from 200 to 399."),
  headers: headers
    .optional()
    .describe(
      'Headers that `path` is asked with, such as `{ Host: "shop.example.com" }` for an app that answers its own names only. Values may be secret.',
    ),
  test: z
    .array(text("a word"), { error: expecting(TEST_RULE) })
    .refine(isHealthTest, { error: expecting(TEST_RULE) })
    .optional()
    .describe(
      'Docker\'s own health check, run in the container: `["CMD", …]`, `["CMD-SHELL", "…"]`, or `["NONE"]` for none at all.',
    ),
  image: flag
    .optional()
    .describe(
      "Whether the image's own HEALTHCHECK judges the type's processes. Default: true for a type with a `port`, as such a check usually asks the web server.",
    ),
  interval: someTime.optional().describe("The time between two checks. Default 1 s for `path`, 5 s for `test`."),
  timeout: someTime.optional().describe("How long one check may take. Default 5 s."),
  retries: whole("a whole number, 1 or more", 1, 1000)
    .optional()
    .describe("How many checks in a row may fail after `startPeriod`. Default 3."),
  startPeriod: duration
    .optional()
    .describe("How long a process may take to start, during which failed checks do not count. Default 30 s."),
});

export const processType = z.strictObject({
  command: maybe(command)
    .optional()
    .describe(
      "Overrides the Procfile's command. A string runs in `/bin/sh`, a list of words runs as it is. Default, without a Procfile: the image's own.",
    ),
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
  image: imageReference.optional().describe("Another image for this type. Default: that of the app."),
  env: env.optional().describe("Environment variables of this type, beside those of the app. Values may be secret."),
  ...containerInputs,
  ...networkInputs,
  size: size.optional().describe("CPU and memory limits of each process. Default: none."),
  reservation: reservation
    .optional()
    .describe("What each process needs of its host; a formation that does not fit is refused. Default: nothing."),
  placement: z
    .strictObject({
      labels: z
        .record(z.string(), text("a label's value"), { error: expecting('an object such as { disk: "ssd" }') })
        .optional()
        .describe("Labels that a host must have to run processes of this type."),
      spread: text("a node label's name, such as zone", (value) => /^[\w.-]+$/.test(value))
        .optional()
        .describe(
          "Swarm only: a label of nodes, over whose values processes are spread evenly before they are over nodes.",
        ),
    })
    .optional()
    .describe("Which hosts the type may run on. Default: all."),
  stopTimeout: duration
    .optional()
    .describe('How long a process may take to stop after SIGTERM, before SIGKILL: seconds or `"2m"`. Default 30 s.'),
  publishMode: oneOf(["ingress", "host"])
    .optional()
    .describe(
      "Swarm only: whether `port` is published on every node, through the routing mesh, or on each process's own. Default `ingress`.",
    ),
  singleton: z
    .union([z.literal("failover"), flag])
    .optional()
    .describe(
      'Whether the type must never run twice. `"failover"`, on a Swarm only: it may move to another node by itself, and then run twice for as long as its node is cut off. Default: true for `clock`, `scheduler`, `cron` and `beat`.',
    ),
  min: whole("a whole number, 0 or more", 0, 10_000).optional().describe("The smallest quantity allowed. Default 0."),
  max: whole("a whole number, 1 or more", 1, 10_000).optional().describe("The largest quantity allowed. Default 100."),
  connections: z
    .record(z.string(), whole("a whole number, 0 or more", 0, 1_000_000), {
      error: expecting("an object such as { db: 10 }"),
    })
    .optional()
    .describe("Connections that each process holds, by backing service: its pool's size times its own workers."),
  jobTimeout: someTime
    .optional()
    .describe("How long one job of this type may take. Only used for advice: long jobs want fan-out."),
  update: update
    .optional()
    .describe("How new processes of this type are brought in; overrides the formation's `update`."),
  health: health
    .optional()
    .describe(
      "How to tell that a process is ready. Default: by the image's own HEALTHCHECK, if it has one and the type has a `port`, and by having run for `update.monitor`.",
    ),
});

export type ProcessInputs = z.infer<typeof processType>;
export type UpdateInputs = z.infer<typeof update>;
