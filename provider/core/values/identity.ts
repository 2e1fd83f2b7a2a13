import { createHash } from "node:crypto";

/**
 * A formation's identity stays, whatever the formation, its resource or its stack is called. It follows from the key of
 * the digests, which every process has in its environment: a label alone can be copied, the key cannot be guessed.
 *
 * @param key the secret of the formation's digests, made once and kept in the state
 */
export function identityOf(key: string): string {
  return createHash("sha256").update(`formation ${key}`).digest("hex").slice(0, 16);
}

export const IDENTITY = /^[0-9a-f]{16}$/;
