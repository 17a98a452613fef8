import * as pulumi from "@pulumi/pulumi";
import { looksSecretByValue } from "../provider/env/secret-looking";

/**
 * The arguments of a service with those marked secret that are so by their nature, whether the program says it or not:
 * build secrets, the password of a registry, an address with credentials. What only a run can tell stays as it is.
 */
export function withSecrets<Args extends object>(args: Args): Args {
  const { buildSecrets, source, preview } = args as Record<string, unknown>;
  return {
    ...args,
    ...(isPlain(buildSecrets) ? { buildSecrets: allSecret(buildSecrets) } : {}),
    ...(isPlain(source) ? { source: secretSource(source) } : {}),
    ...(isPlain(preview) ? { preview: withSecrets(preview) } : {}),
  };
}

function allSecret(map: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [key, value === undefined ? value : pulumi.secret(value)]),
  );
}

function secretSource(source: Record<string, unknown>): Record<string, unknown> {
  const { password, url } = source;
  return {
    ...source,
    ...(password === undefined ? {} : { password: pulumi.secret(password) }),
    ...(typeof url === "string" && mayHoldCredentials(url) ? { url: pulumi.secret(url) } : {}),
  };
}

/** Of `git@host:path` the user is no secret. */
function mayHoldCredentials(url: string): boolean {
  return /:\/\/.*@|\?/.test(url) || looksSecretByValue(url);
}

/** A map given in the program itself, not an output or a promise of one. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !pulumi.Output.isInstance(value) &&
    !(value instanceof Promise)
  );
}
