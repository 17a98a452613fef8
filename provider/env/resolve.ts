/** What a container gets from a text, or why its deployment fails: Dokploy's steps, done here. */

import type { EnvProblem, EnvTarget } from "./codec";
import { parse } from "./dotenv";
import { textProblems, variableSizeProblem } from "./limits";
import { classify, replaceReferences } from "./references";
import { expandTemplate } from "./swarm";

/** Variables by name; undefined stands for a value that is not known yet. */
export type Variables = ReadonlyMap<string, string | undefined>;

/** The texts of the project and the environment around a service; a text left out is not known. */
export interface SharedTexts {
  readonly project?: string;
  readonly environment?: string;
}

/** The variables of the project and the environment around a service; left out where not even the names are known. */
export interface Around {
  readonly project?: Variables;
  readonly environment?: Variables;
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
  const { env, unknown, problems } = resolveVariables(parse(text), target, {
    ...(shared.project === undefined ? {} : { project: parse(shared.project) }),
    ...(shared.environment === undefined ? {} : { environment: parse(shared.environment) }),
  });
  return { env, unknown, problems: [...textProblems(text, target), ...problems] };
}

/**
 * The same for variables of which some values, or those around them, may not be known yet.
 *
 * @param own as dotenv reads them: with the escapes of an application's text
 */
export function resolveVariables(own: Variables, target: EnvTarget, around: Around): ResolvedEnv {
  const env: Record<string, string> = {};
  const unknown: string[] = [];
  const problems: EnvProblem[] = [];

  for (const [key, raw] of own) {
    if (key === "__proto__") continue;
    if (raw === undefined) {
      unknown.push(key);
      continue;
    }
    let known = true;
    let failed = false;
    const lookUp = (variables: Variables | undefined, scope: Scope, name: string, whole: string): string => {
      const value = variables?.get(name);
      if (value !== undefined) return value;
      if (variables === undefined || variables.has(name)) {
        known = false;
      } else {
        failed = true;
        problems.push({
          key,
          reason: notFound(variables, scope, name, raw.includes(whole)),
          reference: true,
        });
      }
      return "";
    };

    let value = raw;
    if (target !== "shared" && raw.includes("${{")) {
      for (const scope of ["project", "environment"] as const) {
        const variables = around[scope];
        value = replaceReferences(value, (name, whole) => lookUp(variables, scope, name, whole), `${scope}.`);
      }
      value = replaceReferences(value, (name, whole) =>
        lookUp(classify(name).kind === "vault" ? undefined : own, "own", name, whole),
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

type Scope = "project" | "environment" | "own";

/** Why a reference finds nothing. `direct`: it stands in the value itself; else a shared variable brought it in. */
function notFound(variables: Variables, scope: Scope, name: string, direct: boolean): string {
  const path = scope === "own" ? name : `${scope}.${name}`;
  if (!/^[A-Za-z0-9_. -]+$/.test(path)) {
    return (
      `${direct ? "holds" : "takes a shared variable with"} \${{…}} that is no reference, and the deployment fails; ` +
      "write ${{NAME}}, ${{project.NAME}}, ${{environment.NAME}} or ${{vault.<provider>.<reference>}}"
    );
  }
  const trimmed = path.replace(/ /g, "");
  const meant = trimmed.replace(/^(project|environment)\./, "");
  if (path !== trimmed && (meant !== trimmed || variables.has(trimmed))) {
    return `holds a reference with blanks, which fails the deployment; write \${{${trimmed}}}`;
  }
  const shown = `\${{${path}}}`;
  if (!direct) {
    const advice =
      scope === "own" && meant === name
        ? `add ${name} to the variables of this service, or change the shared variable`
        : scope === "own"
          ? "Dokploy does not follow that one there: write the value itself into the shared variable"
          : `add ${name} to the variables of the environment, or change the shared variable`;
    return `takes a shared variable that holds ${shown}, which Dokploy does not find, and the deployment fails; ${advice}`;
  }
  if (scope === "own") {
    return `holds ${shown}, which Dokploy does not find among the variables of this text, and the deployment fails; add ${name}`;
  }
  const similar = [...variables.keys()].find((other) => other.toLowerCase() === name.toLowerCase());
  const advice =
    similar === undefined
      ? `add ${name} to the variables of the ${scope} (env of its resource, or an EnvironmentBlock), or correct the name`
      : `the ${scope} has ${similar}`;
  return `holds ${shown}, which Dokploy does not find in the ${scope}, and the deployment fails; ${advice}`;
}
