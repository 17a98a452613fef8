import { parse } from "../env/dotenv";
import { rulesOf, type Service } from "../env-hosts/host";
import { textFields } from "../env-hosts/kinds";
import type { Context } from "../lifecycle/context";
import { type OuterVariables, resolveVariables } from "./resolve";
import type { SharedScope } from "./shared-plans";
import { type SharedUse, sharedUses } from "./uses";

/** What a service, as it is in Dokploy, makes of the shared variables that it refers to. */

/** Where a service refers to variables of the scope. */
export function usesIn(
  { texts, environment }: Service,
  scope: SharedScope,
): (SharedUse & { place: string })[] {
  return textFields.flatMap((field) =>
    sharedUses(texts[field] ?? "", environment.project.env ?? "")
      .filter(({ kind }) => kind === scope.kind)
      .map((use) => ({ ...use, place: `${field}.${use.key}` })),
  );
}

/** What the service refers to and the scope, as it is now, does not have: no deployment of it can succeed. */
export function lostUses(service: Service, scope: SharedScope): { place: string; name: string }[] {
  const { env, project } = service.environment;
  const variables = parse((scope.kind === "project" ? project.env : env) ?? "");
  return usesIn(service, scope).filter(({ name }) => !variables.has(name));
}

/**
 * Why the service would not get as it stands what it takes of the scope: `env.URL takes in …`.
 *
 * @param around the shared variables as they are, or are going to be
 */
export function unfitUses(
  service: Service,
  scope: SharedScope,
  around: OuterVariables,
  { references }: Pick<Context, "references">,
): string[] {
  if (references !== "error") return [];
  const places = new Set(usesIn(service, scope).map(({ place }) => place));
  return textFields.flatMap((field) => {
    const text = service.texts[field] ?? "";
    const own = parse(field === "env" ? service.read(text) : text);
    return resolveVariables(own, rulesOf(service, field), around)
      .problems.filter(({ key, reference }) => reference && places.has(`${field}.${key}`))
      .map(({ key, reason }) => `${field}.${key} ${reason}`);
  });
}
