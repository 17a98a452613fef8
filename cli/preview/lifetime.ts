import type { PreviewRules } from "../../sdk/repository";
import type { PreviewStack } from "./stacks";

const hour = 3_600_000;

/** Returns the time at which a preview that was deployed at a time is removed. */
export function endOf(deployed: Date, { lifetime = "7d" }: Pick<PreviewRules, "lifetime">): Date {
  const hours = Number.parseInt(lifetime, 10) * (lifetime.endsWith("d") ? 24 : 1);
  return new Date(deployed.valueOf() + hours * hour);
}

/**
 * Returns the reason for removing a preview; undefined when it stays.
 *
 * @param open numbers of the pull requests that are open; undefined when they are not known
 */
export function reasonToRemove(
  { number, updated }: PreviewStack,
  open: ReadonlySet<string> | undefined,
  rules: Pick<PreviewRules, "lifetime">,
  now: Date,
): "closed" | "expired" | undefined {
  if (open?.has(number) === false) return "closed";
  return updated !== undefined && endOf(updated, rules) <= now ? "expired" : undefined;
}
