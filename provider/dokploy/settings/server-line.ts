const longest = 300;

/**
 * Returns the notice in which a plan names its server, because the address decides where key and variables go.
 *
 * @param base an address as `parseAddress` returns it; undefined while it is unknown
 * @param through the name of the provider that the program created for it, and true if the plan could not
 * contact it
 */
export function serverNotice(
  base: string | undefined,
  through?: { readonly provider: string; readonly isSilent: boolean },
): [message: string, code: "server", about: string | undefined] {
  const server = shownServer(base);
  const line = `Dokploy: this plan is for ${server ?? "a server that is known only during the update"}`;
  if (through === undefined) return [line, "server", server];
  const silent =
    ". The preview could not contact it: existing objects and references are checked only by the update";
  const by = `, through the provider ${JSON.stringify(through.provider.slice(0, 100))}`;
  return [line + by + (through.isSilent ? silent : ""), "server", server];
}

/** Returns an address as plans show it: `eu.acme.dev`. */
export function shownServer(base: string | undefined): string | undefined {
  const whole = base?.startsWith("https://") ? base.slice("https://".length) : base;
  return whole !== undefined && whole.length > longest ? `${whole.slice(0, longest)}…` : whole;
}
