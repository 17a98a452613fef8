import { type Node, parseDocument, treeOf } from "../../packages/compose-checks/yaml";
import { secretWords } from "./command-options";
import { nameIsSecret, secretParts } from "./secret-parts";
import { markVariables } from "./variable-marks";

/**
 * True when a text under a name has a secret in it, in any form that tools read: an assignment, an option of a command
 * line, a header, an address, JSON or YAML. A variable such as `${TOKEN}` is not one.
 *
 * @example
 * holdsSecret("command", "mysqladmin ping -phunter2") // true
 */
export function holdsSecret(name: string, text: string): boolean {
  return isSecret(name, text) || structureHolds(name, text) === true;
}

/** True when a compose file has a secret in it, or cannot be read. */
export function fileHoldsSecret(text: string): boolean {
  return isSecret("", text) || structureHolds("", text) !== false;
}

/** True when the words of a command line have a secret: `--password x`, `mysql -px`, `PGPASSWORD=x psql`. */
export function commandHolds(line: string): boolean {
  return secretParts(line).length > 0;
}

/** True for JSON or YAML with a secret in one of its values, without quotes and escapes; undefined for other texts. */
function structureHolds(name: string, text: string): boolean | undefined {
  if (!/\n|^\s*[{[]/.test(text)) return undefined;
  try {
    const parsed = parseDocument(text.replace(/^\uFEFF/, ""), { schema: "core", second: "", tooDeep: "" });
    if ("problem" in parsed) return undefined;
    const limits = { maxDepth: 100, maxNodes: 200_000, merge: false };
    const root = parsed.contents && treeOf(parsed.contents, text, { ...limits, wrong: () => {} });
    return root !== undefined && isHeldIn(name, root);
  } catch {
    return undefined;
  }
}

function isHeldIn(name: string, node: Node): boolean {
  switch (node.kind) {
    case "map":
      return [...node.entries.values(), ...node.again].some(({ key, value }) => isHeldIn(key, value));
    case "list": {
      const words = node.items.flatMap((item) => (item.kind === "scalar" ? [markVariables(item.text)] : []));
      return (
        node.items.some((item) => isHeldIn(isOfNames(name, item) ? "" : name, item)) ||
        secretWords(words).length > 0
      );
    }
    case "scalar":
      return typeof node.value !== "boolean" && isSecret(name, node.text);
  }
}

/** True for an item of the list in a compose file that says which secrets a service gets. */
function isOfNames(list: string, item: Node): boolean {
  return list === "secrets" && item.kind === "scalar" && /^[a-z][a-z\d_.-]*$/.test(item.text);
}

function isSecret(name: string, text: string): boolean {
  return nameIsSecret(name, markVariables(text)) || secretParts(text).length > 0;
}
