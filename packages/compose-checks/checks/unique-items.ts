import type { FuncKeywordDefinition, SchemaValidateFunction } from "ajv";

/** `uniqueItems` in linear time; the validator's own compares each item of a list with all others. */
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
    validate.errors = [{ keyword: "uniqueItems", message: "has a duplicate item", params: { i: repeated } }];
    return false;
  };
  return validate;
}

/** Returns the index of the last item that has a duplicate after it. */
function repeatedItem(items: readonly unknown[]): number | undefined {
  const behind = new Set<string>();
  for (let index = items.length - 1; index >= 0; index--) {
    const text = canonical(items[index]);
    if (behind.has(text)) return index;
    behind.add(text);
  }
  return undefined;
}

/** Returns a text that is the same for equal values, regardless of the order of keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`);
    return `{${entries.sort().join(",")}}`;
  }
  // JSON has no NaN.
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
