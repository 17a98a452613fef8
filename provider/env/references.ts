/**
 * `${{…}}` in a value. Dokploy replaces, in this order and each once: `${{vault.…}}` in the raw text, then per
 * value of a service `${{project.NAME}}`, `${{environment.NAME}}`, and whatever `${{…}}` is left as a key of the
 * same text. A name that is not found fails the deployment.
 */

export type Reference =
  | { readonly kind: "project" | "environment" | "own"; readonly name: string }
  | { readonly kind: "vault" }
  /** Looked up by Dokploy under a name that no variable can have. */
  | { readonly kind: "malformed"; readonly meant: string | undefined };

/** Dokploy's own expression: it ends at the first `}}` and stays on one line. */
export const REFERENCE = /\$\{\{(.*?)\}\}/g;

const NAME = /^[A-Za-z0-9_.-]+$/;
const VAULT = /^vault\.[A-Za-z0-9_-]+\.[^{}\r\n]+$/;

export function classify(body: string): Reference {
  if (VAULT.test(body)) return { kind: "vault" };
  for (const kind of ["project", "environment"] as const) {
    if (body.startsWith(`${kind}.`)) {
      const name = body.slice(kind.length + 1);
      return NAME.test(name) ? { kind, name } : malformed(body);
    }
  }
  return NAME.test(body) ? { kind: "own", name: body } : malformed(body);
}

function malformed(body: string): Reference {
  const meant = body.replace(/\s+/g, "");
  return { kind: "malformed", meant: meant !== body && NAME.test(meant) ? meant : undefined };
}

/** The references of a value in order, malformed ones too. */
export function referencesOf(value: string): Reference[] {
  if (!value.includes("${{")) return [];
  return Array.from(value.matchAll(REFERENCE), (match) => classify(match[1] ?? ""));
}

/** Whether a value holds anything that Dokploy replaces by a variable or secret. */
export function hasReference(value: string): boolean {
  return referencesOf(value).some(({ kind }) => kind !== "malformed");
}

/**
 * Whether `${{vault.` stands outside a proper vault reference. Dokploy looks for its end in the whole raw text,
 * across lines and into other variables.
 */
export function hasOpenVault(value: string): boolean {
  if (!value.includes("${{vault.")) return false;
  return value
    .replace(REFERENCE, (match, body: string) => (classify(body).kind === "vault" ? "" : match))
    .includes("${{vault.");
}
