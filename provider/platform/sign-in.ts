/**
 * Returns the address that a git server redirects a person to after the sign-in, for the creation of its provider. It
 * is a page of Dokploy, unless the program gives another address or the address of Dokploy is not known.
 *
 * @param page page of Dokploy: `gitea`
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
