import Table from "easy-table";

/** Cells of a row, by the head of their column. */
export type Cells = Readonly<Record<string, string>>;

/** Formats a table like Heroku's: underlined heads, columns two spaces apart. @returns lines without trailing spaces */
export function tableLines(rows: readonly Cells[]): string[] {
  const text = Table.print(rows as Cells[], (row, cell) => {
    for (const [head, value] of Object.entries(row)) cell(head, value);
  });
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());
}

/** Cuts a text to a width; without one the text stays whole. */
export function cut(text: string, width: number | undefined): string {
  const letters = Array.from(text);
  return width === undefined || letters.length <= width
    ? text
    : `${letters.slice(0, Math.max(0, width - 1)).join("")}…`;
}
