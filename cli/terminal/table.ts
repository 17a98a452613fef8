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

/**
 * Aligns as many columns as fit into a number of characters, and returns the lines of the table. The cells of the other
 * columns follow below each row.
 *
 * @param none cell that says nothing below a row
 */
export function fitted(rows: readonly (readonly string[])[], most: number, none: string): string[] {
  for (let shown = rows[0]?.length ?? 0; ; shown -= 1) {
    const lines = aligned(rows.map((row) => row.slice(0, shown)));
    if (shown > 1 && lines.some((line) => width(line) > most)) continue;
    return rows.flatMap((row, at) => {
      const below = row.slice(shown).filter((cell) => cell !== none);
      return [lines[at] ?? "", ...packed(below, most, "    ")];
    });
  }
}

/** Puts texts into lines with two spaces between them. One that is too long has lines of its own. */
function packed(texts: readonly string[], most: number, indent: string): string[] {
  const lines: string[] = [];
  for (const text of texts) {
    const last = lines.at(-1);
    if (last !== undefined && width(last) + 2 + width(text) <= most)
      lines[lines.length - 1] = `${last}  ${text}`;
    else lines.push(...wrapped(text, most, indent));
  }
  return lines;
}

/** Breaks a text at its spaces, so that its lines fit into a number of characters. A longer word stays whole. */
export function wrapped(text: string, most: number, indent: string, first = indent): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && width(last) + 1 + width(word) <= most)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push((last === undefined ? first : indent) + word);
  }
  return lines;
}

function width(text: string): number {
  return [...text].length;
}
