import type { Lengths } from "./detail";
import { code, cut, messageBlock, messageCode } from "./markdown";
import type { Message } from "./messages";

/** Renders an error as a block, because it may have many lines. */
export function errorBlock({ text, resource }: Message, lengths: Lengths): string {
  const lines = text.split("\n");
  const shownLines = lines.slice(0, lengths.lines).map((line) => cut(line, lengths.value * 10));
  if (lines.length > shownLines.length) shownLines.push(`… ${lines.length - shownLines.length} more lines`);
  const about = resource === undefined ? "" : `${code(cut(resource, 80))}:\n\n`;
  return `${about}${messageBlock(shownLines)}`;
}

/** Renders a warning as an item of a list, because most are one sentence. */
export function warningItem({ text }: Message, lengths: Lengths): string {
  const lines = text.split("\n").map((line) => line.trim());
  const shownLines = lines.slice(0, lengths.lines).filter((line) => line !== "");
  return `- ${shownLines.map((line) => messageCode(cut(line, lengths.value * 10))).join("<br>")}`;
}
