import { SECRET, SIGNATURE } from "../../provider/pulumi/secret-mark";

// Marks of what is secret, on Pulumi's wire and in its states.

/** True for a plain object; arrays have rules of their own. */
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isSecret(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && value[SIGNATURE] === SECRET;
}

function seal(value: unknown): unknown {
  return { [SIGNATURE]: SECRET, value };
}

function hasSecret(value: unknown): boolean {
  if (isSecret(value)) return true;
  if (Array.isArray(value)) return value.some(hasSecret);
  return isRecord(value) && Object.values(value).some(hasSecret);
}

const mapped = (record: Readonly<Record<string, unknown>>, each: (value: unknown) => unknown) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, each(value)]));

/** Converts a recorded value to the wire's form of secrets; a secret that was not decrypted has no value there. */
export function onWire(recorded: unknown): unknown {
  if (isSecret(recorded)) {
    const { plaintext } = recorded;
    return seal(typeof plaintext === "string" ? (JSON.parse(plaintext) as unknown) : "");
  }
  if (Array.isArray(recorded)) return recorded.map(onWire);
  return isRecord(recorded) ? mapped(recorded, onWire) : recorded;
}

/** Strips the marks of secrets. */
export function opened(value: unknown): unknown {
  if (isSecret(value)) return opened(value["value"]);
  if (Array.isArray(value)) return value.map(opened);
  return isRecord(value) ? mapped(value, opened) : value;
}

/** Marks values that are secret in any of the models; a list that contains a secret becomes secret as a whole. */
export function sealedLike(value: unknown, ...models: readonly unknown[]): unknown {
  if (isSecret(value)) return value;
  if (models.some(isSecret)) return seal(opened(value));
  if (Array.isArray(value))
    return models.some((model) => Array.isArray(model) && hasSecret(model)) ? seal(value) : value;
  if (!isRecord(value)) return value;
  const records = models.filter(isRecord);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, sealedLike(inner, ...records.map((record) => record[key]))]),
  );
}
