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
      await base.preflight?.(...call);
      await preflight?.(...call);
    },
    async preview(...call) {
      const own = (await base.preview?.(...call)) ?? [];
      // An object that is adopted as it is already works.
      const [, { asItIs }] = call;
      return [...own, ...((asItIs ? undefined : await preview?.(...call)) ?? [])];
    },
  } satisfies Entity<Inputs, Outputs>;
}
