/**
 * Text from outside (files, the server, logs, the state) as a person and a CI system may see it: nothing in it is
 * invisible, works on a terminal, or is taken for a command by the system that keeps the log. What goes to Dokploy or
 * into the state never passes here.
 *
 * Hidden characters become escapes as in JavaScript: `\n`, `\x1b`, `\u{202e}`. Letters of all scripts and emoji stay.
 */

/** Look like nothing, or like a blank, though no property of Unicode says so. */
const blankSigns = String.raw`\u2800\u2d7f\u303f\ufffc\u{13441}\u{13442}\u{16fe4}\u{1d159}`;
/**
 * Controls, directions, halves of characters, what has no glyph of its own, what a font may leave out, and all blanks
 * but the normal one.
 */
const hiddenOnes = String.raw`[\p{C}\p{Default_Ignorable_Code_Point}${blankSigns}]|(?! )\p{White_Space}`;
/** Commands of runners, which GitHub's and Azure's take anywhere in a line: `##[error]`, `##vso[…]`. */
const runnerCommand = String.raw`#(?=#[\w.\-]*\[)`;
/** Pulumi makes terminal codes of `<{%fg 1%}>`. */
const colourTag = String.raw`<(?=\{%)`;
/** A backslash that would read as one of our escapes. */
const ambiguous = String.raw`\\(?=[\\nrtx]|u\{|<\{%|##|${hiddenOnes})`;
/**
 * Joiners and the like show nothing by themselves; in an emoji that Unicode recommends they are no more than its parts.
 * The look ahead spares most places the 3,700 alternatives: a process that has made many patterns has them no longer
 * optimised by V8, and then each place tries them all.
 */
const emoji = String.raw`(?<emoji>(?=\p{Emoji})\p{RGI_Emoji})`;

const inPiece = [hiddenOnes, runnerCommand, colourTag, ambiguous];
const inLines = [hiddenOnes, runnerCommand, colourTag];
const patterns = (kinds: readonly string[]) => {
  let plain: RegExp | undefined;
  let withEmoji: RegExp | undefined;
  // Each is made when it is needed, since most processes show no such text; all emoji of Unicode alone take 15 ms.
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

/** Most texts: nothing in them could be one of the above. */
const harmless = /^[ !"$-;=-[\]-~]*$/;

/** What emoji of several characters are joined with; only where one stands, the slower pattern is worth its time. */
const joint = /[\u200d\ufe0f\u{e007f}]/u;

/**
 * A piece of one line: a name, a value, a path. Different texts give different results.
 *
 * @example
 * visible("api\u001b[31m\n") // `api\x1b[31m\n`
 */
export function visible(text: string): string {
  if (harmless.test(text)) return text;
  return text.replace(joint.test(text) ? piece.emoji : piece.plain, shown);
}

/**
 * A whole message, or lines of a log: line breaks and tabs stay, and no line begins with a command of a runner. What is
 * {@link visible} already stays as it is, so that it may be done once more where messages leave.
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

/**
 * A value as JSON, in which nothing hidden stands either; reading it gives the same value.
 *
 * @param indent blanks of each level; undefined: one line
 */
export function visibleJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, undefined, indent) ?? "null";
  return json.replace(lines.plain, (found) => (found === "\n" ? found : jsonEscape(found)));
}

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

function shown(found: string, emoji: unknown): string {
  // Of a pattern without emoji, the second argument is where it was found.
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
