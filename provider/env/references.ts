/**
 * `${{…}}` in a value. Dokploy replaces, in this order and each once: `${{vault.…}}` in the raw text, then per
 * value of a service `${{project.NAME}}`, `${{environment.NAME}}`, and whatever `${{…}}` is left as a key of the
 * same text. A name that is not found fails the deployment.
 */

interface Variable {
  readonly kind: "project" | "environment" | "own";
  readonly name: string;
}

export type Reference =
  | Variable
  | { readonly kind: "vault" }
  /** Looked up by Dokploy under a name that no variable can have; `meant` is what it would be without blanks. */
  | { readonly kind: "malformed"; readonly meant: Variable | undefined };

/** Dokploy's own expression: it ends at the first `}}` and stays on one line. */
export const REFERENCE = /\$\{\{(.*?)\}\}/g;

const NAME = /^[A-Za-z0-9_.-]+$/;
const VAULT = /^vault\.[A-Za-z0-9_-]+\.[^{}\r\n]+$/;

/** What stands between the braces. */
export function classify(body: string): Reference {
  if (VAULT.test(body)) return { kind: "vault" };
  return variableOf(body) ?? { kind: "malformed", meant: variableOf(body.trim().replace(/\s*\.\s*/g, ".")) };
}

function variableOf(body: string): Variable | undefined {
  const [, scope, name = ""] = /^(project|environment)\.(.*)$/.exec(body) ?? [undefined, "own", body];
  if (!NAME.test(name)) return undefined;
  return { kind: scope === "project" || scope === "environment" ? scope : "own", name };
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
