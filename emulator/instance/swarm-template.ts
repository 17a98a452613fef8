/** Values for templates of Swarm such as `{{.Service.Name}}`. */
export type TemplateContext = Readonly<Record<string, string>>;

/**
 * Renders the Go templates that Swarm expands in a service's variables, as far as the emulator knows them: string
 * literals (the way to write a literal `{{`), comments, numbers and the fields of `context`. Any other name throws
 * with Go's message, as in `A=Hello {{name}}`.
 */
export function renderTemplate(template: string, context: TemplateContext): string {
  let out = "";
  let at = 0;
  for (;;) {
    const open = template.indexOf("{{", at);
    if (open < 0) return out + template.slice(at);
    out += template.slice(at, open);
    const action = readAction(template, open + 2, context);
    out += action.text;
    at = action.end;
  }
}

function fail(template: string, at: number, message: string): never {
  const line = template.slice(0, at).split("\n").length;
  throw new Error(`template: expansion:${line}: ${message}`);
}

const quoted = /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y;
const comment = /\/\*[\s\S]*?\*\//y;
const field = /(?:\.[A-Za-z_]\w*)+/y;
const word = /[A-Za-z_]\w*/y;
const integer = /\d+/y;
const blanks = /\s*/y;

function readAction(
  template: string,
  start: number,
  context: TemplateContext,
): { text: string; end: number } {
  const from = start + read(blanks, template, start).length;
  const close = (text: string, tokenEnd: number) => {
    const end = tokenEnd + read(blanks, template, tokenEnd).length;
    if (template.startsWith("}}", end)) return { text, end: end + 2 };
    if (end >= template.length) fail(template, start, "unclosed action");
    return fail(template, start, `unexpected ${JSON.stringify(template[end])} in operand`);
  };

  const literal = read(quoted, template, from);
  if (literal) return close(unquote(literal), from + literal.length);
  const note = read(comment, template, from);
  if (note) return close("", from + note.length);
  const digits = read(integer, template, from);
  if (digits) return close(digits, from + digits.length);

  const path = read(field, template, from);
  if (path) {
    const value = context[path];
    if (value !== undefined) return close(value, from + path.length);
    const column = from - template.lastIndexOf("\n", from) - 1;
    const name = path.split(".").at(-1);
    const line = template.slice(0, from).split("\n").length;
    throw new Error(
      `template: expansion:${line}:${column}: executing "expansion" at <${path}>: can't evaluate field ${name} in type *template.Context`,
    );
  }

  const name = read(word, template, from);
  if (name === "if" || name === "range" || name === "with") return readBlock(template, start, name);
  if (name) return fail(template, start, `function ${JSON.stringify(name)} not defined`);
  if (template.startsWith("}}", from)) return fail(template, start, "missing value for command");
  if (from >= template.length) return fail(template, start, "unclosed action");
  return fail(template, start, `unexpected ${JSON.stringify(template[from])} in command`);
}

// Only `{{if true}}yes{{end}}` was ever seen of control flow; more is not worth a template engine.
const ifTrue = /if\s+true\s*\}\}([^{]*)\{\{\s*end\s*\}\}/y;

function readBlock(template: string, start: number, name: string): { text: string; end: number } {
  ifTrue.lastIndex = start + read(blanks, template, start).length;
  const match = ifTrue.exec(template);
  if (match) return { text: match[1] ?? "", end: ifTrue.lastIndex };
  return fail(template, start, `the emulator does not evaluate {{${name}}}`);
}

function read(pattern: RegExp, template: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(template)?.[0] ?? "";
}

function unquote(literal: string): string {
  const inner = literal.slice(1, -1);
  if (literal.startsWith("`")) return inner;
  const simple: Record<string, string> = { n: "\n", r: "\r", t: "\t", "\\": "\\", '"': '"', "'": "'" };
  return inner.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/g,
    (all, x?: string, u?: string, long?: string, other?: string) => {
      const hex = x ?? u ?? long;
      return hex ? String.fromCodePoint(Number.parseInt(hex, 16)) : (simple[other ?? ""] ?? all);
    },
  );
}
