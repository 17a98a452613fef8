import type { FuncKeywordDefinition, SchemaValidateFunction } from "ajv";

/** `uniqueItems` as the validator has it, which compares each item of a list with all others; here each is seen once. */
export const uniqueItems: FuncKeywordDefinition = {
  keyword: "uniqueItems",
  type: "array",
  schemaType: "boolean",
  errors: true,
  validate: validator(),
};

function validator(): SchemaValidateFunction {
  const validate: SchemaValidateFunction = (wanted: boolean, items: readonly unknown[]) => {
    const repeated = wanted ? repeatedItem(items) : undefined;
    if (repeated === undefined) return true;
    validate.errors = [{ keyword: "uniqueItems", message: "has an item twice", params: { i: repeated } }];
    return false;
  };
  return validate;
}

/** The index of the last item that has an equal one behind it. */
function repeatedItem(items: readonly unknown[]): number | undefined {
  const behind = new Set<string>();
  for (let index = items.length - 1; index >= 0; index--) {
    const text = canonical(items[index]);
    if (behind.has(text)) return index;
    behind.add(text);
  }
  return undefined;
}

/** The same text for what is equal, whatever the order of its keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`);
    return `{${entries.sort().join(",")}}`;
  }
  // Not as JSON, which has no NaN.
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
