/**
 * Where a git server leads a person back to who agrees there, for its creation: Dokploy's own page for that, unless the program
 * gives another place, or the address of Dokploy is not known.
 *
 * @param page of Dokploy: `gitea`
 * @param url address of Dokploy
 */
export function redirectTo(
  page: "gitea" | "gitlab",
  given: string | undefined,
  url: string | undefined,
): { redirectUri?: string } {
  return given === undefined && url !== undefined
    ? { redirectUri: `${url}/api/providers/${page}/callback` }
    : {};
}
