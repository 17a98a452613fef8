/** Vaults from which the emulated Dokploy reads secrets: each accepts any login, with these exceptions. */
export interface Vaults {
  /** Tokens, or other logins, that a vault refuses, with Dokploy's message. */
  readonly refusals: Map<string, string>;
  /** Secrets by the name of the provider and by reference: `shop/prod:DB_PASSWORD`. */
  readonly secrets: Map<string, Map<string, string>>;
}

export function newVaults(): Vaults {
  return { refusals: new Map(), secrets: new Map() };
}

/** Project, and environments of it, that may use a vault provider. */
export interface Assignment {
  readonly projectId: string;
  readonly environmentIds: readonly string[];
}
