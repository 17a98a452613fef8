/**
 * Returns the address that a git server redirects a person to after the sign-in, for the creation of its provider: a
 * page of Dokploy, if its address is known.
 */
export function redirectTo(
  page: "gitea" | "gitlab",
  dokploy: { readonly url?: string | undefined } | undefined,
): { redirectUri?: string } {
  return dokploy?.url === undefined ? {} : { redirectUri: `${dokploy.url}/api/providers/${page}/callback` };
}
