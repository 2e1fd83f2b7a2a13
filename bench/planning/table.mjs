/** Ratio of the growth in cost between two sizes to the growth that n log n would make. */
export function ratioToNLogN(smaller, larger) {
  const work = ({ processes }) => processes * Math.log2(processes);
  return larger.cpu / smaller.cpu / (work(larger) / work(smaller));
}

/** Formats rows as Markdown: the first column to the left, the others to the right. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const cells = (row) => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])));
  const line = (row) => `| ${cells(row).join(" | ")} |`;
  const rule = widths.map((width, at) => (at === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  const [head, ...rest] = rows;
  return [line(head), `| ${rule.join(" | ")} |`, ...rest.map(line)].join("\n");
}
