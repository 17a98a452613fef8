import { someOf } from "../../../packages/text";
import { liveVariables, serviceKey } from "../../deploy";
import { Companions, type ServiceLists, servicesIn } from "../../dokploy";
import { type OuterVariables, parse, resolveVariables, sharedUses } from "../../env";
import type { Context, SharedScope } from "../../lifecycle";
import { textFields } from "../../schema";
import { fullWay } from "../rollout/ways/ways";
import { observeService } from "../variable-targets/find";
import type { Service } from "../variable-targets/host";
import { sharedOf } from "../variable-targets/reference-checks";

/** Services that refer to shared variables, in their current state in Dokploy. */

/** A service, with its references to shared variables. */
export interface Referrer {
  path: string;
  service: Service;
  /** Places of the references, such as `env.URL`. */
  places: string[];
  names: Set<string>;
}

/** Finds the services of the project or environment that refer to one of these variables of it. */
export async function referrersOf(
  scope: SharedScope,
  names: readonly string[],
  context: Context,
): Promise<Referrer[]> {
  const services = await Promise.all(
    (await servicesOf(scope, context)).map(async ({ kind, id }) => {
      const service = await observeService(kind, id, context.api);
      return service && { path: serviceKey({ kind, id }), service };
    }),
  );
  return services.flatMap((found) => {
    if (!found) return [];
    const uses = usesIn(found.service, scope).filter(({ name }) => names.includes(name));
    if (uses.length === 0) return [];
    return [
      {
        ...found,
        places: [...new Set(uses.map(({ place }) => place))],
        names: new Set(uses.map(({ name }) => name)),
      },
    ];
  });
}

/**
 * Finds the services that refer to one of these variables, and whose containers run without its value. A killed run may
 * have saved it and deployed nobody.
 */
export async function referrersWithout(
  scope: SharedScope,
  names: readonly string[],
  context: Context,
): Promise<Referrer[]> {
  const found = names.length === 0 ? [] : await referrersOf(scope, names, context);
  const lack = await Promise.all(
    found.map(async ({ service }) => {
      const { env } = resolveVariables(
        parse(service.read(service.texts.env ?? "")),
        service.rules.env,
        sharedOf(service.environment),
      );
      const uses = usesIn(service, scope).filter(
        ({ field, name }) => field === "env" && names.includes(name),
      );
      const expected = uses.flatMap(({ key }) => (Object.hasOwn(env, key) ? [[key, env[key] ?? ""]] : []));
      const live = await liveVariables(context.api, service.withTexts({}), Object.fromEntries(expected));
      return live === "other";
    }),
  );
  return found.filter((_, at) => lack[at]);
}

async function servicesOf({ kind, id }: SharedScope, { api }: Context) {
  const lists: ServiceLists[] =
    kind === "project"
      ? (await api.call("project.one", { projectId: id })).environments
      : [await api.call("environment.one", { environmentId: id })];
  const companions = new Companions(api);
  // A deployment would run the command again.
  return lists
    .flatMap((environment) => servicesIn(environment))
    .filter(({ row }) => companions.read(row)?.isOwn !== true);
}

/** True when a deployment of the service was ever started. */
export function wasDeployed(service: Service): boolean {
  return fullWay(service.kind).hasBegun(service);
}

/** Returns the references of a service to variables of the scope. */
function usesIn({ texts, environment }: Service, scope: SharedScope) {
  return textFields.flatMap((field) =>
    sharedUses(texts[field] ?? "", environment.project.env ?? "")
      .filter(({ kind }) => kind === scope.kind)
      .map((use) => ({ ...use, field, place: `${field}.${use.key}` })),
  );
}

/**
 * True for a service that a deployment can give the values of its references; otherwise it warns why that is not so.
 *
 * @param around shared variables around the service
 * @param coming names that the scope gets in addition
 */
export function canDeploy(
  service: Service,
  { label, scope }: { readonly label: string; readonly scope: SharedScope },
  around: OuterVariables,
  context: Pick<Context, "references" | "warn">,
  coming: readonly string[] = [],
): boolean {
  const { env, project } = service.environment;
  const variables = parse((scope.kind === "project" ? project.env : env) ?? "");
  const lost = usesIn(service, scope).filter(({ name }) => !variables.has(name) && !coming.includes(name));
  const places = someOf(lost.map(({ place, name }) => `${name} (${place})`));
  const unsupported = lost.length > 0 ? [] : unsupportedUses(service, scope, around, context);
  if (lost.length + unsupported.length === 0) return true;
  const why =
    lost.length > 0 ? `it refers to variables that do not exist: ${places}` : someOf(unsupported, "; ");
  context.warn(
    `The ${service.label} is not deployed for the changes of ${label}, since ${why}. Correct that, and it gets ` +
      "them with its next deployment.",
    "not-deployed",
  );
  return false;
}

/** Explains which shared values (now, or as they will be) the service would not get unchanged: `env.URL …`. */
export function unsupportedUses(
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
    return resolveVariables(own, service.rules[field], around)
      .problems.filter(({ key, reference }) => reference && places.has(`${field}.${key}`))
      .map(({ key, reason }) => `${field}.${key} ${reason}`);
  });
}
