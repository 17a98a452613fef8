/** Part of a text, from its first character to the one after its last. */
export interface Span {
  start: number;
  end: number;
}

/** Characters that are searched at once, which bounds the memory; each batch goes through the whole text. */
const maxBatch = 1_000_000;
/** Length of the shortest piece that is looked up. */
const gram = 4;

/**
 * Finds the parts of a text that any of the words covers, in order; parts that overlap or touch are joined. The time
 * is proportional to the size of the text plus the words, however many there are and however often they occur.
 *
 * @param words for each word, true if it counts only where `standsAlone` allows it; none is empty
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

/** Sorts spans by their place in the text, and joins those that overlap or touch. */
export function joined(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = all.at(-1);
    if (last === undefined || start > last.end) all.push({ start, end });
    else last.end = Math.max(last.end, end);
  }
  return all;
}

/**
 * Returns the start of the longest ending of a text that is also the beginning of a longer word; undefined without one.
 *
 * @example unfinished("abcab", ["abd", "bx"]) // 3
 */
export function unfinished(text: string, words: Iterable<string>): number | undefined {
  let longest = 0;
  for (const word of words) if (mayBegin(text, word)) longest = Math.max(longest, begun(text, word));
  return longest === 0 ? undefined : text.length - longest;
}

function mayBegin(text: string, word: string): boolean {
  if (text.includes(word.slice(0, gram))) return true;
  return [1, 2, 3].some((length) => text.endsWith(word.slice(0, length)));
}

/**
 * Returns the length of the longest beginning of a word, shorter than the word, with which a text ends; after Knuth,
 * Morris and Pratt.
 */
function begun(text: string, word: string): number {
  /** Lengths, for each beginning of the word, of the longest shorter beginning with which it ends. */
  const shorter = new Int32Array(word.length);
  const next = (length: number, code: number): number => {
    let from = length;
    while (from > 0 && word.charCodeAt(from) !== code) from = shorter[from - 1] ?? 0;
    return word.charCodeAt(from) === code ? from + 1 : 0;
  };
  for (let at = 1; at < word.length; at++) shorter[at] = next(shorter[at - 1] ?? 0, word.charCodeAt(at));
  let length = 0;
  for (let at = Math.max(0, text.length - word.length + 1); at < text.length; at++) {
    length = next(length, text.charCodeAt(at));
  }
  return length;
}

/** Keeps the words that may occur: most do not, which their pieces of four characters show. */
function candidates(text: string, words: readonly string[]): string[] {
  // Few pieces share a place by chance, and a short text, as most are, needs no large table.
  const bits = Math.min(20, Math.ceil(Math.log2(64 * Math.max(16, text.length))));
  const seen = new Uint8Array(2 ** bits);
  for (let at = 0; at + gram <= text.length; at++) seen[placeOf(text, at, bits)] = 1;
  return words.filter((word) => {
    if (word.length > text.length) return false;
    for (let at = 0; at + gram <= word.length; at++) if (seen[placeOf(word, at, bits)] !== 1) return false;
    return true;
  });
}

/** Returns the place of a piece in a table of `2 ** bits` places. */
function placeOf(text: string, at: number, bits: number): number {
  let hash = 0;
  for (let index = at; index < at + gram; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x9e3779b1) ^ (hash >>> 15);
  return hash >>> (32 - bits);
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

/** Searches many words in one pass through a text, after Aho and Corasick. Its states are beginnings of words. */
class Automaton {
  /** State of the longest proper ending of this one. */
  private readonly fallback: Int32Array;
  /** Length of the word that the state is, or 0. */
  private readonly length: Int32Array;
  private readonly alone: Uint8Array;
  /** State of the longest shorter word that this one ends with, or 0. */
  private readonly shorter: Int32Array;
  /** Steps from a state by a character to the next: a hash table, three numbers for each entry. */
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
    // Ordered by length of the beginnings, so that all shorter ones exist when a longer one looks for its
    // fallback.
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
    // A fallback is shorter, so it was created before.
    for (let state = 1; state < this.states; state++) {
      const fallback = this.fallback[state] ?? 0;
      this.shorter[state] = this.length[fallback] === 0 ? (this.shorter[fallback] ?? 0) : fallback;
    }
  }

  /** Reports the longest valid word that ends at each place: it covers all others that end there. */
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
    // Requested before the step exists, so that a state is never its own fallback.
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

  /** Returns the index of the step in the table, or the index where it would be. */
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
