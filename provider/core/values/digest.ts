import { createHmac } from "node:crypto";
import { compare } from "./formation";

/** A digest of plain data, the same whatever the order of its keys. */
export function digest(value: unknown, key: string): string {
  return createHmac("sha256", key).update(canonicalJson(value)).digest("hex").slice(0, 10);
}

export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => compare(a, b)))
      : inner,
  );
}
