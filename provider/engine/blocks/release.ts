import type { Context } from "../../lifecycle";
import { type Field, pathOf, textFields } from "../../schema";
import type { BlockInputs } from "./model";
import { ownersOf } from "./owners";

/**
 * Returns a function that says which variables of the target other resources of the stack own, including resources
 * outside this run. They stay when the block is deleted.
 */
export async function releaseBlock(
  state: BlockInputs,
  { run, warn }: Pick<Context, "run" | "warn">,
): Promise<(field: Field, key: string) => boolean> {
  const names = (field: Field) =>
    state.mode === "additive" ? Object.keys(state[field] ?? {}) : ("all" as const);
  const variables = Object.fromEntries(
    textFields.flatMap((field) => (state[field] === undefined ? [] : [[field, names(field)]])),
  );
  const { block, owner } = ownersOf(state.target);
  const elsewhere = (await run.ownership.holdings.releaseVariables({ ...block, variables }, owner)) ?? {};
  const isElsewhere = (field: Field, key: string) => {
    const others = elsewhere[field] ?? [];
    return others === "all" || others.includes(key);
  };
  const kept = textFields.flatMap((field) =>
    Object.keys(state[field] ?? {})
      .filter((key) => isElsewhere(field, key))
      .map((key) => nameIn(field, key)),
  );
  if (kept.length > 0) {
    warn(
      staying(state, kept, (them) => `another resource of this stack owns ${them}`),
      "stays",
    );
  }
  return isElsewhere;
}

/** Returns the message of a deletion about variables that stay. */
export function staying(
  { target }: BlockInputs,
  names: readonly string[],
  why: (them: string) => string,
): string {
  const [stay, them] = names.length === 1 ? ["stays", "it"] : ["stay", "them"];
  return `EnvironmentBlock of ${pathOf(target)}: ${names.join(", ")} ${stay}, since ${why(them)}.`;
}

/** Returns a variable's name for messages: `NAME`, `buildArgs.NAME`. */
export function nameIn(field: Field, key: string): string {
  return field === "env" ? key : `${field}.${key}`;
}
