import { isId, kinds, type TargetKind } from "../../../provider/schema";
import { UsageError } from "../../terminal";

/** One side of a comparison, as the command line names it. */
export type Operand =
  /** The files of a stage. */
  | { readonly kind: "stage"; readonly stage: string }
  | { readonly kind: "path"; readonly path: string }
  /** The objects on the server that the stack of that name manages. */
  | { readonly kind: "live"; readonly stack: string }
  | { readonly kind: "object"; readonly object: TargetKind; readonly id: string };

/** Returns the stack that an operand names; undefined where it names none. */
export function stackOf(operand: Operand): string | undefined {
  if (operand.kind === "live") return operand.stack;
  // `base` is not a stage that runs: the files of each stage override it.
  return operand.kind === "stage" && operand.stage !== "base" ? operand.stage : undefined;
}

/**
 * Parses an operand of `env diff`.
 *
 * @throws UsageError when it has none of the known forms
 *
 * @example
 * parseOperand("test") // { kind: "stage", stage: "test" }
 * parseOperand("live:prod") // { kind: "live", stack: "prod" }
 * parseOperand("compose/Hd8yJ0") // { kind: "object", object: "compose", id: "Hd8yJ0" }
 */
export function parseOperand(text: string): Operand {
  const stack = /^live:(.*)$/.exec(text)?.[1];
  if (stack !== undefined) {
    // A stack may be written with its organization and project.
    if (/^\w[\w.-]*(?:\/\w[\w.-]*){0,2}$/.test(stack)) return { kind: "live", stack };
    throw new UsageError(`"${text}" names no stack: write live:<stage>, for example live:test.`);
  }
  const [, object, id = ""] = /^([a-z]+)\/([\w.-]+)$/.exec(text) ?? [];
  const kind = kinds.find((known) => known === object);
  // A file of that folder may have such a name; ids with a dot have a form by which they are recognised.
  if (kind !== undefined && (isId(id) || /^[\w-]+$/.test(id))) return { kind: "object", object: kind, id };
  if (/[/\\]|^\.|\.(?:ya?ml|env)$/i.test(text)) return { kind: "path", path: text };
  if (/^\w[\w.-]*$/.test(text)) return { kind: "stage", stage: text };
  throw new UsageError(
    `"${text}" is not an operand: write a stage, the path of a file or directory, live:<stage>, application/<id> ` +
      "or compose/<id>.",
  );
}
