// Words that can be handed to a program.

export const NUL = "\0";

/** Linux hands a program no single word or variable of 128 KiB or more. */
export const LONGEST_WORD = 120_000;

export function fits(word: string): boolean {
  return Buffer.byteLength(word) <= LONGEST_WORD;
}
