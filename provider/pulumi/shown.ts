import { hider } from "../core/record/hidden";
import { plainText } from "../core/values/plain";
import type { Properties } from "../core/record/properties";

/** A text for people: without the program's secrets, and without control characters. */
export function shown(text: string, inputs: Properties): string {
  return plainText(hider(inputs)(text));
}

/**
 * Bounds the reasons of an error: Pulumi's engine takes some megabytes with it, and with more the record would be lost.
 */
const [MOST_REASONS, LONGEST_REASON] = [200, 8_000];

export function reasonsShown(reasons: readonly string[], inputs: Properties): string[] {
  const hide = hider(inputs);
  const left = reasons.length - MOST_REASONS;
  const half = LONGEST_REASON / 2;
  // Keeps the end as well, which has the last lines of a process.
  const cut = (text: string) => (text.length > LONGEST_REASON ? `${text.slice(0, half)} … ${text.slice(-half)}` : text);
  return [
    ...reasons.slice(0, MOST_REASONS).map((reason) => plainText(cut(hide(reason)))),
    ...(left > 0 ? [`and ${left} more`] : []),
  ];
}
