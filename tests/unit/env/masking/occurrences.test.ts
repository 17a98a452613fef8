import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { maskSecrets, occurrences } from "../../../../provider/env";

type Span = ReturnType<typeof occurrences>[number];
type StandsAlone = (start: number, end: number) => boolean;

/** Each word, at each place. */
function oneByOne(text: string, words: ReadonlyMap<string, boolean>, standsAlone: StandsAlone): Span[] {
  const covered = new Uint8Array(text.length);
  for (const [word, alone] of words) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      if (alone && !standsAlone(at, at + word.length)) continue;
      covered.fill(1, at, at + word.length);
    }
  }
  const spans: Span[] = [];
  for (let at = 0; at < text.length; at++) {
    if (covered[at] !== 1) continue;
    const last = spans.at(-1);
    if (last?.end === at) last.end = at + 1;
    else spans.push({ start: at, end: at + 1 });
  }
  return spans;
}

const ofFew = (characters: string, maxLength: number) =>
  fc.array(fc.constantFrom(...characters), { minLength: 1, maxLength }).map((letters) => letters.join(""));

describe("occurrences of many words", () => {
  const words = fc
    .array(fc.tuple(ofFew("ab1", 8), fc.boolean()), { maxLength: 12 })
    .map((pairs) => new Map(pairs));

  it("are those of each word alone", () => {
    fc.assert(
      fc.property(ofFew("ab1 ", 60), words, (text, words) => {
        const standsAlone: StandsAlone = (start, end) =>
          text.charAt(start - 1).trim() + text.charAt(end).trim() === "";
        assert.deepEqual(occurrences(text, words, standsAlone), oneByOne(text, words, standsAlone));
      }),
      { numRuns: 1000 },
    );
  });

  it("are those of each word in texts of any characters", () => {
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });
    const parts = fc.array(fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 9 }), fc.boolean()), {
      maxLength: 9,
    });
    fc.assert(
      fc.property(text, parts, (text, parts) => {
        const words = new Map<string, boolean>();
        for (const [start, length, alone] of parts) {
          const word = text.slice(start, start + length);
          if (word !== "") words.set(word, alone);
        }
        const never = () => false;
        assert.deepEqual(occurrences(text, words, never), oneByOne(text, words, never));
      }),
      { numRuns: 500 },
    );
  });

  it("are found if the words together are longer than one search", () => {
    const long = Array.from({ length: 5 }, (_, number) => `${number}${"ab".repeat(200_000)}`);
    const text = `x${long[4]}y${long[0]}`;
    const words = new Map(long.map((word) => [word, false]));
    assert.deepEqual(
      occurrences(text, words, () => true),
      [
        { start: 1, end: 400_002 },
        { start: 400_003, end: 800_004 },
      ],
    );
  });

  it("of one word in itself end if the text does", () => {
    const text = "a".repeat(1000);
    assert.deepEqual(
      occurrences(text, new Map([["aaaa", false]]), () => true),
      [{ start: 0, end: 1000 }],
    );
    assert.deepEqual(
      occurrences("a", new Map([["aaaa", false]]), () => true),
      [],
    );
  });
});

describe("a log with secrets of many lines", () => {
  /** Of the processor, in milliseconds. */
  function timeOf(run: () => void): number {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  }

  for (const { name, log, line } of [
    {
      name: "all of which begin as the log does",
      log: "value- ",
      line: (number: number) => `value-${number}`,
    },
    {
      name: "each of which is in the next",
      log: "ab",
      line: (number: number) => "ab".repeat(2 + (number % 300)),
    },
  ]) {
    it(`is masked in linear time: ${name}`, function () {
      this.timeout(120_000);
      const mask = (lines: number, length: number) => {
        const secret = Array.from({ length: lines }, (_, index) => line(index)).join("\n");
        const text = log.repeat(length / log.length);
        return timeOf(() => maskSecrets(text, [secret]));
      };
      const few = mask(2_000, 60_000);
      const many = mask(8_000, 240_000);
      assert.ok(many < 5_000 && many < few * 9 + 1_000, `${few} ms, and ${many} ms for four times of both`);
    });
  }
});
