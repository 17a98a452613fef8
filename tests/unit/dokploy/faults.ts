import * as dns from "node:dns";
import type { ServerResponse } from "node:http";
import { cut, failure, json } from "./http-server";

/** Resolves to 127.0.0.1 while `withLookup` runs, and, as this machine, is reached without a proxy. */
export const HOST = "dokploy.localhost";

type Found = (error: Error | null, address?: unknown, family?: number) => void;

/** What comes of looking a name up: an error code, or no answer at all. */
export type Lookup = { readonly code: string } | "silence";

/**
 * Runs `body` while new connections to `HOST` end as `lookup` says at that time. The lookup of the name is the first
 * step of a connection, and its error is the connection's: so every error before a connection is up can be had here.
 */
export async function withLookup(lookup: () => Lookup | undefined, body: () => Promise<void>): Promise<void> {
  const original = dns.lookup;
  const replaced = (_name: string, options: { all?: boolean }, found: Found) => {
    const outcome = lookup();
    if (outcome === "silence") return;
    process.nextTick(() => {
      if (outcome !== undefined) found(Object.assign(new Error(outcome.code), outcome));
      else if (options.all === true) found(null, [{ address: "127.0.0.1", family: 4 }]);
      else found(null, "127.0.0.1", 4);
    });
  };
  (dns as { lookup: unknown }).lookup = replaced;
  try {
    await body();
  } finally {
    (dns as { lookup: unknown }).lookup = original;
  }
}

/** What goes wrong with every try of a call. */
export type Trouble =
  | { readonly status: number; readonly retryAfter?: string; readonly body?: string }
  | { readonly before: Lookup }
  | { readonly after: "reset" | "truncated" | "halved" | "silence" };

/** Answers as the trouble has it. Troubles before the connection is up never come here. */
export function answerWith(trouble: Trouble, response: ServerResponse): void {
  if ("status" in trouble) {
    const { status, retryAfter, body } = trouble;
    const headers = retryAfter === undefined ? {} : { "retry-after": retryAfter };
    if (body !== undefined) response.writeHead(status, headers).end(body);
    else json(response, status, failure("it went wrong", "ANY", status, "any.thing"), headers);
  } else if ("after" in trouble && trouble.after === "reset") {
    cut(response);
  } else if ("after" in trouble && trouble.after === "truncated") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
    response.write('{"success":');
    setImmediate(() => cut(response));
  } else if ("after" in trouble && trouble.after === "halved") {
    response.writeHead(200, { "content-type": "application/json" }).end('{"success":');
  }
}
