import { randomUUID } from "node:crypto";

/** A token for each service: it changes with every change that the service has to get. */
export type Tokens = Readonly<Record<string, string>>;

/** How many tokens a service keeps; more resources than this do not share one. */
const keptTokens = 20;

/**
 * Which services have to be deployed because shared variables changed, where a resource of the same program deploys the
 * service anyway. The owner of the variables hands the service over: that resource shows the deployment in its own plan,
 * and makes it once, together with its own changes. Both keep the token in their state, so that it is made even when
 * the run ends between the two. Services are named `application/<id>`, `compose/<id>`.
 */
export class Handovers {
  private readonly tokens = new Map<string, Set<string>>();
  private readonly passed = new Set<string>();
  /** What this run handed over, by owner and service. */
  private readonly fresh = new Map<string, string>();

  /**
   * Asked again, as an update does after the plan, it gives the same token.
   *
   * @returns undefined when the service's resource has made its plan before, and will not look again
   */
  hand(service: string, owner: string): string | undefined {
    const key = `${owner} ${service}`;
    const known = this.fresh.get(key);
    if (known !== undefined) return known;
    if (this.passed.has(service)) return undefined;
    const token = randomUUID();
    this.fresh.set(key, token);
    this.restore({ [service]: token });
    return token;
  }

  /** What an earlier run handed over. */
  restore(tokens: Tokens): void {
    for (const [service, token] of Object.entries(tokens)) {
      this.tokens.set(service, (this.tokens.get(service) ?? new Set()).add(token));
    }
  }

  /** The service's resource makes its plan. True when the service has to be deployed. */
  plan(service: string, applied: readonly string[]): boolean {
    this.passed.add(service);
    return this.isDue(service, applied);
  }

  /** @param applied the tokens with which the service was deployed */
  isDue(service: string, applied: readonly string[]): boolean {
    return [...(this.tokens.get(service) ?? [])].some((token) => !applied.includes(token));
  }

  /** The tokens that the service has once it is deployed. */
  applied(service: string, before: readonly string[]): string[] {
    return [...new Set([...(this.tokens.get(service) ?? []), ...before])].slice(0, keptTokens);
  }
}
