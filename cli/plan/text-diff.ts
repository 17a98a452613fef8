const contextLines = 2;
/** Largest number of comparisons for two texts; beyond it, lines without an obvious counterpart count as changed. */
const maxOfOne = 1_000_000;

/** Budget of line comparisons for a whole plan: some tenths of a second. */
export class Effort {
  private remaining = 50_000_000;

  /** Spends that many comparisons; false, and nothing is spent, when they exceed the budget. */
  spend(comparisons: number): boolean {
    if (comparisons > Math.min(maxOfOne, this.remaining)) return false;
    this.remaining -= comparisons;
    return true;
  }
}

/**
 * Compares two texts by lines, as `diff -u` shows them: `-` removed, `+` added, two lines around each change, `…` for
 * omitted lines. An undefined text does not exist.
 */
export function textDiff(before: string | undefined, after: string | undefined, effort: Effort): string[] {
  const marked = compare(linesOf(before, after), linesOf(after, before), effort);
  const near = new Uint8Array(marked.length);
  for (const [at, { sign }] of marked.entries()) {
    if (sign !== " ") near.fill(1, Math.max(0, at - contextLines), at + contextLines + 1);
  }
  const lines: string[] = [];
  for (const [at, { sign, line }] of marked.entries()) {
    if (near[at]) lines.push(line === "" ? sign.trimEnd() : `${sign} ${line}`);
    else if (near[at - 1] || at === 0) lines.push("…");
  }
  return lines;
}

/** Returns the first lines, and a line with the number of omitted ones. */
export function firstLines(lines: readonly string[], most: number): string[] {
  if (lines.length <= most) return [...lines];
  return [...lines.slice(0, most), `… ${lines.length - most} more lines`];
}

/** Splits a text into lines. A line break at its end that only the other text has is shown as a missing line. */
function linesOf(text: string | undefined, other: string | undefined): string[] {
  if (text === undefined) return [];
  const isEnded = text.endsWith("\n");
  const lines = (isEnded ? text.slice(0, -1) : text).split("\n");
  return other !== undefined && !isEnded && other.endsWith("\n")
    ? [...lines, "(no line break at the end)"]
    : lines;
}

interface Marked {
  sign: " " | "-" | "+";
  line: string;
}

function compare(before: readonly string[], after: readonly string[], effort: Effort): Marked[] {
  const marked: Marked[] = [];
  let [row, column] = [0, 0];
  const changeUpTo = (endRow: number, endColumn: number) => {
    for (; row < endRow; row += 1) marked.push({ sign: "-", line: before[row] ?? "" });
    for (; column < endColumn; column += 1) marked.push({ sign: "+", line: after[column] ?? "" });
  };
  for (const [sameRow, sameColumn] of sameLines(before, after, effort)) {
    changeUpTo(sameRow, sameColumn);
    marked.push({ sign: " ", line: before[row] ?? "" });
    row += 1;
    column += 1;
  }
  changeUpTo(before.length, after.length);
  return marked;
}

type Pair = readonly [row: number, column: number];

/** Returns the lines that stay, by their positions in both texts: a longest common subsequence. */
function sameLines(before: readonly string[], after: readonly string[], effort: Effort): Pair[] {
  // Lines that only one text has cannot stay. Without them, most texts differ in few lines.
  const [inBefore, inAfter] = [new Set(before), new Set(after)];
  const rows = [...before.keys()].filter((row) => inAfter.has(before[row] ?? ""));
  const columns = [...after.keys()].filter((column) => inBefore.has(after[column] ?? ""));
  const pairAt = (at: number, other: number): Pair => [rows[at] ?? 0, columns[other] ?? 0];
  const isSame = (at: number, other: number) => before[rows[at] ?? 0] === after[columns[other] ?? 0];

  const shorter = Math.min(rows.length, columns.length);
  let start = 0;
  while (start < shorter && isSame(start, start)) start += 1;
  let end = 0;
  while (end < shorter - start && isSame(rows.length - 1 - end, columns.length - 1 - end)) end += 1;
  const head = Array.from({ length: start }, (_, at) => pairAt(at, at));
  const tail = Array.from({ length: end }, (_, at) =>
    pairAt(rows.length - end + at, columns.length - end + at),
  );
  const middle = longest(rows.length - start - end, columns.length - start - end, effort, (at, other) =>
    isSame(start + at, start + other),
  );
  return [...head, ...middle.map(([at, other]) => pairAt(start + at, start + other)), ...tail];
}

function longest(
  rows: number,
  columns: number,
  effort: Effort,
  isSame: (row: number, column: number) => boolean,
): Pair[] {
  const width = columns + 1;
  if (rows === 0 || columns === 0 || !effort.spend((rows + 1) * width)) return [];
  /** Length of the common subsequence of the rests from each position on. */
  const common = new Uint32Array((rows + 1) * width);
  const at = (row: number, column: number) => common[row * width + column] ?? 0;
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      common[row * width + column] = isSame(row, column)
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const pairs: Pair[] = [];
  for (let [row, column] = [0, 0]; row < rows && column < columns; ) {
    if (isSame(row, column)) {
      pairs.push([row, column]);
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return pairs;
}
