// Texts as the rules see them. Code in a text is masked as one word that no rule finds, so that `blank` may be named.

/**
 * @typedef {object} Text a run of prose: a paragraph, a cell of a table, a message
 * @property {string} shown as people read it
 * @property {string} masked of the same length, with code and placeholders as capital Xs
 * @property {readonly (readonly [offset: number, line: number])[]} lines the lines of the source, by where each begins
 * @property {"docstring" | "cell" | "tag" | "message" | "prose"} kind a docstring's first text is "docstring"
 */

/** Collects the parts of one text. */
class TextBuilder {
  shown = "";
  masked = "";
  lines = [];

  /** @param {"docstring" | "cell" | "tag" | "message" | "prose"} kind */
  constructor(kind) {
    this.kind = kind;
  }

  add(part, line) {
    this.lines.push([this.shown.length, line]);
    this.shown += part;
    this.masked += part.replace(/\bhttps?:\/\/[^\s)>\]]+/g, (url) => "X".repeat(url.length));
  }

  addCode(part, line) {
    this.lines.push([this.shown.length, line]);
    this.shown += part;
    this.masked += "X".repeat(part.length);
  }

  /** @returns {Text} */
  build() {
    return { shown: this.shown, masked: this.masked, lines: this.lines, kind: this.kind };
  }
}

const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });

/**
 * Splits a text into sentences.
 *
 * @param {Text} text
 * @returns {{shown: string, masked: string, line: number, isFirst: boolean}[]}
 */
function sentencesOf(text) {
  const spans = [];
  for (const { index, segment } of segmenter.segment(text.masked)) {
    const last = spans.at(-1);
    const end = index + segment.length;
    if (last !== undefined && /\b(?:e\.g|i\.e|vs|cf)\.\s*$/.test(text.masked.slice(last[0], last[1])))
      last[1] = end;
    else spans.push([index, end]);
  }
  return spans
    .map(([from, to]) => {
      const blank = /^\s*/.exec(text.masked.slice(from, to))?.[0].length ?? 0;
      return [from + blank, to];
    })
    .filter(([from, to]) => from < to)
    .map(([from, to], at) => ({
      shown: text.shown.slice(from, to).trim().replace(/\s+/g, " "),
      masked: text.masked.slice(from, to).trim().replace(/\s+/g, " "),
      line: lineAt(text, from),
      isFirst: at === 0,
    }));
}

function lineAt({ lines }, offset) {
  return lines.findLast(([start]) => start <= offset)?.[1] ?? 1;
}

/** Counts the words; code, and a placeholder with everything that touches it, is one. */
function wordCount(masked) {
  return masked.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

module.exports = { sentencesOf, TextBuilder, wordCount };
