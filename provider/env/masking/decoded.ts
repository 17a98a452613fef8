/** A text whose escapes are replaced by the characters that they mean. */
export interface Decoded {
  readonly text: string;
  /** Offset in the original text of each character, and at the end the length of that text. */
  readonly starts: Readonly<Int32Array>;
}

/** A character of the decoded text, with the length of its source; without a text when it is not an escape. */
interface Unit {
  readonly text: string | undefined;
  readonly length: number;
}

/**
 * Decodes the notations in which programs write a value: that of addresses, also of forms, whose spaces are `+`; the
 * escapes with a backslash of programming languages and shells; and HTML. A text of one in another one, such as an address in
 * an address, is decoded twice. Each is returned only if the text has some of it.
 */
export function decodings(text: string): Decoded[] {
  const once = decodedOnce(text);
  const twice = once.flatMap((outer) =>
    decodedOnce(outer.text).map((inner) => ({
      text: inner.text,
      starts: inner.starts.map((at) => outer.starts[at] ?? 0),
    })),
  );
  const seen = new Set([text]);
  return [...once, ...twice].filter(({ text: plain }) => !seen.has(plain) && seen.add(plain));
}

function decodedOnce(text: string): Decoded[] {
  return [
    decode(text, /(?:%[\da-f]{2})+/gi, percent),
    decode(text, /(?:%[\da-f]{2})+|\+/gi, (found) =>
      found === "+" ? [{ text: " ", length: 1 }] : percent(found),
    ),
    decode(
      text,
      /(?:\\(?:x[\da-fA-F]{2}|[0-7]{3}))+|\\(?:u\{[\da-fA-F]{1,6}\}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[\s\S])/g,
      backslash,
    ),
    decode(text, /&(?:#x[\da-f]{1,6}|#\d{1,7}|[a-z]{2,8});?/gi, entity),
  ].filter((decoded) => decoded !== undefined);
}

function decode(
  text: string,
  pattern: RegExp,
  unitsOf: (found: string) => readonly Unit[],
): Decoded | undefined {
  const pieces: string[] = [];
  const starts = new Int32Array(text.length + 1);
  let length = 0;
  let from = 0;
  const add = (piece: string, offset: (index: number) => number) => {
    for (let index = 0; index < piece.length; index++) starts[length++] = offset(index);
    pieces.push(piece);
  };
  for (const { 0: found, index } of text.matchAll(pattern)) {
    const before = from;
    add(text.slice(from, index), (at) => before + at);
    let at = index;
    for (const unit of unitsOf(found)) {
      const start = at;
      if (unit.text === undefined) add(text.slice(at, at + unit.length), (inside) => start + inside);
      // As in the texts to look for, no character is invisible.
      else add(unit.text.replace(/[^\P{Cc}\n\t]|\p{Cf}/gu, ""), () => start);
      at += unit.length;
    }
    from = index + found.length;
  }
  if (from === 0) return undefined;
  const rest = from;
  add(text.slice(rest), (at) => rest + at);
  starts[length] = text.length;
  return { text: pieces.join(""), starts: starts.subarray(0, length + 1) };
}

function percent(found: string): Unit[] {
  return characters(Buffer.from(found.replaceAll("%", ""), "hex")).map(({ text, bytes }) => ({
    text,
    length: bytes.length * 3,
  }));
}

const letters: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", a: "\u0007", e: "\u001b", 0: "\0" }; // biome-ignore format: one line

/** Names that HTML gives to signs, each after its sign. */
const signs =
  "&amp <lt >gt \"quot 'apos +plus /sol =equals \\bsol `grave @commat !excl #num $dollar %percnt (lpar )rpar *ast *midast " +
  ",comma .period :colon ;semi ?quest [lsqb [lbrack ]rsqb ]rbrack ^Hat _lowbar {lcub {lbrace |vert |verbar }rcub }rbrace \u00a0nbsp";
const signOf = new Map(signs.split(" ").map((pair) => [pair.slice(1), pair.slice(0, 1)]));

function entity(found: string): Unit[] {
  const name = found.replace(/^&|;$/g, "");
  const [, hex, decimal] = /^#(?:x([\da-f]+)|(\d+))$/i.exec(name) ?? [];
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const text =
    code <= 0x10ffff ? String.fromCodePoint(code) : (signOf.get(name) ?? signOf.get(name.toLowerCase()));
  return [{ text, length: found.length }];
}

function backslash(found: string): Unit[] {
  const [, digits] = /^\\[uU]\{?([\da-f]+)\}?$/i.exec(found) ?? [];
  if (digits !== undefined) {
    const code = Number.parseInt(digits, 16);
    return [{ text: code <= 0x10ffff ? String.fromCodePoint(code) : undefined, length: found.length }];
  }
  if (found.length === 2) return [{ text: letters[found.charAt(1)] ?? found.charAt(1), length: 2 }];
  const bytes = [...found.matchAll(/\\(?:x([\da-f]{2})|([0-7]{3}))/gi)].map(([, hex, octal = ""]) =>
    hex === undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex, 16),
  );
  return characters(Buffer.from(bytes)).flatMap(({ text, bytes: own }) =>
    // Bytes that are not UTF-8 are characters of their own, as in a text of Python or JavaScript.
    text === undefined
      ? [...own].map((byte) => ({ text: String.fromCharCode(byte), length: 4 }))
      : [{ text, length: own.length * 4 }],
  );
}

/** Splits bytes into the characters of UTF-8; other bytes have no text. */
function characters(bytes: Buffer): { text: string | undefined; bytes: Buffer }[] {
  const found: { text: string | undefined; bytes: Buffer }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const whole = bytes.subarray(at, at + length);
    const text = whole.toString();
    const isText = Buffer.from(text).equals(whole);
    const own = isText ? whole : bytes.subarray(at, at + 1);
    found.push({ text: isText ? text : undefined, bytes: own });
    at += own.length;
  }
  return found;
}
