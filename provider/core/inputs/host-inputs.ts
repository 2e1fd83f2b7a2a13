import * as z from "zod";
import {
  HOST_ADDRESS_RULE,
  hostName,
  isLoopback,
  parseHostAddress,
  PLAIN_TCP,
  withoutPassword,
} from "../values/addresses";
import { duration, expecting, expectingSecret, flag, maybe, secretText, text, whole } from "./shape";
import { sshOptionFaults } from "./ssh-options";

// The shape of `hosts`, in the words of @pulumi/docker's provider arguments.

const MOST = 200;

const expectingAddress = ({ input }: { readonly input?: unknown }) =>
  expecting(HOST_ADDRESS_RULE)({ input: typeof input === "string" ? withoutPassword(input) : input });

/** Puts an address that stands alone into the object that it belongs in. Any other text may hold a secret. */
function expectingHosts(allowed: string, around: (entry: string) => string) {
  return ({ code, input }: z.core.$ZodRawIssue) => {
    if (code !== "invalid_type") return undefined;
    const isAddress = typeof input === "string" && parseHostAddress(input) !== undefined;
    return isAddress
      ? expecting(around(`{ host: ${JSON.stringify(input)} }`))({ input })
      : expectingSecret(allowed)({ input });
  };
}

const pem = (what: string, test: RegExp) => maybe(secretText(`the PEM text of ${what}`, (value) => test.test(value)));

const certificate = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/;
const openKey = /^(?![^]*ENCRYPTED)[^]*-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/;

const host = z
  .strictObject(
    {
      name: text("1 to 63 of letters, digits, _, . and -, starting with a letter or a digit", (value) =>
        /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/.test(value),
      )
        .optional()
        .describe("The host's name in plans and outputs. Default: `local` for a socket, else the host in its address."),
      host: maybe(
        z
          .string({ error: expectingAddress })
          .refine((value) => parseHostAddress(value) !== undefined, { error: expectingAddress }),
      ).describe(
        "The Docker engine's address: `unix:///var/run/docker.sock`, `tcp://host:2376` or `ssh://user@host`, which may end in `:port` and the path of the engine's socket there.",
      ),
      caMaterial: pem("the CA's certificate", certificate)
        .optional()
        .describe("PEM text of the CA that signed the engine's certificate. Default: the CAs that Node.js knows."),
      certMaterial: pem("the client's certificate", certificate)
        .optional()
        .describe("PEM text of the client's certificate, for an engine behind TLS."),
      keyMaterial: pem("the client's private key, without a passphrase", openKey)
        .optional()
        .describe("PEM text of the client's private key, without a passphrase."),
      certPath: maybe(text("a folder with ca.pem, cert.pem and key.pem"))
        .optional()
        .describe("A folder with `ca.pem`, `cert.pem` and `key.pem`, instead of the texts themselves."),
      sshOpts: z
        .array(z.string({ error: expecting("an option of ssh") }), { error: expecting("a list of options of ssh") })
        .superRefine((words, context) => {
          for (const { at, fault } of sshOptionFaults(words)) {
            context.addIssue({ code: "custom", path: [at], message: fault });
          }
        })
        .optional()
        .describe(
          'Further options of ssh, each word an item: `["-i", "~/.ssh/deploy", "-J", "jump.example.com"]`. Your ssh configuration and agent are used anyway. The host\'s key is always checked.',
        ),
      labels: z
        .record(text("a label's name"), maybe(z.string({ error: expecting("a string") })), {
          error: expecting('an object of labels such as { disk: "ssd" }'),
        })
        .optional()
        .describe('What to tell hosts apart by when processes are placed, such as `{ disk: "ssd" }`.'),
      maxProcesses: whole("a whole number, 1 or more", 1, Number.MAX_SAFE_INTEGER)
        .optional()
        .describe("The most processes of the app that are placed on this host. Default: no limit."),
      replaces: text("the engine's id, as the error names it")
        .optional()
        .describe(
          "The id of the engine that was at this address and is gone for good, with all that ran there: this one takes its place.",
        ),
      wait: duration
        .optional()
        .describe(
          "How long an update waits for the host while it cannot be reached, before anything is begun. Default: `5m` for a machine that no deployment has seen yet, none for one that was there before.",
        ),
      abandoned: flag
        .optional()
        .describe(
          "True when a person vouches for the host being off: singletons that ran there are started elsewhere.",
        ),
    },
    { error: expectingHosts('an object such as { host: "ssh://user@host" }', (entry) => entry) },
  )
  .superRefine((entry, context) => {
    for (const [property, fault] of faultsTogether(entry)) {
      context.addIssue({ code: "custom", path: [property], message: fault });
    }
  });

type Entry = Readonly<Record<string, unknown>>;
const MATERIAL = ["caMaterial", "certMaterial", "keyMaterial"];

/** Faults of properties that are right by themselves, but not together. */
function faultsTogether(entry: Entry): [property: string, fault: string][] {
  const has = (property: string) => entry[property] !== undefined;
  const [material] = MATERIAL.filter(has);
  const tls = [...MATERIAL, "certPath"].filter(has);
  const address = typeof entry["host"] === "string" ? parseHostAddress(entry["host"]) : undefined;
  const faults: [string, string][] = [];
  if (has("certPath") && material !== undefined) {
    faults.push(["certPath", `stands beside ${material}: give the folder or the texts, not both`]);
  }
  if (has("certMaterial") !== has("keyMaterial")) {
    const [given, missing] = has("keyMaterial") ? ["keyMaterial", "certMaterial"] : ["certMaterial", "keyMaterial"];
    faults.push([missing, `is missing: ${given} is of no use without it`]);
  }
  if (address === undefined) return faults;
  if (address.transport !== "tcp") {
    faults.push(...tls.map((name): [string, string] => [name, "is for tcp:// only: leave it out, or correct host"]));
  } else if (tls.length === 0 && !isLoopback(address.hostname)) {
    faults.push(["host", `is ${JSON.stringify(entry["host"])} without TLS, ${PLAIN_TCP}`]);
  }
  if (address.transport !== "ssh" && has("sshOpts")) {
    faults.push(["sshOpts", "is for ssh:// only: leave it out, or correct host"]);
  }
  return faults;
}

export const hosts = z
  .array(host, { error: expectingHosts("a list of hosts", (entry) => `[${entry}]`) })
  .min(1, { error: () => "is empty: name a host, or leave hosts out for the engine that docker itself would use" })
  .max(MOST, { error: () => `names more than ${MOST} hosts: that many are supported` })
  .superRefine((entries, context) => {
    const addresses = entries.map((entry) => entry.host);
    const names = entries.map(({ name, host }) => (typeof host === "string" ? (name ?? hostName(host)) : name));
    for (const [at, first] of repeated(addresses)) {
      context.addIssue({ code: "custom", path: [at, "host"], message: `is that of hosts.${first}: name it once` });
    }
    for (const [at, first] of repeated(names)) {
      const message = `is ${JSON.stringify(names[at])}, as is that of hosts.${first}: give each a name of its own`;
      context.addIssue({ code: "custom", path: [at, "name"], message });
    }
  });

/** Repeated known values: the place of each repetition, and the place where the value stands first. */
function repeated(values: readonly unknown[]): [at: number, first: number][] {
  const firsts = new Map<unknown, number>();
  return values.flatMap((value, at): [number, number][] => {
    const first = firsts.get(value);
    if (first === undefined) firsts.set(value, at);
    return first === undefined || typeof value !== "string" ? [] : [[at, first]];
  });
}
