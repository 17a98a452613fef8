import { visible, visibleLines } from "../../packages/text";
import { type Phrase, written } from "./phrase";

/**
 * Texts from outside as Markdown, escaped so that they add no formatting, link, image, HTML, mention, row or cell. Works
 * for the Markdown of GitHub and GitLab.
 */

/** Renders a phrase. */
export function inMarkdown(phrase: Phrase): string {
  return written(phrase, inOurForms);
}

const inOurForms = {
  own: (text: string) => text,
  strong: (text: string) => `**${text}**`,
  emphasis: (text: string) => `_${text}_`,
  code,
  outside: prose,
};

/** Renders a phrase inside of an HTML element, where Markdown means nothing. */
export function inElement(phrase: Phrase): string {
  return written(phrase, {
    own: (text) => text,
    strong: (text) => `<b>${text}</b>`,
    emphasis: (text) => `<i>${text}</i>`,
    code: (text) => codeElement(visible(text) || '""'),
    outside: prose,
  });
}

/** Renders a part that a person unfolds, under a title made by {@link inElement}. The content is Markdown. */
export function fold(title: string, content: string, isOpen: boolean): string {
  return `<details${isOpen ? " open" : ""}><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

/** Renders a name, a value or a path as one line of code, for tables, lists and headings. */
export function code(text: string): string {
  return codeOf(visible(text));
}

/** Renders a line of a message as code; hidden characters in it are already visible. */
export function messageCode(line: string): string {
  return codeOf(visibleLines(line));
}

function codeOf(line: string): string {
  if (line === "") return codeOf('""');
  // Nothing is Markdown inside a code span, but these characters would end it, end its cell, be trimmed or start one.
  if (!/[`|\n\t]| {2}|^ | $/.test(line)) return `\`${line}\``;
  return codeElement(line);
}

function codeElement(line: string): string {
  return `<code>${entities(line.replaceAll("\n", "\\n").replaceAll("\t", "\\t"))}</code>`;
}

/** Renders an address as a link if it has only characters without a meaning in Markdown, and as code otherwise. */
export function link(address: string): string {
  return /^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[A-Za-z0-9._~%/+=-]*)?$/.test(address)
    ? `<${address}>`
    : code(address);
}

/** Escapes a text that appears between words of this command. */
export function prose(text: string): string {
  return entities(visible(text));
}

/**
 * Replaces special characters by character references, which are never Markdown. GitHub finds mentions, references to
 * issues and addresses after that step, so an invisible joiner is inserted into those.
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

/** Renders lines of files, each behind a sign for its change. */
export function diffBlock(lines: readonly string[]): string {
  return block("diff", visibleLines(lines.map((line) => withVisibleEnd(visible(line))).join("\n")));
}

/** Makes spaces at the end of a line of code visible. */
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

/** Renders a box that GitHub and GitLab colour; elsewhere it is a quotation. */
export function alert(kind: "CAUTION" | "WARNING" | "NOTE", lines: readonly string[]): string {
  return [`> [!${kind}]`, ...lines.map((line) => `> ${line}`)].join("\n");
}

/** Renders a table. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return tableOf(heads, rows.map(row));
}

/** Renders a table of rows that `row` has made. */
export function tableOf(heads: readonly string[], rows: readonly string[]): string {
  return [row(heads), row(heads.map(() => "---")), ...rows].join("\n");
}

/** Renders a row of a table; the cells are Markdown. */
export function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
