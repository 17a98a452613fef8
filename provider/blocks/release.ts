import { type Field, kindAndId, pathOf, textFields } from "../env-hosts/kinds";
import type { Context } from "../lifecycle/context";
import type { BlockInputs } from "./model";

/**
 * Tells which variables of the target other resources of the stack own, whether this run sees them or not: those stay
 * when the block is deleted.
 */
export async function releaseBlock(
  state: BlockInputs,
  { claims, warn }: Pick<Context, "claims" | "warn">,
): Promise<(field: Field, key: string) => boolean> {
  const { kind, id } = kindAndId(state.target);
  const names = (field: Field) =>
    state.mode === "additive" ? Object.keys(state[field] ?? {}) : ("all" as const);
  const variables = Object.fromEntries(
    textFields.flatMap((field) => (state[field] === undefined ? [] : [[field, names(field)]])),
  );
  const owner = { kind: `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`, id };
  const elsewhere =
    (await claims.holdings.releaseVariables(
      { kind: "EnvironmentBlock", id: pathOf(state.target), variables },
      owner,
    )) ?? {};
  const isElsewhere = (field: Field, key: string) => {
    const others = elsewhere[field] ?? [];
    return others === "all" || others.includes(key);
  };
  const kept = textFields.flatMap((field) =>
    Object.keys(state[field] ?? {})
      .filter((key) => isElsewhere(field, key))
      .map((key) => (field === "env" ? key : `${field}.${key}`)),
  );
  if (kept.length > 0) {
    warn(
      `EnvironmentBlock of ${pathOf(state.target)}: ${kept.join(", ")} stay, since another resource of this stack owns them.`,
    );
  }
  return isElsewhere;
}
