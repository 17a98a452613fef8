import type { Code } from "../pulumi";
import type { Change } from "../schema";

/** Facts about a resource, in addition to the inputs of the program. */
export interface Found {
  /** Differences between the state and the program. */
  readonly changes: readonly Change[];
  /**
   * Differences that the plan shows. Pulumi compares with the inputs of the program before a failed update, and the
   * state has the values that this update saved.
   */
  readonly shown: readonly Change[];
  /** True when the state shows unfinished work. */
  readonly isUnfinished: boolean;
  readonly isPlan: boolean;
  /** True when a refresh found values that a failed update has saved. */
  readonly isLeft: boolean;
}

/**
 * Describes work that an earlier run left, or changes that somebody made by hand: for a plan, or for a refresh,
 * which compares its result with the inputs of the program.
 */
export function pendingEffect(found: Found): { text: string; code: Code } | undefined {
  if (isDrift(found))
    return { text: "it was changed outside of this program; an update undoes that", code: "drift" };
  const text = leftEffect(found);
  return text === undefined ? undefined : { text, code: "unfinished" };
}

/** True when a refresh found changes that no update left. After a failed one, Pulumi uses the inputs before it. */
function isDrift({ changes, isUnfinished, isPlan, isLeft }: Found): boolean {
  return !isPlan && isUnfinished && changes.length > 0 && !isLeft;
}

function leftEffect({ changes, shown, isUnfinished, isPlan }: Found): string | undefined {
  if (isPlan) {
    const unseen = namesOf(changes).filter((name) => !namesOf(shown).includes(name));
    if (unseen.length > 0) {
      return (
        "a failed update saved changes that this plan does not show, and this update overwrites them: " +
        `${unseen.join(", ")}`
      );
    }
    if (!isUnfinished || changes.length > 0) return undefined;
    return shown.length > 0
      ? "a failed update has already saved this, but it has not taken effect yet, so it is applied now"
      : "the configuration saved in Dokploy has not taken effect yet, so it is applied although no input changes";
  }
  if (!isUnfinished) return undefined;
  if (changes.length === 0) {
    return "the configuration saved in Dokploy has not taken effect yet; an update applies it";
  }
  return "changes saved by a failed update have not taken effect yet; the next update saves and applies the inputs of the program";
}

/** Returns the names of the changes: `source.image`, `env.LOG_LEVEL`. */
function namesOf(changes: readonly Change[]): string[] {
  return changes.flatMap(({ path, keys }) => {
    const names = keys ? [...keys.added, ...keys.changed, ...keys.removed] : [];
    return names.length > 0 ? names.map((name) => `${path}.${name}`) : [path];
  });
}
