/** Types of variables, each with the words of a message about a value of another type. */
export const variableTypes = {
  string: "a text",
  integer: "an integer",
  number: "a number",
  boolean: "true or false",
  url: "an address with its scheme, such as https://example.com",
  json: "JSON",
} as const;

export type VariableType = keyof typeof variableTypes;

/** True when a text is a value of a type. */
export function isOfType(type: VariableType, text: string): boolean {
  switch (type) {
    case "string":
      return true;
    case "integer":
      return /^-?\d+$/.test(text);
    case "number":
      return /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);
    case "boolean":
      return text === "true" || text === "false";
    case "url":
      return /^[A-Za-z][A-Za-z0-9+.-]*:\/\/\S+$/.test(text);
    case "json":
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
  }
}
