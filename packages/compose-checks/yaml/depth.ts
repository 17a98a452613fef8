import type { CST } from "yaml";

/**
 * Returns the offset of the first token below that depth, or undefined. Composing and walking a document recurses, so
 * a text of many brackets would exhaust the stack.
 */
export function deeperThan(tokens: readonly CST.Token[], limit: number): number | undefined {
  let level: CST.Token[] = [...tokens];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return level[0]?.offset;
    level = level.flatMap((token) => {
      if (token.type === "document") return token.value ? [token.value] : [];
      if (!("items" in token)) return [];
      return token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat());
    });
  }
  return undefined;
}
