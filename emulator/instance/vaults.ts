/** The vaults that the emulated Dokploy takes secrets from: each lets in whoever comes, but for these. */
export interface Vaults {
  /** A token, or whatever else opens the vault, to what Dokploy says of it. */
  readonly refusals: Map<string, string>;
  /** Name of the provider to what references find there: `shop/prod:DB_PASSWORD` to its value. */
  readonly secrets: Map<string, Map<string, string>>;
}

export function newVaults(): Vaults {
  return { refusals: new Map(), secrets: new Map() };
}

export interface Assignment {
  readonly projectId: string;
  readonly environmentIds: readonly string[];
}
