import * as z from "zod";
import { fits, LONGEST_WORD, NUL } from "../../values/words";
import { expectingSecret, maybe, text } from "../shape";

/** Environment variables, of the app or of one type. A value may be a secret: no fault shows one. */
export const env = z.record(
  text("a name without = and spaces", (name) => /^[^=\s\0]+$/.test(name)),
  maybe(
    z
      .string({ error: expectingSecret("a string") })
      .refine((value) => !value.includes(NUL), { error: () => "has a NUL character: remove it" })
      .refine(fits, { error: () => `is longer than ${LONGEST_WORD} bytes: put it into a file of the image` }),
  ),
  { error: expectingSecret("an object of names and values") },
);
