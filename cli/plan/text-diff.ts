/** More than this many comparisons, and the whole of both texts counts as changed. */
const maxComparisons = 1_000_000;
const contextLines = 2;

/**
 * Two texts compared by lines, as `diff -u` shows them: `-` gone, `+` new, two lines around each change, `…` for what is
 * left out. Undefined is a text that is not there.
 *
 * @param maxLines how many lines at most; what is over is counted in a last line
 */
export function textDiff(before: string | undefined, after: string | undefined, maxLines: number): string {
  const marked = compare(linesOf(before), linesOf(after));
  const near = marked.map((_, at) =>
    marked.slice(Math.max(0, at - contextLines), at + contextLines + 1).some(({ sign }) => sign !== " "),
  );
  const lines: string[] = [];
  for (const [at, { sign, line }] of marked.entries()) {
    if (near[at]) lines.push(`${sign} ${line}`.trimEnd());
    else if (near[at - 1] || at === 0) lines.push("…");
  }
  if (lines.length <= maxLines) return lines.join("\n");
  return [...lines.slice(0, maxLines), `… ${lines.length - maxLines} more lines`].join("\n");
}

function linesOf(text: string | undefined): string[] {
  return text === undefined ? [] : text.replace(/\n$/, "").split("\n");
}

interface Marked {
  sign: " " | "-" | "+";
  line: string;
}

function compare(before: readonly string[], after: readonly string[]): Marked[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const shorter = Math.min(before.length, after.length) - start;
  while (end < shorter && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const same = (lines: readonly string[]) => lines.map((line): Marked => ({ sign: " ", line }));
  return [
    ...same(before.slice(0, start)),
    ...compareMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(before.slice(before.length - end)),
  ];
}

/** The longest common subsequence of lines stays; all else is taken out and put in. */
function compareMiddle(before: readonly string[], after: readonly string[]): Marked[] {
  const rows = before.length + 1;
  const columns = after.length + 1;
  if (rows * columns > maxComparisons) {
    return [
      ...before.map((line): Marked => ({ sign: "-", line })),
      ...after.map((line): Marked => ({ sign: "+", line })),
    ];
  }
  /** Length of what the rests from here on have in common. */
  const common = new Uint32Array(rows * columns);
  const at = (row: number, column: number) => common[row * columns + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      common[row * columns + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const marked: Marked[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length || column < after.length) {
    const old = before[row];
    const now = after[column];
    if (old !== undefined && old === now) {
      marked.push({ sign: " ", line: old });
      row += 1;
      column += 1;
    } else if (old !== undefined && (now === undefined || at(row + 1, column) >= at(row, column + 1))) {
      marked.push({ sign: "-", line: old });
      row += 1;
    } else if (now !== undefined) {
      marked.push({ sign: "+", line: now });
      column += 1;
    }
  }
  return marked;
}
