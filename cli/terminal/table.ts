/** A longer text sticks out of its column, because otherwise every row would get as long as the longest. */
const widest = 80;

/** Aligns the columns of a table with two spaces between them, and returns its lines. */
export function aligned(rows: readonly (readonly string[])[], indent = "  "): string[] {
  const widths = (rows[0] ?? []).map((_, column) => {
    let most = 0;
    for (const row of rows) most = Math.max(most, width(row[column] ?? ""));
    return Math.min(most, widest);
  });
  const padded = (text: string, column: number) =>
    text + " ".repeat(Math.max(0, (widths[column] ?? 0) - width(text)));
  return rows.map((row) => (indent + row.map(padded).join("  ")).trimEnd());
}

function width(text: string): number {
  return [...text].length;
}
