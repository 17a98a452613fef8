import type { Change } from "../schema/changes";

/** What is found of a resource beside what the program asks for. */
export interface Found {
  /** What differs between the state and the program. */
  readonly changes: readonly Change[];
  /**
   * What of it the plan shows. Pulumi compares with what the program asked for before an update that failed, and the state has
   * what that one saved.
   */
  readonly shown: readonly Change[];
  /** Whether the state says that work was left undone. */
  readonly isUnfinished: boolean;
  readonly isPlan: boolean;
  /** Whether a refresh found what an update that failed has saved. */
  readonly isLeft: boolean;
}

/**
 * What is said of work that an earlier run left, or that somebody else did by hand: by a plan, or by a refresh, which
 * compares what it found with what the program asked for.
 */
export function pendingEffect({ changes, shown, isUnfinished, isPlan, isLeft }: Found): string | undefined {
  if (isPlan) {
    const unseen = namesOf(changes).filter((name) => !namesOf(shown).includes(name));
    if (unseen.length > 0) {
      return `an update that failed has saved what this plan does not show, and this one changes it again: ${unseen.join(", ")}`;
    }
    if (!isUnfinished || changes.length > 0) return undefined;
    return shown.length > 0
      ? "an update that failed has saved this already, and it has yet to take effect, so it is applied now"
      : "what is saved in Dokploy has yet to take effect, so it is applied though no input changes";
  }
  if (!isUnfinished) return undefined;
  if (changes.length === 0) {
    return "what is saved in Dokploy has yet to take effect; an update applies it";
  }
  // Of an update that failed, Pulumi takes what the program asked for before it.
  return isLeft
    ? "what an update that failed has saved has yet to take effect; the next one saves and applies what the program gives"
    : "it was changed outside of this program; an update takes that back";
}

/** `source.image`, `env.LOG_LEVEL` */
function namesOf(changes: readonly Change[]): string[] {
  return changes.flatMap(({ path, keys }) => {
    const names = keys ? [...keys.added, ...keys.changed, ...keys.removed] : [];
    return names.length > 0 ? names.map((name) => `${path}.${name}`) : [path];
  });
}
