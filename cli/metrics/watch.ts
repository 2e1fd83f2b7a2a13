import type { CliContext } from "../context";
import { REREAD_MS, renewed, subject, type Current } from "../observe/subject";

/** A state that is being written cannot be read for a moment; after this time it counts as gone. */
const GRACE_MS = 10_000;

/** Reads the last deployed formation at each call; connections to its hosts are shared. */
export function watch(context: CliContext): () => Promise<Current> {
  let known: { readonly subject: Current; readonly readAt: number } | undefined;
  const isFile = context.project().backend.kind === "files";
  return async () => {
    const now = performance.now();
    if (known !== undefined && !isFile && now - known.readAt < REREAD_MS.other) return known.subject;
    try {
      const next = await (known === undefined ? subject(context) : renewed(known.subject, context));
      known = { subject: next, readAt: now };
      return next;
    } catch (error) {
      if (known === undefined || now - known.readAt > REREAD_MS[isFile ? "files" : "other"] + GRACE_MS) throw error;
      return known.subject;
    }
  };
}
