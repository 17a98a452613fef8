import { visible, visibleLines } from "../../packages/text/visible";

/**
 * Texts of a plan as Markdown in which nothing of them is Markdown: no formatting, no link, no image, no HTML, no
 * mention that tells somebody, no row or cell that was not there. Holds for GitHub's and GitLab's Markdown.
 */

/** Cuts what is longer than `length` characters, and says so. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  // Not between the two halves of a character.
  const end = /[\ud800-\udbff]/.test(text.charAt(length - 1)) ? length - 1 : length;
  return `${text.slice(0, end)}… (${text.length} characters)`;
}

/** One line of code, for tables, lists and headings: a name, a value, a path. */
export function code(text: string): string {
  return codeOf(visible(text));
}

/** A line of a message as code; the pieces in it are visible already. */
export function messageCode(line: string): string {
  return codeOf(visibleLines(line));
}

function codeOf(line: string): string {
  if (line === "") return codeOf('""');
  // Nothing is Markdown inside a code span, but these would end it, end its cell, be taken off its edges or become one.
  if (!/[`|\n\t]| {2}|^ | $/.test(line)) return `\`${line}\``;
  return `<code>${entities(line.replaceAll("\n", "\\n").replaceAll("\t", "\\t"))}</code>`;
}

/** A text between our own words. */
export function prose(text: string): string {
  return entities(visible(text));
}

/**
 * As character references, which never are Markdown. Mentions, references to issues and addresses are found after that
 * step, so a joint that nobody sees is put into those.
 */
function entities(text: string): string {
  return text
    .replace(/[^\p{L}\p{N}\p{M} ,;%\-…]/gu, (character) =>
      character.charCodeAt(0) < 128 ? `&#${character.charCodeAt(0)};` : character,
    )
    .replace(/&#(?:64|35|33|58|46);/g, "$&&#8203;")
    .replace(/ {2,}|^ | $/g, (blanks) => "&#160;".repeat(blanks.length));
}

/** The lines of a message. */
export function messageBlock(lines: readonly string[]): string {
  return block("text", visibleLines(lines.join("\n")));
}

/** Lines of files, each behind the sign of what becomes of it. */
export function diffBlock(lines: readonly string[]): string {
  return block("diff", visibleLines(lines.map((line) => withVisibleEnd(visible(line))).join("\n")));
}

/** Blanks at the end of a line of code are not seen. */
function withVisibleEnd(line: string): string {
  let end = line.length;
  while (line[end - 1] === " ") end -= 1;
  return line.slice(0, end) + "\\x20".repeat(line.length - end);
}

function block(language: "text" | "diff", text: string): string {
  let longest = 2;
  for (const [run] of text.matchAll(/`{3,}/g)) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A box that GitHub and GitLab colour; elsewhere a quotation. */
export function alert(kind: "CAUTION" | "WARNING" | "NOTE", lines: readonly string[]): string {
  return [`> [!${kind}]`, ...lines.map((line) => `> ${line}`)].join("\n");
}

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return tableOf(heads, rows.map(row));
}

/** @param rows each as `row` gives it */
export function tableOf(heads: readonly string[], rows: readonly string[]): string {
  return [row(heads), row(heads.map(() => "---")), ...rows].join("\n");
}

export function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
