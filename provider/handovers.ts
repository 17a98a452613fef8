import { randomUUID } from "node:crypto";

/** A token for each resource that owns shared variables: it changes with every change that a service has to get. */
export type Tokens = Readonly<Record<string, string>>;

/**
 * Which services have to be deployed because shared variables changed, where a resource of the same program deploys the
 * service anyway. The owner of the variables hands the service over: that resource shows the deployment in its own plan,
 * and makes it once, together with its own changes. Both keep the token in their state, so that it is made even when
 * the run ends between the two.
 */
export class Handovers {
  private readonly tokens = new Map<string, Map<string, string>>();
  private readonly planned = new Set<string>();

  /** Services whose resource has made its plan in this run, and will not look again. */
  passed(service: string): void {
    this.planned.add(service);
  }

  /** @returns the token; undefined when it is too late for this run */
  hand(service: string, owner: string): string | undefined {
    if (this.planned.has(service)) return undefined;
    const token = randomUUID();
    this.restore(owner, { [service]: token });
    return token;
  }

  /** What an earlier run handed over. */
  restore(owner: string, tokens: Tokens): void {
    for (const [service, token] of Object.entries(tokens)) {
      const owners = this.tokens.get(service) ?? new Map<string, string>();
      this.tokens.set(service, owners.set(owner, token));
    }
  }

  /** The tokens of a service, by the owner of the variables. */
  of(service: string): Tokens {
    return Object.fromEntries(this.tokens.get(service) ?? []);
  }
}
