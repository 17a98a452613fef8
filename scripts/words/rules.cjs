const { sentencesOf, wordCount } = require("./text.cjs");

/**
 * @typedef {object} Rule an entry of words.json: with `find` words and phrases; with `mostWords` a length
 * @property {string} rule its name
 * @property {string[]} [find]
 * @property {string[]} [except] phrases that contain one of them and are allowed
 * @property {"sentence" | "docstring"} [at] place where they are wrong; without it, everywhere
 * @property {boolean} [questions] true when they are allowed in a question
 * @property {number} [mostWords]
 * @property {string} reason
 * @property {string} instead
 */

/** @typedef {{line: number, rule: string, sentence: string}} Finding */

/** Shorter sentences are headings and labels, whose first word doesn't matter. */
const fewestWordsOfSentence = 3;

/**
 * @param {readonly Rule[]} rules
 * @returns {(texts: readonly import("./text.cjs").Text[]) => Finding[]} in the order of the lines; each rule is found
 * once in a sentence
 */
function checkerOf(rules) {
  const compiled = rules.map(({ rule, ...options }) => ({ rule, isBroken: breaks(options) }));
  return (texts) =>
    texts
      .flatMap((text) =>
        sentencesOf(text).flatMap((sentence) =>
          compiled
            .filter(({ isBroken }) => isBroken(sentence, text.kind))
            .map(({ rule }) => ({ line: sentence.line, rule, sentence: sentence.shown })),
        ),
      )
      .sort((one, other) => one.line - other.line);
}

function breaks({ find = [], except = [], at, questions = false, mostWords }) {
  if (mostWords !== undefined) return ({ masked }) => wordCount(masked) > mostWords;
  const exceptions = except.length === 0 ? undefined : new RegExp(phrases(except), "giu");
  const isRight = ({ masked }) => questions && /\?\W*$/.test(masked);
  const without = (masked) =>
    exceptions === undefined ? masked : masked.replace(exceptions, (right) => "X".repeat(right.length));
  if (at === undefined) {
    const pattern = new RegExp(phrases(find), "iu");
    return (sentence) => !isRight(sentence) && pattern.test(without(sentence.masked));
  }
  const capital = new RegExp(`^[^\\p{L}]*${phrases(find)}`, "u");
  const any = new RegExp(capital.source, "iu");
  return (sentence, kind) => {
    const isDocstring = kind === "docstring" && sentence.isFirst;
    if (isDocstring !== (at === "docstring") || isRight(sentence)) return false;
    if (at === "sentence" && wordCount(sentence.masked) < fewestWordsOfSentence) return false;
    // Cells and tags begin with a small letter; elsewhere a small letter is in the middle of a sentence.
    const pattern = sentence.isFirst && kind !== "message" && kind !== "prose" ? any : capital;
    return pattern.test(without(sentence.masked));
  };
}

function phrases(all) {
  const alternatives = all.map((phrase) => phrase.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return `(?<![\\p{L}\\p{N}_-])(?:${alternatives.join("|")})(?![\\p{L}\\p{N}_-])`;
}

module.exports = { checkerOf };
