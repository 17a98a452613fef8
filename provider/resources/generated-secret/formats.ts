import { createHmac, randomBytes, randomInt, randomUUID } from "node:crypto";
import { objectIn } from "../../../packages/text";

/** Formats of a generated value. */
export const formats = ["alphanumeric", "base64", "hex", "uuid", "username", "email", "jwt"] as const;
type Format = (typeof formats)[number];

/** Inputs that say how a value is made. */
export interface Recipe {
  readonly format?: Format | undefined;
  readonly length?: number | undefined;
  readonly bytes?: number | undefined;
  readonly payload?: string | undefined;
  readonly signingKey?: string | undefined;
}

/** Inputs that belong to some formats only. */
export const formatsOf: Readonly<Record<Exclude<keyof Recipe, "format">, readonly Format[]>> = {
  length: ["alphanumeric"],
  bytes: ["base64", "hex"],
  payload: ["jwt"],
  signingKey: ["jwt"],
};

/** Letters and digits: they need no quotes in a shell, a URL, YAML or a file of variables. */
const letters = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";

/** Returns a new value. */
export function generate(recipe: Recipe): string {
  const { format = "alphanumeric", length = 48, bytes = 32 } = recipe;
  switch (format) {
    case "alphanumeric":
      return chosenFrom(letters.toUpperCase() + letters + digits, length);
    case "base64":
    case "hex":
      return randomBytes(bytes).toString(format);
    case "uuid":
      return randomUUID();
    case "username":
      return username();
    case "email":
      return `${username()}@example.com`;
    case "jwt":
      return token(recipe);
  }
}

function chosenFrom(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

/** Returns a name that databases and mail servers take too. */
function username(): string {
  return chosenFrom(letters, 1) + chosenFrom(letters + digits, 11);
}

/** Returns a JSON web token (RFC 7519) with the time of its making, signed with HMAC and SHA-256. */
function token({ payload = "{}", signingKey = "" }: Recipe): string {
  const claims = { iat: Math.floor(Date.now() / 1000), ...objectIn(payload) };
  const signed = [{ alg: "HS256", typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${signed}.${createHmac("sha256", signingKey).update(signed).digest("base64url")}`;
}
