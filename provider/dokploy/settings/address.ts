import { isThisMachine } from "../../../packages/text";

/**
 * Parses the address of a server as the user gives it: `https://d.example.com/api/` is `https://d.example.com`.
 *
 * @returns `base` without `/api` and without a trailing slash, or the end of a sentence that explains why it cannot
 * be used, without repeating any of the text
 */
export function parseAddress(text: string): { base?: string; problem?: string } {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { problem: "is not a complete URL (it starts with https://)" };
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return { problem: "must start with https:// (or http://)" };
  }
  if (url.username !== "" || url.password !== "") {
    return { problem: "must not contain a user name or password (the API key is the only login)" };
  }
  if (/[?#]/.test(text)) {
    return { problem: "must not have a query (?) or a fragment (#)" };
  }
  const path = withoutSlashes(url.pathname);
  return { base: url.origin + (path.endsWith("/api") ? withoutSlashes(path.slice(0, -4)) : path) };
}

function withoutSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === "/") end -= 1;
  return path.slice(0, end);
}

/** Returns the host of an address, with its port. */
export function hostOf(base: string): string {
  return new URL(base).host;
}

/** True when a host name of a URL is this machine, or should be (`dokploy.localhost`). */
export function isLoopback(hostname: string): boolean {
  return isThisMachine(hostname) || /.\.localhost\.?$/.test(hostname);
}
