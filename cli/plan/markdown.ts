/**
 * Texts of a plan as Markdown in which nothing of them is Markdown: no formatting, no link, no image, no HTML, no
 * mention that tells somebody, no row or cell that was not there. Holds for GitHub's and GitLab's Markdown.
 */

/** Line breaks, terminal codes, characters that change the direction of text or show nothing, and other blanks. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|(?! )\p{Zs}/gu;
const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Invisible characters as escapes, as in JSON: `\n`, `\u202e`, and `\u00a0`, which looks like a blank and is none. */
export function visible(text: string): string {
  return text.replace(invisible, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return (
      named[character] ??
      (point > 0xffff ? `\\u{${point.toString(16)}}` : `\\u${point.toString(16).padStart(4, "0")}`)
    );
  });
}

/** Cuts what is longer than `length` characters, and says so. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  // Not between the two halves of a character.
  const end = /[\ud800-\udbff]/.test(text.charAt(length - 1)) ? length - 1 : length;
  return `${text.slice(0, end)}… (${text.length} characters)`;
}

/** One line of code, for tables, lists and headings. */
export function code(text: string): string {
  const line = visible(text);
  if (line === "") return code('""');
  // Nothing is Markdown inside a code span, but these would end it, end its cell, or be taken off its edges.
  if (!/[`|]|^ | $/.test(line)) return `\`${line}\``;
  return `<code>${entities(line)}</code>`;
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

/** A block of lines, for what has many. */
export function block(text: string, language: "text" | "diff"): string {
  const lines = text.split("\n").map(visible).join("\n");
  const longest = Math.max(2, ...[...lines.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${lines}\n${fence}`;
}

/** A box that GitHub and GitLab colour; elsewhere a quotation. */
export function alert(kind: "CAUTION" | "WARNING" | "NOTE", lines: readonly string[]): string {
  return [`> [!${kind}]`, ...lines.map((line) => `> ${line}`)].join("\n");
}

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}
