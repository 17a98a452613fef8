/**
 * Use of a text, which decides what a value may contain and how it is written:
 * - `application`: run-time env of a Swarm service, whose values are Go templates
 * - `stack`: env of a compose service that Swarm runs as a stack: also templates, and `.env` has one line for each
 * - `compose`: env of a compose service, as Dokploy 0.30.0 to 0.30.2 passes it on: every value unchanged
 * - `compose-unquoted`: the same before 0.30.0, where Compose parses each value once more
 * - `compose-templates`: the same from 0.30.3 on, where Compose replaces `${NAME}` in a value
 * - `build`: build arguments
 * - `secret`: build secrets
 * - `shared`: variables of a project or environment, for services to refer to
 */
export type EnvDialect =
  | "application"
  | "stack"
  | "compose"
  | "compose-unquoted"
  | "compose-templates"
  | "build"
  | "secret"
  | "shared";

/** True when Swarm runs it, and expands templates in its values. */
export function isSwarm(target: EnvDialect): boolean {
  return target === "application" || target === "stack";
}

/** True when Docker Compose runs it. */
export function isCompose(target: EnvDialect): boolean {
  return target === "compose" || target === "compose-unquoted" || target === "compose-templates";
}

/** Returns all dialects in which some version of Dokploy reads a text for this target. */
export function readingsOf(target: EnvDialect): readonly EnvDialect[] {
  return isCompose(target) ? ["compose", "compose-unquoted", "compose-templates"] : [target];
}

/** Variables that Dokploy adds to the text of a compose service, so that others may refer to them. */
const ADDED: ReadonlySet<string> = new Set(["APP_NAME", "COMPOSE_PROJECT_NAME"]);

/** True when Dokploy adds this variable to the texts of the target. It does not for stacks. */
export function isAdded(name: string, target: EnvDialect): boolean {
  return isCompose(target) && ADDED.has(name);
}
