import type { EnvFileStyle } from "./versions";

/** Writes the `.env` next to a compose file, like Dokploy. */
export function writeEnvFile(env: Readonly<Record<string, string>>, style: EnvFileStyle): string {
  return Object.entries(env)
    .map(([key, value]) => `${key}=${style === "unquoted" ? value : `"${escaped(value, style)}"`}`)
    .join("\n");
}

const template = /\$\{[A-Za-z_]\w*(?::?[-+?][^{}]*)?\}/y;

function escaped(value: string, style: EnvFileStyle): string {
  let text = "";
  for (let at = 0; at < value.length; at += 1) {
    template.lastIndex = at;
    const passed = style === "templates" ? template.exec(value)?.[0] : undefined;
    if (passed !== undefined) {
      text += passed.replace(/[\\"]/g, "\\$&");
      at += passed.length - 1;
    } else {
      const character = value[at] ?? "";
      text += /[\\"$]/.test(character) ? `\\${character}` : character;
    }
  }
  return text;
}

/** Returns the value of a variable; undefined when it is not set. */
export type LookUp = (name: string) => string | undefined;

const key = /^(?:export\s+)?([\p{L}\p{N}_.[\]-]+)[^\S\n]*([=:]|\n|$)/u;

/**
 * Reads a `.env` like Compose 2.40: values without quotes end at a space and `#`, values in double quotes have
 * escapes, and in both variables are replaced.
 *
 * @param outside looks up variables around the file, which win over the file's own
 * @throws with Compose's words for a text that it cannot read
 */
export function readComposeEnvFile(text: string, outside: LookUp = () => undefined): Record<string, string> {
  const read: Record<string, string> = {};
  const lookUp: LookUp = (name) => outside(name) ?? (Object.hasOwn(read, name) ? read[name] : undefined);
  let rest = text.replace(/^\ufeff/, "");
  for (;;) {
    rest = rest.replace(/^(?:\s|#[^\n]*)+/, "");
    if (rest === "") return read;
    const line = text.slice(0, text.length - rest.length).split("\n").length;
    const found = key.exec(rest);
    if (!found) {
      const odd = /[^\p{L}\p{N}_.[\]\s-]/u.exec(rest)?.[0] ?? " ";
      throw new Error(
        `line ${line}: unexpected character ${JSON.stringify(odd)} in variable name ${JSON.stringify(rest.split("\n")[0])}`,
      );
    }
    const [whole, name = "", separator] = found;
    rest = rest.slice(whole.length);
    if (separator !== "=" && separator !== ":") {
      const value = outside(name);
      if (value !== undefined) read[name] = value;
      continue;
    }
    rest = rest.replace(/^[\t\v\f\r \x85\xa0]+/, "");
    const quote = rest[0] === '"' || rest[0] === "'" ? rest[0] : undefined;
    if (quote === undefined) {
      const end = rest.indexOf("\n");
      const value = end === -1 ? rest : rest.slice(0, end);
      rest = end === -1 ? "" : rest.slice(end + 1);
      read[name] = substitute(value.split(" #")[0]?.trimEnd() ?? "", lookUp);
    } else {
      const { value, length } = quoted(rest, quote, line);
      rest = rest.slice(length);
      read[name] = quote === '"' ? substitute(unescaped(value), lookUp) : value;
    }
  }
}

function quoted(text: string, quote: string, line: number): { value: string; length: number } {
  let value = "";
  for (let at = 1; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (character === quote) return { value, length: at + 1 };
    if (character !== "\\") {
      value += character;
      continue;
    }
    at += 1;
    const next = text[at] ?? "";
    value += next === quote ? next : `\\${next}`;
  }
  throw new Error(`line ${line}: unterminated quoted value ${text.split("\n")[0]}`);
}

const escapes: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  '"': '"',
  "\\": "\\",
  $: "$$",
};

function unescaped(value: string): string {
  return value.replace(/\\([abcfnrtv$"\\]|0\d{0,3})/g, (all, what: string) => {
    if (/^0[0-3][0-7]{2}$/.test(what)) return String.fromCharCode(Number.parseInt(what, 8));
    return escapes[what] ?? all;
  });
}

const named = /[_a-z][_a-z0-9]*/iy;
const braced = /^([_a-z][_a-z0-9]*)(?:(:?)([-+?])([\s\S]*))?$/i;

/** Replaces variables like Compose: `$NAME`, `${NAME}`, with a default and the like; `$$` is a dollar sign. */
export function substitute(text: string, lookUp: LookUp): string {
  let result = "";
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== "$") {
      result += text[at];
      continue;
    }
    named.lastIndex = at + 1;
    const name = named.exec(text)?.[0];
    if (text[at + 1] === "$") {
      result += "$";
      at += 1;
    } else if (name !== undefined) {
      result += lookUp(name) ?? "";
      at += name.length;
    } else if (text[at + 1] === "{") {
      const end = closing(text, at + 1);
      const [, variable = "", colon, operator, operand = ""] =
        braced.exec(text.slice(at + 2, Math.max(end, 0))) ?? [];
      if (variable === "") throw new Error(`Invalid template: ${JSON.stringify(text)}`);
      result += expanded({ variable, isStrict: colon === ":", operator, operand }, lookUp);
      at = end;
    } else {
      result += "$";
    }
  }
  return result;
}

function expanded(
  {
    variable,
    isStrict,
    operator,
    operand,
  }: { variable: string; isStrict: boolean; operator: string | undefined; operand: string },
  lookUp: LookUp,
): string {
  const value = lookUp(variable);
  const isSet = value !== undefined && !(isStrict && value === "");
  if (operator === "-") return isSet ? value : substitute(operand, lookUp);
  if (operator === "+") return isSet ? substitute(operand, lookUp) : "";
  if (operator === "?" && !isSet)
    throw new Error(`required variable ${variable} is missing a value: ${substitute(operand, lookUp)}`);
  return value ?? "";
}

/** Returns the index of the brace that closes the given one; -1 without one. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === "{") depth += 1;
    if (text[at] === "}") depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

/**
 * Reads a `.env` like `docker stack deploy`: each line is a variable, and everything after its first `=` is the
 * value.
 *
 * @throws with docker's words for a text that it cannot read
 */
export function readStackEnvFile(text: string, path: string, around: LookUp): Record<string, string> {
  const read: Record<string, string> = {};
  for (const whole of text.split(/\r?\n/)) {
    const line = whole.trimStart();
    if (line === "" || line.startsWith("#")) continue;
    const equals = line.indexOf("=");
    const name = equals === -1 ? line : line.slice(0, equals);
    if (/\s/.test(name))
      throw new Error(`invalid env file (${path}): variable '${name}' contains whitespaces`);
    if (name === "") throw new Error(`invalid env file (${path}): no variable name on line '${line}'`);
    const value = equals === -1 ? around(name) : line.slice(equals + 1);
    if (value !== undefined) read[name] = value;
  }
  return read;
}
