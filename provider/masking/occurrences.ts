/** A part of a text, from its first character to the one behind its last. */
export interface Span {
  start: number;
  end: number;
}

/** What is looked for at once: it bounds the memory, and each of these goes through the whole text. */
const maxBatch = 1_000_000;
/** As long as the shortest piece that is looked up. */
const gram = 4;

/**
 * What any of the words covers in a text, in its order; parts that overlap or touch are one. The time is in proportion to
 * the text and to the words together, however many these are and however often they stand in the text.
 *
 * @param words each with whether it counts only where `standsAlone` says so; none is empty
 * @example occurrences("abcabcx", new Map([["abc", false]]), () => true) // [{ start: 0, end: 6 }]
 */
export function occurrences(
  text: string,
  words: ReadonlyMap<string, boolean>,
  standsAlone: (start: number, end: number) => boolean,
): Span[] {
  const spans: Span[] = [];
  for (const batch of batchesOf(candidates(text, [...words.keys()]))) {
    const automaton = new Automaton(batch, (word) => words.get(word) === true);
    automaton.search(text, standsAlone, (span) => spans.push(span));
  }
  return joined(spans);
}

/** The same in the order of the text; those that overlap or touch are one. */
export function joined(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = all.at(-1);
    if (last === undefined || start > last.end) all.push({ start, end });
    else last.end = Math.max(last.end, end);
  }
  return all;
}

/** Most words stand nowhere in the text, which their pieces of four characters tell. */
function candidates(text: string, words: readonly string[]): string[] {
  const seen = new Uint8Array(1 << 20);
  for (let at = 0; at + gram <= text.length; at++) seen[gramAt(text, at)] = 1;
  return words.filter((word) => {
    if (word.length > text.length) return false;
    for (let at = 0; at + gram <= word.length; at++) if (seen[gramAt(word, at)] !== 1) return false;
    return true;
  });
}

function gramAt(text: string, at: number): number {
  let hash = 0;
  for (let index = at; index < at + gram; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x9e3779b1) ^ (hash >>> 15);
  return hash >>> 12;
}

function* batchesOf(words: readonly string[]): Generator<string[]> {
  let batch: string[] = [];
  let length = 0;
  for (const word of words) {
    if (batch.length > 0 && length + word.length > maxBatch) {
      yield batch;
      batch = [];
      length = 0;
    }
    batch.push(word);
    length += word.length;
  }
  if (batch.length > 0) yield batch;
}

/** Looks for many words in one go through a text, after Aho and Corasick. Its states are beginnings of words. */
class Automaton {
  /** The state with the longest end of this one. */
  private readonly fallback: Int32Array;
  /** How long the word is that the state is, or 0. */
  private readonly length: Int32Array;
  private readonly alone: Uint8Array;
  /** The state of the longest shorter word that this one ends with, or 0. */
  private readonly shorter: Int32Array;
  /** From a state by a character to the next: a table of hashes, three numbers for each entry. */
  private readonly steps: Int32Array;
  private readonly mask: number;
  private states = 1;

  constructor(words: readonly string[], isAlone: (word: string) => boolean) {
    const most = 1 + words.reduce((sum, { length }) => sum + length, 0);
    this.fallback = new Int32Array(most);
    this.length = new Int32Array(most);
    this.alone = new Uint8Array(most);
    this.shorter = new Int32Array(most);
    const places = 2 ** Math.ceil(Math.log2(most * 2));
    this.steps = new Int32Array(places * 3);
    this.mask = places - 1;
    // By length of the beginnings, so that all shorter ones are there when a longer one looks for its fallback.
    let open = words.map((word) => ({ word, state: 0 }));
    for (let depth = 0; open.length > 0; depth++) {
      for (const one of open) one.state = this.child(one.state, one.word.charCodeAt(depth));
      open = open.filter(({ word, state }) => {
        if (word.length > depth + 1) return true;
        this.length[state] = word.length;
        this.alone[state] = isAlone(word) ? 1 : 0;
        return false;
      });
    }
    // A fallback is shorter, and so it came before.
    for (let state = 1; state < this.states; state++) {
      const fallback = this.fallback[state] ?? 0;
      this.shorter[state] = this.length[fallback] === 0 ? (this.shorter[fallback] ?? 0) : fallback;
    }
  }

  /** Tells the longest that ends at each place and counts: it covers all others that end there. */
  search(
    text: string,
    standsAlone: (start: number, end: number) => boolean,
    found: (span: Span) => void,
  ): void {
    let state = 0;
    for (let end = 1; end <= text.length; end++) {
      state = this.next(state, text.charCodeAt(end - 1));
      let word = this.length[state] === 0 ? (this.shorter[state] ?? 0) : state;
      while (word !== 0) {
        const start = end - (this.length[word] ?? 0);
        if (this.alone[word] === 0 || standsAlone(start, end)) {
          found({ start, end });
          break;
        }
        word = this.shorter[word] ?? 0;
      }
    }
  }

  private child(state: number, code: number): number {
    const place = this.placeOf(state, code);
    const known = this.steps[place + 2] ?? 0;
    if (known !== 0) return known;
    const made = this.states++;
    // Asked before the step is known, so that a state is never its own fallback.
    this.fallback[made] = state === 0 ? 0 : this.next(this.fallback[state] ?? 0, code);
    this.steps[place] = state;
    this.steps[place + 1] = code;
    this.steps[place + 2] = made;
    return made;
  }

  private next(from: number, code: number): number {
    for (let state = from; ; state = this.fallback[state] ?? 0) {
      const to = this.steps[this.placeOf(state, code) + 2] ?? 0;
      if (to !== 0 || state === 0) return to;
    }
  }

  /** Where the step is in the table, or would be. */
  private placeOf(state: number, code: number): number {
    let hash = Math.imul(state ^ Math.imul(code, 0x85ebca6b), 0x9e3779b1);
    hash = (hash ^ (hash >>> 15)) & this.mask;
    for (; ; hash = (hash + 1) & this.mask) {
      const place = hash * 3;
      const isFree = this.steps[place + 2] === 0;
      if (isFree || (this.steps[place] === state && this.steps[place + 1] === code)) return place;
    }
  }
}
