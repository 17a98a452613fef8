/** What a container gets from a text, or why its deployment fails: Dokploy's steps, done here. */
import type { EnvProblem, EnvTarget } from "./codec";
import { parse } from "./dotenv";
import { textProblems, variableSizeProblem } from "./limits";
import { classify, replaceReferences } from "./references";
import { expandTemplate } from "./swarm";

/** The texts of the project and the environment around a service; a text left out is not known. */
export interface SharedTexts {
  readonly project?: string;
  readonly environment?: string;
}

export interface ResolvedEnv {
  /** The variables as the container sees them. */
  readonly env: Record<string, string>;
  /** Keys whose value only the server knows: vault references, templates of Swarm, texts left out. */
  readonly unknown: string[];
  /** Why the deployment would fail; empty if nothing in the text says so. */
  readonly problems: EnvProblem[];
}

/**
 * Resolves a service's text as Dokploy 0.30 does: `${{project.X}}`, then `${{environment.X}}`, then `${{X}}`, each
 * once; for `application` Swarm's templates come last. Vault references are left to the server.
 *
 * @example
 * resolveEnv("URL=http://${{project.HOST}}:80", "compose", { project: "HOST=db" }).env // { URL: "http://db:80" }
 */
export function resolveEnv(text: string, target: EnvTarget, shared: SharedTexts = {}): ResolvedEnv {
  const env: Record<string, string> = {};
  const unknown: string[] = [];
  const problems = textProblems(text, target);
  const own = parse(text);
  const project = shared.project === undefined ? undefined : parse(shared.project);
  const environment = shared.environment === undefined ? undefined : parse(shared.environment);

  for (const [key, raw] of own) {
    if (key === "__proto__") continue;
    let known = true;
    let failed = false;
    const lookUp = (values: ReadonlyMap<string, string> | undefined, name: string, path: string): string => {
      const value = values?.get(name);
      if (value !== undefined) return value;
      if (values === undefined) {
        known = false;
      } else {
        failed = true;
        const shown = /^[A-Za-z0-9_. -]+$/.test(path) ? `\${{${path}}}` : "a ${{…}} that is no reference";
        problems.push({
          key,
          reason: `holds ${shown}, which Dokploy does not find, and the deployment fails`,
        });
      }
      return "";
    };

    let value = raw;
    if (target !== "shared" && raw.includes("${{")) {
      for (const [name, values] of [
        ["project", project],
        ["environment", environment],
      ] as const) {
        value = replaceReferences(value, (ref) => lookUp(values, ref, `${name}.${ref}`), `${name}.`);
      }
      value = replaceReferences(value, (ref) =>
        lookUp(classify(ref).kind === "vault" ? undefined : own, ref, ref),
      );
    }
    if (target === "application" && !failed) {
      const expansion = expandTemplate(value);
      if (expansion === "unknown") known = false;
      else if (expansion !== "fails") value = expansion.text;
      else if (known) {
        failed = true;
        const reason =
          "holds {{, which Swarm takes for a template that it cannot expand, and the deployment fails " +
          "with the value in its log; set it through this program, which escapes it";
        problems.push({ key, reason });
      }
    }
    if (failed) continue;
    if (known) {
      env[key] = value;
      problems.push(...variableSizeProblem(key, value, target));
    } else {
      unknown.push(key);
    }
  }
  return { env, unknown, problems };
}
