import { visibleLines } from "../../../packages/text";

/** Returns a text as the rest of a comment, which no character in it can end. */
export function commentLine(text: string): string {
  return visibleLines(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}
