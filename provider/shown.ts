import { hider } from "./core/hidden";
import { plainText } from "./core/plain";
import type { Properties } from "./properties";

/** A text as it leaves for people, without what the program has made secret. */
export function shown(text: string, inputs: Properties): string {
  return plainText(hider(inputs)(text));
}

/** Pulumi's engine takes some megabytes with an error; with more, the record would be lost. */
const [MOST_REASONS, LONGEST_REASON] = [200, 8_000];

export function reasonsShown(reasons: readonly string[], inputs: Properties): string[] {
  const hide = hider(inputs);
  const left = reasons.length - MOST_REASONS;
  const half = LONGEST_REASON / 2;
  // Its end has the last lines of a process.
  const cut = (text: string) => (text.length > LONGEST_REASON ? `${text.slice(0, half)} … ${text.slice(-half)}` : text);
  return [
    ...reasons.slice(0, MOST_REASONS).map((reason) => plainText(cut(hide(reason)))),
    ...(left > 0 ? [`and ${left} more`] : []),
  ];
}
