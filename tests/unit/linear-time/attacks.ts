import { type Pattern, parsePattern } from "./pattern";

/** A text of any length that may take long: something that is repeated, between a beginning and an end. */
export interface Attack {
  readonly start: string;
  readonly pump: string;
  readonly end: string;
}

/** In a pump, how many there were before it: names that are all different. */
const NUMBER = "§";
/** The number of the one before. */
const NUMBER_BEFORE = "¤";

function numbered(pump: string, length: number): string {
  const pieces: string[] = [];
  for (let number = 1, left = length; left > 0; number++) {
    const piece = pump.replaceAll(NUMBER, String(number)).replaceAll(NUMBER_BEFORE, String(number - 1));
    pieces.push(piece);
    left -= piece.length;
  }
  return pieces.join("");
}

export function textOf({ start, pump, end }: Attack, length: number): string {
  const room = length - start.length - end.length;
  const pumped = pump.includes(NUMBER)
    ? numbered(pump, room)
    : pump.repeat(Math.max(1, Math.floor(room / pump.length)));
  // Through bytes, so that it is one flat text and not a tree of pieces that has to be put together first.
  return Buffer.from(start + pumped + end, "utf16le").toString("utf16le");
}

/** Characters to fill sets with; a set that has none of these gets the first of all that it has. */
const candidates = [..."a0 \n\t\r:/.-=\"'`{}$\\_@<>[]()#,&;!A|~%?*é\u001b\u00a0\u2028\0"];
/** What no expression begins with, so that an anchor does not take what follows in one go. */
const junk = ["\0", "a "];
/** What makes an expression fail after all that fits. */
const ends = ["\0", "\n\0", "\0\n\0", "!", ""];
const longestPump = 5000;

/** Which member of a set or which word comes first, and how far from it those at the next places are. */
type Choice = readonly [first: number, step: number];
const few: readonly Choice[] = [
  [0, 0],
  [1, 0],
  [2, 0],
  [0, 1],
];
const many: readonly Choice[] = [
  ...Array.from({ length: 12 }, (_, first): Choice => [first, 0]),
  ...[1, 2, 3, 5].map((step): Choice => [0, step]),
];

/**
 * Texts from the pieces of an expression itself: each of them repeated, behind what stands before it and alone, with an end
 * that does not fit. Whoever repeats what an expression repeats, or begins it again and again, makes it go back most.
 */
export function attacksOn({ source, flags }: RegExp): Attack[] {
  const found = new Map<string, Attack>();
  const add = (start: string, piece: string) => {
    if (piece === "" || piece.length > longestPump) return;
    for (const pump of flags.includes("m") ? [piece, `${piece}\n`] : [piece]) {
      for (const end of ends) found.set(JSON.stringify([start, pump, end]), { start, pump, end });
    }
  };
  const members = membersOf(flags.replace(/[gmy]/g, ""));
  const text = (pieces: readonly Pattern[], [first, step]: Choice) => {
    let next = first - step;
    const choose = () => {
      next += step;
      return next;
    };
    return pieces.map((piece) => sample(piece, choose, members)).join("");
  };
  const visit = (pattern: Pattern, before: readonly Pattern[]): void => {
    if (pattern.kind === "repeat") {
      for (const choice of pattern.max > 9 ? many : []) {
        const piece = text([pattern.of], choice);
        add(text(before, [0, 0]), piece);
        add("", piece);
        for (const start of junk) add(start, piece);
        add("", text([...before, pattern.of], choice));
      }
      visit(pattern.of, before);
    }
    if (pattern.kind === "look") visit(pattern.of, before);
    if (pattern.kind === "choice") for (const option of pattern.options) visit(option, before);
    if (pattern.kind === "sequence") {
      for (const [index, item] of pattern.items.entries()) {
        visit(item, [...before, ...pattern.items.slice(0, index)]);
        for (const choice of few) {
          for (let from = 0; from <= index; from++)
            add("", text(pattern.items.slice(from, index + 1), choice));
        }
      }
    }
  };
  const pattern = parsePattern(source);
  visit(pattern, []);
  for (const choice of many) add("", text([pattern], choice));
  return [...found.values()];
}

/**
 * What is repeated without end in an expression, and of which none of the texts is a repetition: they prove nothing of it,
 * and a person has to look.
 */
export function undecided({ source, flags }: RegExp): string[] {
  const kept = flags.replace(/[gmy]/g, "");
  const members = membersOf(kept);
  const found: string[] = [];
  const visit = (pattern: Pattern): void => {
    if (pattern.kind === "look") visit(pattern.of);
    if (pattern.kind === "sequence") pattern.items.forEach(visit);
    if (pattern.kind === "choice") pattern.options.forEach(visit);
    if (pattern.kind !== "repeat") return;
    visit(pattern.of);
    if (pattern.max <= 9) return;
    const whole = new RegExp(`^(?:${pattern.source})+$`, kept);
    const isRepeated = many.some(([first, step]) => {
      let next = first - step;
      const piece = sample(
        pattern.of,
        () => {
          next += step;
          return next;
        },
        members,
      );
      return piece !== "" && whole.test(piece.repeat(3));
    });
    if (!isRepeated) found.push(pattern.source);
  };
  visit(parsePattern(source));
  return found;
}

type Members = (source: string) => readonly string[];

function membersOf(flags: string): Members {
  const known = new Map<string, readonly string[]>();
  return (source) => {
    let members = known.get(source);
    if (members === undefined) {
      const one = new RegExp(`^(?:${source})$`, flags);
      members = candidates.filter((character) => one.test(character));
      for (let code = 0; members.length === 0 && code <= 0xffff; code++) {
        const character = String.fromCharCode(code);
        if (one.test(character)) members = [character];
      }
      known.set(source, members);
    }
    return members;
  };
}

/** A text that fits, or nearly so; what it cannot know, such as what stands around it, is left out. */
function sample(pattern: Pattern, choose: () => number, members: Members): string {
  const one = <T>(of: readonly T[]): T | undefined => of[choose() % Math.max(1, of.length)];
  switch (pattern.kind) {
    case "literal":
      return pattern.text;
    case "set":
      return one(members(pattern.source)) ?? "";
    case "empty":
    case "look":
    // What a group took is as good as nothing here: the texts need not match.
    case "again":
      return "";
    case "repeat": {
      const times = pattern.min === 0 ? (one([1, 0]) ?? 1) : pattern.min;
      return sample(pattern.of, choose, members).repeat(times);
    }
    case "sequence":
      return pattern.items.map((item) => sample(item, choose, members)).join("");
    case "choice": {
      const option = one(pattern.options);
      return option === undefined ? "" : sample(option, choose, members);
    }
  }
}
