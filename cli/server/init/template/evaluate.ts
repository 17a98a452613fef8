import { randomBytes } from "node:crypto";
import { objectIn, visible } from "../../../../packages/text";

/** Part of a text of a template that has no value yet: the stack makes it, or a stage gives it. */
export type Piece = { readonly variable: string } & (
  | { readonly kind: "secret"; readonly recipe: Recipe }
  /** A JSON web token, signed with the text `key`; undefined for a random one. */
  | { readonly kind: "token"; readonly key: string | undefined; readonly payload: Claims }
  /** A host name of the stage. */
  | { readonly kind: "host" }
  /** A port of the server. */
  | { readonly kind: "port" }
  /** Name of the service inside Docker. */
  | { readonly kind: "app-name" }
);

/** Fields of a secret in `!generate`. */
export type Recipe =
  | { readonly length: number }
  | { readonly format: "base64" | "hex"; readonly bytes: number }
  | { readonly format: "uuid" | "username" | "email" };

export type Claims = Readonly<Record<string, unknown>>;

/** A template that a repository cannot have; the message is the end of a sentence about it. */
export class CannotBeWritten extends Error {}

/** Most pieces of a template, and most characters of a text with its places filled: far more than any template needs. */
const [mostPieces, mostCharacters] = [1000, 2 ** 21] as const;

/** Most characters of the claims of a token. */
const mostOfClaims = 2000;
/** Most tokens inside one another's claims: a template may name a token in its own. */
const mostTokensInside = 10;

/** Characters around the number of a piece; no text of a template may have them. */
const [open, close] = ["\u{E000}", "\u{E001}"];
const mark = /\ue000(\d{1,9})\ue001/g;

/** True for a text that cannot be confused with a piece, and that YAML and Dokploy can hold. */
export function isReadable(text: string): boolean {
  return !/[\ue000\ue001\0]|\p{Surrogate}/u.test(text);
}

/** Fewest characters and bytes of a generated secret, and most. */
const [least, most] = [16, { length: 512, bytes: 768 }] as const;
/** A shorter one of `${hash}` is the end of a name. */
const leastDigits = 8;
/** Seconds of 2030-01-01, when Dokploy's tokens end. */
const defaultEnd = 1_893_456_000;

/**
 * Evaluates the texts of a template as Dokploy 0.30.2 does (packages/server/src/templates/processors.ts), except that a random
 * value becomes a piece. So one value in several places stays one.
 */
export class Evaluation {
  readonly notes = new Set<string>();
  private readonly pieces: Piece[] = [];
  private readonly variables = new Map<string, string>();
  private tokensAround = 0;

  /**
   * @param variables names and texts, in the order of the template
   * @param now time for the helpers that give it
   */
  constructor(
    variables: Iterable<readonly [name: string, text: string]>,
    private readonly now = Date.now(),
  ) {
    this.variables.set("APP_NAME", this.add({ kind: "app-name", variable: "APP_NAME" }));
    for (const [name, text] of variables) this.variables.set(name, this.whole(name, text) ?? text);
    // Later ones see what became of earlier ones, and the others as they are written.
    for (const [name, text] of this.variables) this.variables.set(name, this.text(text, name));
  }

  /**
   * Returns a text with its places `${…}` filled.
   *
   * @param variable name of the template's variable whose value it is
   */
  text(written: string, variable = ""): string {
    const filled = replaced(written, (name) => this.helper(name, variable) ?? this.variables.get(name));
    return replaced(filled, (name) => this.variables.get(name));
  }

  /** Splits a text into its parts: literal texts, and pieces. */
  partsOf(text: string): readonly (string | Piece)[] {
    return text
      .split(mark)
      .map((part, index) => (index % 2 === 0 ? part : (this.pieces[Number(part)] ?? "")))
      .filter((part) => part !== "");
  }

  /** Returns a new host of the stage, for a domain whose template gives none. */
  host(variable: string): string {
    return this.add({ kind: "host", variable });
  }

  /** Returns the piece that is the whole value of a variable: Dokploy does not use what follows the first helper. */
  private whole(variable: string, written: string): string | undefined {
    if (written === "${domain}" || written === "${hash}") return this.helper(written.slice(2, -1), variable);
    const [, name] = /^\$\{(base64|password|hash):/.exec(written) ?? [];
    if (name === undefined) return undefined;
    const amounts = [...written.matchAll(/\$\{(base64|password|hash):(\d{1,9})\}/g)];
    const [, , amount = ""] = amounts.find(([, other]) => other === name) ?? [];
    return this.helper(`${name}:${amount}`, variable);
  }

  /** Returns what a helper gives; undefined for another name. */
  private helper(written: string, variable: string): string | undefined {
    const [name = "", ...given] = written.split(":");
    const amount = Number.parseInt(given[0] ?? "", 10) || undefined;
    const secret = (recipe: Recipe) => this.add({ kind: "secret", variable, recipe });
    switch (given.length === 0 ? name : `${name}:`) {
      case "domain":
        return this.host(variable);
      case "base64":
      case "base64:":
        return secret({ format: "base64", bytes: this.within("bytes", amount ?? 32, variable) });
      case "password":
      case "password:":
        return secret({ length: this.within("length", amount ?? 16, variable) });
      case "hash":
      case "hash:":
        return this.hex(amount ?? leastDigits, variable);
      case "uuid":
      case "username":
      case "email":
        return given.length === 0 ? secret({ format: name as "uuid" | "username" | "email" }) : undefined;
      case "timestamp":
      case "timestampms":
        return String(this.now);
      case "timestamps":
        return String(Math.round(this.now / 1000));
      case "timestampms:":
        return String(timeOf(given.join(":")));
      case "timestamps:":
        return String(Math.round(timeOf(given.join(":")) / 1000));
      case "randomPort":
        return this.add({ kind: "port", variable });
      case "jwt":
        return this.token(undefined, undefined, variable);
      case "jwt:":
        return given.length === 1 && /^\d{1,3}$/.test(given[0] ?? "")
          ? secret({ format: "hex", bytes: this.within("bytes", Number(given[0]), variable) })
          : this.token(given[0], given[1], variable);
      default:
        return undefined;
    }
  }

  private hex(digits: number, variable: string): string {
    if (digits < leastDigits) return randomBytes(digits).toString("hex").slice(0, digits);
    const bytes = this.within("bytes", Math.ceil(digits / 2), variable);
    return this.add({ kind: "secret", variable, recipe: { format: "hex", bytes } });
  }

  private within(unit: "length" | "bytes", wanted: number, variable: string): number {
    const amount = Math.min(Math.max(wanted, least), most[unit]);
    if (amount !== wanted) {
      const what = unit === "length" ? "characters" : "bytes";
      this.notes.add(
        `${variable ? visible(variable) : "a secret"} has ${amount} ${what}, not ${wanted} as in the template`,
      );
    }
    return amount;
  }

  private token(key: string | undefined, given: string | undefined, variable: string): string {
    if (this.tokensAround >= mostTokensInside)
      throw new CannotBeWritten("the claims of a token contain the token itself, or too many others");
    this.tokensAround += 1;
    const written = this.text(this.variables.get(given ?? "") ?? "");
    this.tokensAround -= 1;
    if (written.length > mostOfClaims) throw new CannotBeWritten("the claims of a token are too long");
    const payload = objectIn(written) ?? {};
    const { iss, exp, ...others } = payload;
    return this.add({
      kind: "token",
      variable,
      key: key ? this.variables.get(key) || key : undefined,
      payload: { ...others, iss: iss || "dokploy", exp: exp || defaultEnd },
    });
  }

  private add(piece: Piece): string {
    if (this.pieces.push(piece) > mostPieces)
      throw new CannotBeWritten(`it has more than ${mostPieces} generated values`);
    return `${open}${this.pieces.length - 1}${close}`;
  }
}

/** @throws CannotBeWritten for a text that is no time */
function timeOf(written: string): number {
  const time = new Date(written).getTime();
  if (Number.isNaN(time)) throw new CannotBeWritten(`it has a text that is not a time: ${visible(written)}`);
  return time;
}

/** Replaces the places `${…}` of a text. The limits keep the time and the length in proportion to the text. */
function replaced(text: string, find: (name: string) => string | undefined): string {
  let length = text.length;
  return text.replaceAll(/\$\{([^}]{1,1000})\}/g, (place, name: string) => {
    const found = find(name) ?? place;
    length += found.length;
    if (length > mostCharacters) throw new CannotBeWritten("a text of it is too long with its variables");
    return found;
  });
}
