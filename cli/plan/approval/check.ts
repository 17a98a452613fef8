import type { PlanKey } from "../../../provider/pulumi";
import { UsageError } from "../../terminal";
import { planOf } from "../model";
import { readPreview } from "../preview";
import { readFingerprint, shownTotal, totalOf } from "./block";
import { type Difference, differences } from "./compare";
import { factsOf } from "./facts";

/** Result of a comparison with the approved plan. */
export interface Check {
  readonly same: boolean;
  /** Project and stack. */
  readonly stack: string;
  /** Fingerprint of the current plan. */
  readonly fingerprint: string;
  /** Fingerprint in the comment. */
  readonly approved: string;
  readonly differences: readonly Difference[];
}

/**
 * Compares a plan with the approved one.
 *
 * @param plan output of `pulumi preview --json`
 * @param comments text with the fingerprint
 * @throws UsageError when one of them cannot be used
 */
export function check(
  plan: string,
  comments: string,
  { commit, stack, key }: { commit: string | undefined; stack: string | undefined; key: PlanKey },
): Check {
  const preview = readPreview(plan);
  const now = planOf(preview, stack);
  if (now.failed)
    throw new UsageError("This preview failed, so there is no plan to compare with the approved one.");
  const facts = factsOf(preview, now, key);
  const approved = readFingerprint(comments, facts.stack, key);
  const found = differences(approved, facts, key);
  if (commit !== undefined && approved.commit !== commit) {
    const planned = approved.commit === undefined ? "names no commit" : `is of commit ${approved.commit}`;
    found.unshift({ text: `The approved plan ${planned}; commit ${commit} was expected.` });
  }
  return {
    same: found.length === 0,
    stack: facts.stack,
    fingerprint: shownTotal(totalOf(facts, key)),
    approved: shownTotal(approved.total),
    differences: found,
  };
}
