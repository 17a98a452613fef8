/** Form of a host that a browser gets: a row of the server may hold anything. */
const HOST = /^[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*$/i;

/** Domain of a service, by its row or its inputs. */
interface ServedDomain {
  readonly host?: unknown;
  readonly https?: unknown;
  readonly path?: unknown;
  readonly enabled?: unknown;
}

/**
 * Returns the addresses of domains, sorted, each once. Domains with a wildcard have none.
 *
 * @param domains rows, or the inputs of a service: a list, or a map by name
 */
export function addressesOf(domains: unknown): string[] {
  const all = Object.values(Object(domains ?? {})).flatMap((domain) => {
    const { host, https, path, enabled } = Object(domain) as ServedDomain;
    if (enabled === false || typeof host !== "string" || !HOST.test(host)) return [];
    const url = new URL(`${https === true ? "https" : "http"}://${host}`);
    url.pathname = typeof path === "string" ? path : "/";
    return [url.pathname === "/" ? url.origin : url.href];
  });
  return [...new Set(all)].sort();
}
