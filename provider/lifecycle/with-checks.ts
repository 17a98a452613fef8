import { CheckFailedError, type Problem } from "../errors";
import type { Entity } from "./entity";

type Checks<Inputs> = Partial<Pick<Entity<Inputs, never>, "check" | "preflight" | "preview">>;

/** Returns the entity with further checks, which come after its own. */
export function withChecks<Inputs, Outputs, E>(
  base: E & Entity<Inputs, Outputs>,
  { check, preflight, preview }: Checks<NoInfer<Inputs>>,
): E {
  return {
    ...base,
    check: (...call) => [...(base.check?.(...call) ?? []), ...(check?.(...call) ?? [])],
    async preflight(...call) {
      const problems: Problem[] = [];
      for (const check of [base.preflight, preflight]) {
        try {
          await check?.(...call);
        } catch (error) {
          // A replacement may lose more than one thing: whoever agrees has to know all of them.
          if (!(error instanceof CheckFailedError) || call[2].replaced === undefined) throw error;
          problems.push(...error.problems);
        }
      }
      if (problems.length > 0) throw new CheckFailedError(problems);
    },
    async preview(...call) {
      const own = (await base.preview?.(...call)) ?? [];
      // An object that is adopted as it is already works.
      const [, { adoptUnchanged }] = call;
      return [...own, ...((adoptUnchanged ? undefined : await preview?.(...call)) ?? [])];
    },
  } satisfies Entity<Inputs, Outputs>;
}
