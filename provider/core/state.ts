import { z } from "zod";

/** The version of the recorded state's own shape, written into every state. */
export const STATE_VERSION = 1;

/**
 * What later runs need of a recorded state. Every field has a default, so that a state written by any version can be
 * read: a field that is missing is one that its version did not have yet.
 */
export const recorded = z.object({
  __state: z.number().default(STATE_VERSION),
  /** The secret of the configuration digests. */
  __key: z.string().optional(),
  /** Host address → engine id, where the formation was last changed. */
  __engines: z.record(z.string(), z.string()).default({}),
  app: z.string().optional(),
  formation: z.record(z.string(), z.number()).default({}),
  hosts: z.array(z.object({ name: z.string().optional(), host: z.string() })).optional(),
  log: z.array(z.string()).default([]),
});

export type Recorded = z.infer<typeof recorded>;
