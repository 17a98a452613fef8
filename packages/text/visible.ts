/**
 * Makes text from outside (files, the server, logs, the state) safe for people and CI systems: nothing in it is
 * invisible, controls a terminal, or is executed as a command by the system that keeps the log. Text for Dokploy or
 * the state never passes here.
 *
 * Hidden characters become escapes as in JavaScript: `\n`, `\x1b`, `\u{202e}`. Letters of all scripts and emoji stay.
 */

/** Signs that look like nothing, or like a space, though no property of Unicode says so. */
const blankSigns = String.raw`\u2800\u2d7f\u303f\ufffc\u{13441}\u{13442}\u{16fe4}\u{1d159}`;
/**
 * Matches controls, directions, halves of characters, characters without a glyph, characters that a font may omit, and
 * all spaces but the normal one.
 */
const hiddenOnes = String.raw`[\p{C}\p{Default_Ignorable_Code_Point}${blankSigns}]|(?! )\p{White_Space}`;
/** Matches commands for CI runners, which GitHub's and Azure's accept anywhere in a line: `##[error]`, `##vso[…]`. */
const runnerCommand = String.raw`#(?=#[\w.\-]*\[)`;
/** Matches `<{%fg 1%}>`, which Pulumi turns into terminal codes. */
const colourTag = String.raw`<(?=\{%)`;
/** Matches a backslash that would read as one of our escapes. */
const ambiguous = String.raw`\\(?=[\\nrtx]|u\{|<\{%|##|${hiddenOnes})`;
/**
 * Matches emoji that Unicode recommends, in which joiners and the like are allowed. The look-ahead avoids the 3,700
 * alternatives at most positions: V8 stops optimising patterns in a process that has created many, and would then try
 * all of them at each position.
 */
const emoji = String.raw`(?<emoji>(?=\p{Emoji})\p{RGI_Emoji})`;

const inPiece = [hiddenOnes, runnerCommand, colourTag, ambiguous];
const inLines = [hiddenOnes, runnerCommand, colourTag];
const patterns = (kinds: readonly string[]) => {
  let plain: RegExp | undefined;
  let withEmoji: RegExp | undefined;
  // Each is compiled when needed, since most processes never show such a text; the pattern for emoji takes 15 ms.
  return {
    get plain(): RegExp {
      plain ??= new RegExp(kinds.join("|"), "gv");
      return plain;
    },
    get emoji(): RegExp {
      withEmoji ??= new RegExp([emoji, ...kinds].join("|"), "gv");
      return withEmoji;
    },
  };
};
const piece = patterns(inPiece);
const lines = patterns(inLines);

/** Matches most texts, which contain none of the above. */
const harmless = /^[ !"$-;=-[\]-~]*$/;

/** Matches the characters that join an emoji of several characters; only texts with one need the slower pattern. */
const joint = /[\u200d\ufe0f\u{e007f}]/u;

/**
 * Escapes a text of one line: a name, a value, a path. Different texts give different results.
 *
 * @example
 * visible("api\u001b[31m\n") // `api\x1b[31m\n`
 */
export function visible(text: string): string {
  if (harmless.test(text)) return text;
  return text.replace(joint.test(text) ? piece.emoji : piece.plain, shown);
}

/**
 * Escapes a whole message, or lines of a log: line breaks and tabs stay, and no line begins with a command for a CI
 * runner. The results of {@link visible} and of this function stay unchanged, so that it may be applied again to all
 * output.
 *
 * @example
 * visibleLines("it failed:\n::stop-commands::x") // "it failed:\n\\x3a:stop-commands::x"
 */
export function visibleLines(text: string): string {
  const unbroken = text.replaceAll("\r\n", "\n");
  return unbroken
    .replace(joint.test(unbroken) ? lines.emoji : lines.plain, (found, emoji) =>
      found === "\n" || found === "\t" ? found : shown(found, emoji),
    )
    .replace(/^([ \t]*):(?=:)/gm, String.raw`$1\x3a`);
}

/** Returns a value as JSON, without hidden characters and with indented levels, that parses to the same value. */
export function visibleJson(value: unknown, indent?: number): string {
  return withEscapes(JSON.stringify(value, undefined, indent) ?? "null", jsonEscape);
}

/**
 * Replaces hidden characters in code, where they are only in texts that know the given escapes. Line breaks stay.
 */
export function withEscapes(code: string, write: (character: string) => string): string {
  return code.replace(lines.plain, (found) => (found === "\n" ? found : write(found)));
}

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

function shown(found: string, emoji: unknown): string {
  // Without emoji in the pattern, the second argument is the offset of the match.
  return typeof emoji === "string" ? found : (named[found] ?? escaped(found.codePointAt(0) ?? 0));
}

function escaped(point: number): string {
  return point <= 0xff ? `\\x${hex(point, 2)}` : `\\u{${hex(point, 4)}}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

function jsonEscape(found: string): string {
  const units = Array.from({ length: found.length }, (_, at) => found.charCodeAt(at));
  return units.map((unit) => `\\u${hex(unit, 4)}`).join("");
}
