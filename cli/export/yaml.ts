import type { Expression } from "./expression";

/** Ways to write the values that are more than data; a reference is an id with a comment. */
export interface YamlWriting {
  reference(expression: Extract<Expression, { type: "reference" }>): {
    readonly id: string;
    readonly note: string;
  };
  /** Returns the tag with the name: `!secret api-TOKEN`. */
  secret(name: string): string;
}

/** Returns lines of YAML for a record, each indented. */
export function yamlLines(
  expression: Extract<Expression, { type: "record" }>,
  writing: YamlWriting,
  indent = "",
): string[] {
  return expression.entries.flatMap(([name, value]) =>
    valueLines(`${indent}${scalar(name)}:`, value, writing, indent),
  );
}

function valueLines(start: string, value: Expression, writing: YamlWriting, indent: string): string[] {
  if (value.type === "record" && value.entries.length > 0)
    return [start, ...yamlLines(value, writing, `${indent}  `)];
  if (value.type === "list" && value.items.length > 0)
    return [start, ...value.items.flatMap((item) => itemLines(item, writing, `${indent}  `))];
  return [`${start} ${inline(value, writing)}`];
}

function itemLines(item: Expression, writing: YamlWriting, indent: string): string[] {
  if (item.type !== "record" || item.entries.length === 0)
    return item.type === "list" && item.items.length > 0
      ? [`${indent}-`, ...item.items.flatMap((inner) => itemLines(inner, writing, `${indent}  `))]
      : [`${indent}- ${inline(item, writing)}`];
  const [first = "", ...others] = yamlLines(item, writing, `${indent}  `);
  return [`${indent}- ${first.slice(indent.length + 2)}`, ...others];
}

function inline(value: Expression, writing: YamlWriting): string {
  switch (value.type) {
    case "plain":
      return typeof value.value === "string" ? scalar(value.value) : String(value.value);
    case "reference": {
      const { id, note } = writing.reference(value);
      return `${scalar(id)} # ${note}`;
    }
    case "secret":
      return writing.secret(value.name);
    case "record":
      return "{}";
    case "list":
      return "[]";
    case "composeFile":
      throw new Error("A compose file is a file of its own.");
  }
}

/** Words that YAML does not read as text. */
const special = /^(?:true|false|null|yes|no|on|off|y|n|~)$/i;

/** Returns a text as YAML: without quotes where it cannot be anything else. */
export function scalar(text: string): string {
  if (/^[A-Za-z][\w./@-]*$/.test(text) && !special.test(text)) return text;
  // YAML knows the escapes of JSON.
  return JSON.stringify(text).replace(
    /[\u0085\u2028\u2029\ufeff\u007f-\u009f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
