import * as z from "zod";
import { containerInputs, imageReference } from "./container/container-inputs";
import { env } from "./container/env-inputs";
import { hosts } from "./host-inputs";
import { IDENTITY } from "../values/identity";
import { APP_NAME, APP_NAME_RULE } from "../values/names";
import { networkInputs } from "./container/network-inputs";
import { processType, update } from "./process-inputs";
import {
  command,
  expecting,
  expectingSecret,
  maybe,
  oneOf,
  quantity,
  secretText,
  someTime,
  text,
  whole,
} from "./shape";
import { ORCHESTRATORS } from "./traits";

// The one source of the inputs' shape: types, messages and schema.json come from here.

/** The codes that `silence` takes. */
const ADVICE_CODES = ["long-jobs", "singleton-name", "single-web", "singleton-order", "cpus", "entrypoint"] as const;
export type AdviceCode = (typeof ADVICE_CODES)[number];

const releasePhase = z.strictObject({
  command: maybe(command)
    .optional()
    .describe("Overrides the Procfile's `release` line: run once per release, before any process is touched."),
  timeout: someTime.optional().describe("How long the command may take; past it the release is stopped. Default 1 h."),
});

const registryAuth = z.strictObject({
  address: maybe(text("a registry's address such as registry.example.com:5000")).describe("The registry's address."),
  username: maybe(secretText("a string")).describe("The user's name."),
  password: maybe(secretText("a string")).describe("The user's password or token."),
});

const backingService = z.strictObject({
  maxConnections: whole("a whole number, 1 or more", 1, 10_000_000).describe("How many connections it bears in all."),
  reserve: whole("a whole number, 0 or more", 0, 10_000_000)
    .optional()
    .describe("Connections kept for consoles, migrations and the like. Default 0."),
  policy: oneOf(["refuse", "warn"])
    .optional()
    .describe("What to do with a formation that could need more. Default `refuse`."),
});

export const inputs = z.strictObject({
  app: text(APP_NAME_RULE, (value) => APP_NAME.test(value))
    .optional()
    .describe("The app's name: 2 to 40 of `a-z`, `0-9` and `-`. Default: the resource's name."),
  takeOver: text("the identity of a formation, as the error names it", (value) => IDENTITY.test(value))
    .optional()
    .describe(
      "The identity of the formation that runs this app and whose state was really lost: this one takes its processes over. It does nothing for any other.",
    ),
  image: imageReference.describe("The image that every process runs: any reference the engine has or can pull."),
  pull: oneOf(["missing", "always", "never"])
    .optional()
    .describe("When to pull the image, always before anything is stopped. Default `missing`."),
  registryAuth: z
    .array(registryAuth, { error: expectingSecret("a list of registries with username and password") })
    .optional()
    .describe("Credentials of registries, as in @pulumi/docker's provider."),
  procfile: maybe(z.string({ error: expecting("the Procfile's text") }))
    .optional()
    .describe("The Procfile's text: `type: command` lines, blank lines and `#` comments."),
  appJson: maybe(z.string({ error: expecting("the text of app.json") }))
    .optional()
    .describe(
      "The text of Heroku's or Dokku's app.json, of which `formation` is used: quantities of a first deployment, sizes, limits.",
    ),
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
  ...containerInputs,
  network: maybe(text("a Docker network's name"))
    .optional()
    .describe("The Docker network that the processes join. Default: the engine's own bridge."),
  ...networkInputs,
  update: update.optional().describe("How new processes are brought in, unless the type says otherwise."),
  releasePhase: releasePhase.optional().describe("The command that is run once per release."),
  restartedAt: z
    .record(z.string(), maybe(text("any text, such as a time")), {
      error: expecting('an object such as { web: "2026-11-23T15:04:05Z" }'),
    })
    .optional()
    .describe(
      "By type, or by process such as `web.2`: any text; when it changes, the processes are replaced, one after the other.",
    ),
  maxProcesses: whole("a whole number, 1 or more", 1, 1_000_000)
    .optional()
    .describe("The largest number of processes allowed, all types together. Default: none."),
  backingServices: z
    .record(z.string(), backingService, { error: expecting("an object such as { db: { maxConnections: 100 } }") })
    .optional()
    .describe("What the processes share and what bears only so many connections, such as a database."),
  silence: z
    .array(oneOf(ADVICE_CODES), { error: expecting("a list of codes of advice") })
    .optional()
    .describe("Codes of advice that is not to be given."),
  hosts: hosts
    .optional()
    .describe(
      "The container hosts; with a Swarm, the addresses of managers, of which the next is tried when one fails. Default: stack config `formation:host`, `DOCKER_HOST`, the current docker context, the default socket.",
    ),
  orchestrator: oneOf(ORCHESTRATORS)
    .optional()
    .describe(
      "Who places and keeps the processes: `docker`, Formation itself on the hosts named, or `swarm`, the Docker Swarm whose managers the hosts are. Default `docker`.",
    ),
  secretsAsFiles: z
    .array(
      text("a variable's name, 1 to 200 of A-Z, a-z, 0-9 and _", (name) => /^[A-Za-z_]\w{0,199}$/.test(name)),
      {
        error: expecting('a list of names such as ["DATABASE_URL"]'),
      },
    )
    .optional()
    .describe(
      "Variables of `env` that are given to processes as files under `/run/secrets`, not in their environment; `DATABASE_URL_FILE` holds the path. On a Swarm they are Swarm secrets, on a Docker host files in the host's memory (`/dev/shm`).",
    ),
  abandonedNodes: z
    .array(text("a node's name or id"), { error: expecting('a list of names such as ["node-3"]') })
    .optional()
    .describe(
      "Swarm only: nodes that are down, and that a person vouches for being off: singletons that ran there are started elsewhere.",
    ),
  rebalance: maybe(text("any text, such as a time"))
    .optional()
    .describe("Any text; when it changes, processes are moved until every type is spread evenly over the hosts."),
});

export type Inputs = z.infer<typeof inputs>;
