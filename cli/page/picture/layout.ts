/** Layout of a picture of boxes in columns, with lines from left to right where possible. */

/** A box of the picture. */
export interface Node {
  readonly id: string;
  /** Number of its column. */
  readonly column: number;
}

/** A line between two boxes. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** A box at its place. */
export interface Placed<T> {
  readonly node: T;
  readonly x: number;
  readonly y: number;
}

export const boxWidth = 226;
export const boxHeight = 46;
const GAP = 14;
/** Room between two columns, for the lines. */
const COLUMN_GAP = 84;
export const headHeight = 28;
/** Room for lines between boxes of one column. */
export const margin = 36;
const SWEEPS = 4;

/** Boxes at their places, and the size of all of them. */
export interface Layout<T> {
  readonly placed: ReadonlyMap<string, Placed<T>>;
  readonly width: number;
  readonly height: number;
}

/** Places boxes: each in its column, near the boxes that its lines lead to. Columns without boxes take no room. */
export function layOut<T extends Node>(nodes: readonly T[], edges: readonly Edge[]): Layout<T> {
  const numbers = [...new Set(nodes.map(({ column }) => column))].sort((a, b) => a - b);
  let columns = numbers.map((number) => nodes.filter(({ column }) => column === number));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) columns = sorted(columns, edges);
  const most = Math.max(0, ...columns.map(({ length }) => length));
  const height = most * (boxHeight + GAP) - GAP;
  const placed = columns.flatMap((column, at) => {
    const top = headHeight + (height - (column.length * (boxHeight + GAP) - GAP)) / 2;
    return column.map((node, row) => {
      const place = { node, x: at * (boxWidth + COLUMN_GAP), y: Math.round(top + row * (boxHeight + GAP)) };
      return [node.id, place] as const;
    });
  });
  return {
    placed: new Map(placed),
    width: columns.length * (boxWidth + COLUMN_GAP) - COLUMN_GAP + margin,
    height: headHeight + Math.max(height, 0),
  };
}

/** Sorts each column by the average place of the boxes that its boxes are joined with. */
function sorted<T extends Node>(columns: readonly T[][], edges: readonly Edge[]): T[][] {
  const places = new Map(
    columns.flatMap((column) => column.map(({ id }, at) => [id, (at + 0.5) / column.length] as const)),
  );
  const sums = new Map<string, { sum: number; count: number }>();
  const add = (id: string, other: string) => {
    const place = places.get(other);
    if (place === undefined) return;
    const { sum, count } = sums.get(id) ?? { sum: 0, count: 0 };
    sums.set(id, { sum: sum + place, count: count + 1 });
  };
  for (const { from, to } of edges) {
    add(from, to);
    add(to, from);
  }
  const wanted = (id: string) => {
    const { sum, count } = sums.get(id) ?? { sum: 0, count: 0 };
    return count === 0 ? (places.get(id) ?? 0) : sum / count;
  };
  return columns.map((column) => [...column].sort((a, b) => wanted(a.id) - wanted(b.id)));
}
