import { plainLine } from "../../provider/core/values/plain";

/** A line on the terminal that shows progress and is erased in the end. */
export interface Progress {
  readonly show: (text: string) => void;
  readonly clear: () => void;
}

/** Shows a progress line, or nothing without a terminal. */
export function progressLine(title: string): Progress {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => undefined, clear: () => undefined };
  const write = (text: string) => stderr.write(`\r\x1b[2K${text.slice(0, (stderr.columns || 80) - 1)}`);
  write(title);
  return {
    show: (text) => void write(`${title} ${plainLine(text).replace(/\s+/g, " ")}`),
    clear: () => void stderr.write("\r\x1b[2K"),
  };
}
