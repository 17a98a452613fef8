import { visibleJson } from "../../../packages/text";
import type { Image } from "../../../sdk/files";
import { serviceUrl } from "./addresses";
import { commentLine } from "./escaping";
import type { AddressPiece, Entry, Expression } from "./expression";
import type { Item } from "./item";

/** Widest line, unless a single value is wider. */
const WIDTH = 100;

/** Ways to write the values that are more than data. */
export interface Writing {
  /** Returns the expression of another resource's output: `shop.id`. */
  reference(expression: Extract<Expression, { type: "reference" }>): string;
  /** Returns the expression of a resource. */
  resource(item: Item): string;
  /** Returns the expression of a secret. */
  secret(name: string): string;
  /** Writes the file of a compose service, and returns its path. */
  composeFile(text: string): string;
  /** Writes a text into a file with this name, and returns its path. */
  text(text: string, file: string): string;
  /** Writes an image, and returns its path. */
  image(image: Image): string;
}

/** Returns a value as TypeScript, on one line if it fits. */
export function print(expression: Expression, writing: Writing, indent: number, before: number): string {
  const line = onOneLine(expression, writing);
  if (indent + before + line.length <= WIDTH || !hasLines(expression)) return line;
  const inner = " ".repeat(indent + 2);
  const end = " ".repeat(indent);
  if (expression.type === "composeFile" || expression.type === "text") {
    const call = `${functionOf(expression)}(${literal(pathOf(expression, writing))}, {`;
    const values = entriesOf(expression, writing);
    const short = `values: { ${values.join(", ")} },`;
    const lines = values.map((entry) => `${inner}  ${entry},\n`).join("");
    const all = inner.length + short.length <= WIDTH ? short : `values: {\n${lines}${inner}},`;
    return `${call}\n${inner}${all}\n${end}})`;
  }
  if (expression.type === "list") {
    const items = expression.items.map((item) => `${inner}${print(item, writing, indent + 2, 1)},\n`);
    return `[\n${items.join("")}${end}]`;
  }
  const entries = expression.entries.map(([name, value]) => {
    const key = `${keyOf(name)}: `;
    return `${inner}${key}${print(value, writing, indent + 2, key.length + 1)},\n`;
  });
  return `{\n${entries.join("")}${end}}`;
}

type InFile = Extract<Expression, { type: "composeFile" | "text" }>;
type WithLines = InFile | Extract<Expression, { type: "list" | "record" }>;

function hasLines(expression: Expression): expression is WithLines {
  if (expression.type === "composeFile" || expression.type === "text") return expression.places.size > 0;
  if (expression.type === "list") return expression.items.length > 0;
  return expression.type === "record" && expression.entries.length > 0;
}

function onOneLine(expression: Expression, writing: Writing): string {
  switch (expression.type) {
    case "plain":
      return literal(expression.value);
    case "reference":
      return writing.reference(expression);
    case "secret":
      return writing.secret(expression.name);
    case "composeFile":
    case "text": {
      const values = entriesOf(expression, writing).join(", ");
      const options = values === "" ? "" : `, { values: { ${values} } }`;
      return `${functionOf(expression)}(${literal(pathOf(expression, writing))}${options})`;
    }
    case "address":
      return addressIn(expression.pieces, writing);
    case "image":
      return imageFile(expression.image, writing);
    case "list":
      return `[${expression.items.map((item) => onOneLine(item, writing)).join(", ")}]`;
    case "record": {
      const entry = ([name, value]: Entry) => `${keyOf(name)}: ${onOneLine(value, writing)}`;
      return expression.entries.length === 0 ? "{}" : `{ ${expression.entries.map(entry).join(", ")} }`;
    }
  }
}

/** Returns an address: an output, a call of `internalUrl`, or else a text with outputs and secrets in it. */
function addressIn(pieces: readonly AddressPiece[], writing: Writing): string {
  const [first, ...more] = pieces;
  if (first?.type === "output" && more.length === 0) return `${writing.resource(first.to)}.${first.output}`;
  const url = serviceUrl(pieces);
  if (url !== undefined) {
    const { to, scheme, port, path } = url;
    const options = [
      ...(path === "" ? [] : [`path: ${literal(path)}`]),
      ...(scheme === "http" ? [] : [`scheme: ${literal(scheme)}`]),
    ].join(", ");
    return `${writing.resource(to)}.internalUrl(${port}${options === "" ? "" : `, { ${options} }`})`;
  }
  const inside = pieces.map((piece) => {
    if (piece.type === "text")
      return literal(piece.text)
        .slice(1, -1)
        .replace(/\\(.)|`|\$(?=\{)/g, (sign, escaped) => {
          if (escaped === undefined) return `\\${sign}`;
          return escaped === '"' || escaped === "'" ? escaped : sign;
        });
    return `\${${piece.type === "output" ? `${writing.resource(piece.to)}.${piece.output}` : writing.secret(piece.name)}}`;
  });
  return `pulumi.interpolate\`${inside.join("")}\``;
}

function imageFile(image: Image, writing: Writing): string {
  const options = image.type === undefined ? "" : `, { type: ${literal(image.type)} }`;
  return `dokploy.imageFile(${literal(writing.image(image))}${options})`;
}

function functionOf({ type }: InFile): string {
  return type === "text" ? "dokploy.textFile" : "dokploy.composeFile";
}

function pathOf(expression: InFile, writing: Writing): string {
  const { type, text } = expression;
  return type === "text" ? writing.text(text, expression.file) : writing.composeFile(text);
}

/** Returns the secrets that a file gets, each with the name of its place. */
function entriesOf({ places }: InFile, writing: Writing): string[] {
  return [...places].map(([place, name]) => `${place}: ${writing.secret(name)}`);
}

/**
 * Returns a value in quotes, without a hidden character. A text with more double than single quotes has single ones
 * around it, as formatters write it.
 */
export function literal(value: unknown): string {
  const text = visibleJson(value);
  const count = (quote: string) => text.slice(1, -1).split(quote).length;
  return typeof value === "string" && count('"') > count("'")
    ? `'${text.slice(1, -1).replace(/\\.|'/g, (each) => (each === '\\"' ? '"' : each === "'" ? "\\'" : each))}'`
    : text;
}

/** `__proto__` in quotes would still set the prototype. */
function keyOf(name: string): string {
  if (name === "__proto__") return `["__proto__"]`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
}

/** Returns a text as a comment. */
export function comment(text: string): string {
  return `// ${commentLine(text)}\n`;
}
