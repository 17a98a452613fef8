import { parse } from "dotenv";

/** The texts that a service's variables may refer to. */
export interface Scope {
  readonly project: string;
  readonly environment: string;
}

const vaultReference = /\$\{\{vault\.([a-zA-Z0-9_-]+)\.([^}]+)\}\}/;

/** Fails as Dokploy does for `${{vault.<provider>.<ref>}}`: the emulator has no vault providers. */
export function refuseVaults(...envTexts: (string | null)[]): void {
  for (const envText of envTexts) {
    const provider = vaultReference.exec(envText ?? "")?.[1];
    if (provider)
      throw new Error(
        `Vault provider "${provider}" not found. Configure it in Settings -> Secrets Providers.`,
      );
  }
}

/**
 * A service's text as variables, with its references replaced: first `${{project.X}}`, then
 * `${{environment.X}}`, then any other `${{X}}` by the text's own X. Text that one step inserts is seen by the
 * next. An unknown name throws with Dokploy's message, which ends the deployment.
 */
export function resolveVariables(envText: string | null, scope: Scope): Record<string, string> {
  const project = parse(scope.project);
  const environment = parse(scope.environment);
  const own = parse(envText ?? "");
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

// A plain property read, as in Dokploy: `${{constructor}}` finds what every object inherits.
function lookUp(variables: Record<string, unknown>, name: string, message: string): string {
  const value = variables[name];
  if (value === undefined) throw new Error(message);
  return String(value);
}
