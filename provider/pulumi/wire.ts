import { UNKNOWN } from "../core/values/unknown";
import type { Properties } from "../core/record/properties";
import { SECRET, SIGNATURE } from "./secret-mark";

// Pulumi's wire form of values.

const UNKNOWN_SENTINELS: ReadonlySet<unknown> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
]);
const [UNKNOWN_STRING] = UNKNOWN_SENTINELS;

/** Properties that Pulumi passes for itself, and must find again in every answer. */
export function hidden(properties: Properties): Properties {
  const { __provider, __urn, __secrets } = properties;
  return clean({ __provider, __urn, __secrets });
}

/**
 * Marks recorded secrets in Pulumi's wire form: Pulumi knows by itself only those in inputs that the program gives now.
 */
export function sealed(inputs: Properties, kept: readonly string[] = [], secret: ReadonlySet<string>): Properties {
  const secrets = Object.entries(clean(inputs)).filter(([key]) => secret.has(key) && kept.includes(key));
  return Object.fromEntries(secrets.map(([key, value]) => [key, { [SIGNATURE]: SECRET, value }]));
}

/** Inputs as Pulumi sends them, with one value for all that it does not know yet. */
export function known(value: Properties): Properties {
  return translate(value, (leaf) => (UNKNOWN_SENTINELS.has(leaf) ? UNKNOWN : leaf)) as Properties;
}

/**
 * Plain JSON: an `undefined` in an answer hangs Pulumi's engine or loses the state, and so does half of a surrogate
 * pair.
 */
export function clean(value: Properties): Properties {
  const plain = translate(value, (leaf) =>
    leaf === UNKNOWN ? UNKNOWN_STRING : typeof leaf === "string" ? leaf.replace(/\p{Cs}/gu, "\ufffd") : leaf,
  );
  return JSON.parse(JSON.stringify(plain)) as Properties;
}

function translate(value: unknown, leaf: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => translate(item, leaf));
  if (typeof value !== "object" || value === null) return leaf(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, translate(inner, leaf)]));
}
