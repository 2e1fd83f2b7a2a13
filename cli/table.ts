import Table from "easy-table";

/** A head over each column. */
export type Cells = Readonly<Record<string, string>>;

/** As Heroku prints them: heads underlined, columns two spaces apart. @returns one line each; none ends in spaces */
export function tableLines(rows: readonly Cells[]): string[] {
  const text = Table.print(rows as Cells[], (row, cell) => {
    for (const [head, value] of Object.entries(row)) cell(head, value);
  });
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());
}

/** Cut so that it fills no more than a width; whole without one. */
export function cut(text: string, width: number | undefined): string {
  const letters = Array.from(text);
  return width === undefined || letters.length <= width
    ? text
    : `${letters.slice(0, Math.max(0, width - 1)).join("")}…`;
}
