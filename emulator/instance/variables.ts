import { parse } from "dotenv";

/** Texts that a service's variables may refer to. */
export interface Scope {
  readonly project: string;
  readonly environment: string;
  /** Looks up a reference to a vault; undefined where Dokploy has no vaults. Throws like Dokploy. */
  vault?(provider: string, reference: string): string;
}

const vaultReference = /\$\{\{vault\.([a-zA-Z0-9_-]+)\.([^}]+)\}\}/g;

/** Looks up the references to vaults in these texts, which Dokploy does first. Throws like Dokploy. */
export function checkVaults(scope: Scope, ...envTexts: (string | null)[]): void {
  for (const envText of [...envTexts, scope.environment, scope.project]) withVaults(envText, scope);
}

function withVaults(envText: string | null, { vault }: Scope): string {
  if (vault === undefined) return envText ?? "";
  return (envText ?? "").replace(vaultReference, (_, provider: string, reference: string) =>
    vault(provider, reference),
  );
}

/**
 * Parses a service's text and replaces its references: first `${{project.X}}`, then `${{environment.X}}`, then any
 * other `${{X}}` by the text's own X. Each step also sees the text that an earlier step inserted. An unknown name
 * throws with Dokploy's message, which ends the deployment.
 */
export function resolveVariables(envText: string | null, scope: Scope): Record<string, string> {
  const project = parse(withVaults(scope.project, scope));
  const environment = parse(withVaults(scope.environment, scope));
  const own = parse(withVaults(envText, scope));
  const resolved: Record<string, string> = {};
  for (const [key, value] of Object.entries(own)) {
    resolved[key] = value
      .replace(/\$\{\{project\.(.*?)\}\}/g, (_, name: string) =>
        lookUp(project, name, `Invalid project environment variable: project.${name}`),
      )
      .replace(/\$\{\{environment\.(.*?)\}\}/g, (_, name: string) =>
        lookUp(environment, name, `Invalid environment variable: environment.${name}`),
      )
      .replace(/\$\{\{(.*?)\}\}/g, (_, name: string) =>
        lookUp(own, name, `Invalid service environment variable: ${name}`),
      );
  }
  return resolved;
}

// A plain property read, as in Dokploy: `${{constructor}}` finds the inherited property.
function lookUp(variables: Record<string, unknown>, name: string, message: string): string {
  const value = variables[name];
  if (value === undefined) throw new Error(message);
  return String(value);
}
