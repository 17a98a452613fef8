/** Names and values that a target does not accept, or treats in an unexpected way. */

import { type EnvDialect, isCompose } from "./dialects";
import { isEnvKey } from "./keys";
import type { EnvProblem } from "./model";
import { NEVER_SET } from "./templates";

/** Variables that Compose takes from Dokploy's own process, or from its command line, before it reads `.env`. */
const OF_SERVER: ReadonlySet<string> = new Set(["PATH", "HOME", "COMPOSE_PROJECT_NAME"]);

/**
 * Variables by which the docker command finds its server, its settings and its libraries: those of its reference
 * (docs.docker.com/reference/cli/docker) that change where or how it deploys, and those of ld.so(8) that load code.
 */
const OF_DOCKER: ReadonlySet<string> = new Set([
  ...["DOCKER_API_VERSION", "DOCKER_CERT_PATH", "DOCKER_CONFIG", "DOCKER_CONTEXT", "DOCKER_CUSTOM_HEADERS"],
  ...["DOCKER_HOST", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "LD_AUDIT", "LD_LIBRARY_PATH", "LD_PRELOAD"],
]);

/** Returns problems and warnings about a name for the target. */
export function keyProblems(key: string, target: EnvDialect): EnvProblem[] {
  if (!isEnvKey(key)) {
    const reason =
      key === "__proto__"
        ? "is a name that Dokploy loses; choose another"
        : "is a name that Dokploy ignores; use letters without accents, digits, _, . and - only";
    return [{ key, reason }];
  }
  if (target === "stack") return ofStack(key);
  if (target === "secret") return ofSecret(key);
  if (!isCompose(target)) return [];
  if (target === "compose-templates" && key === NEVER_SET) {
    const reason =
      "is reserved on this server: it must never be set, since values with ${…} are written with its help; " +
      "choose another name";
    return [{ key, reason }];
  }
  if (!OF_SERVER.has(key)) return [];
  const reason =
    `reaches a container only through env_file: where the compose file uses it as \${${key}}, the value of the ` +
    "server wins; choose another name for that";
  return [{ key, reason, warning: true }];
}

function ofStack(key: string): EnvProblem[] {
  if (key === "PATH") {
    const reason =
      "makes the deployment of a stack fail: Dokploy starts docker with these variables, and can then no longer find it; give the " +
      "containers another PATH in the compose file itself";
    return [{ key, reason }];
  }
  if (OF_DOCKER.has(key)) {
    const reason =
      "also changes what the docker command does that deploys the stack, since Dokploy starts it with these variables; set it in " +
      "the compose file itself";
    return [{ key, reason, warning: true }];
  }
  if (key !== "HOME") return [];
  const reason =
    "is also the home folder of the docker command that deploys the stack, which then does not find the logins of " +
    "private registries; set it in the compose file itself";
  return [{ key, reason, warning: true }];
}

function ofSecret(key: string): EnvProblem[] {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) {
    const reason =
      "is not a variable name for a shell, and the build fails; use letters, digits and _, with no digit at the start";
    return [{ key, reason }];
  }
  if (key !== "PATH") return [];
  const reason =
    "makes the build fail: Dokploy starts docker with the build secrets, and can then no longer find it; rename it";
  return [{ key, reason }];
}

/** Warns of values that a target silently drops. */
export function valueWarnings(key: string, value: string, target: EnvDialect): EnvProblem[] {
  if (target !== "secret" || value !== "") return [];
  const reason = "is empty, and Dokploy does not pass empty build secrets: the build does not get it";
  return [{ key, reason, warning: true }];
}
