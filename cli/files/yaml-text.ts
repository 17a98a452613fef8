import { visible } from "../../packages/text";

/** Value to write into a YAML file. */
export interface NewValue {
  readonly text: string;
  /** Tag before it, such as `!secret`. */
  readonly tag?: string | undefined;
  /** True to quote it always, for a reader to whom `1.10` without quotes is a number. */
  readonly isQuoted?: boolean;
}

/** Ways to write a text in YAML. */
export type Style = "plain" | "single" | "double" | "block";

/** Place of a value. */
export interface Place {
  /** Column of its key. */
  readonly column: number;
  readonly lineBreak: string;
  /** True where lines below it can be its own: nothing follows on its line. */
  readonly hasLine: boolean;
  /** The way in which the value before it was written. */
  readonly before: Style | undefined;
}

/** Returns the ways in which a value can be written, the most readable first; some may read back as another one. */
export function writtenAs({ text, tag, isQuoted }: NewValue, place: Place): string[] {
  const order: readonly Style[] = isQuoted ? ["double"] : ["plain", "single", "block", "double"];
  const styles = place.before === undefined || text.includes("\n") ? order : [place.before, ...order];
  return styles.flatMap((style) => {
    const written = inStyle[style](text, place);
    return written === undefined ? [] : [tag === undefined ? written : `${tag} ${written}`];
  });
}

const inStyle: Readonly<Record<Style, (text: string, place: Place) => string | undefined>> = {
  plain: (text) => (/^[\w/.$(+~^]/.test(text) && !/: |:$| #| $/.test(text) ? clear(text) : undefined),
  single: (text) => {
    const shown = clear(text);
    return shown === undefined ? undefined : `'${shown.replaceAll("'", "''")}'`;
  },
  double: (text) => `"${JSON.stringify(text).slice(1, -1).replace(hidden, escaped)}"`,
  block: (text, { column, lineBreak, hasLine }) => {
    const lines = text.split("\n");
    const isEnded = lines.at(-1) === "";
    if (isEnded) lines.pop();
    const isClear =
      lines.length > (isEnded ? 0 : 1) &&
      lines.every((line) => line === "" || (line.trim() !== "" && clear(line) !== undefined)) &&
      /^[^ ]/.test(lines[0] ?? "") &&
      lines.at(-1) !== "";
    if (!hasLine || !isClear) return undefined;
    const indent = " ".repeat(column + 2);
    const indented = lines.map((line) => (line === "" ? "" : indent + line));
    return [isEnded ? "|" : "|-", ...indented].join(lineBreak);
  },
};

/** Returns the text if all of it can be seen; undefined for others. */
function clear(text: string): string | undefined {
  return visible(text.replaceAll("\\", "/")) === text.replaceAll("\\", "/") ? text : undefined;
}

/** Characters that JSON leaves as they are and that YAML or an editor does not show. */
const hidden = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu;

function escaped(found: string): string {
  const point = found.codePointAt(0) ?? 0;
  const digits = point.toString(16).toUpperCase();
  return point > 0xffff ? `\\U${digits.padStart(8, "0")}` : `\\u${digits.padStart(4, "0")}`;
}
