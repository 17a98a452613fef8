import type { Context } from "../context";
import { databaseKinds, type ServiceLists } from "../dokploy/rows";
import { sharedUses } from "../env/uses";
import type { Change, KeyChanges } from "../mapping";
import { ExpectedError, UnfinishedError } from "../problem";
import type { SharedScope } from "../run/shared-plans";
import { applyChanges } from "./deployable";
import { saveAndLook } from "./saving";
import { observe } from "./target";
import type { Service } from "./targets/holder";
import { pathOf, type Target, textFields } from "./targets/kinds";

/**
 * Services that refer to shared variables. Dokploy puts shared values in when it deploys a service, so a change of them
 * reaches nobody by itself.
 */

/** What a resource that owns shared variables keeps beside its inputs. */
export interface ReferrerOutputs {
  /**
   * `application/<id>` of services that have yet to be deployed, so that they get what changed; and names of variables
   * (which have no `/`), where those who refer to them could not even be looked up.
   */
  pendingReferrers?: string[];
}

/** A resource that owns variables of a project or environment. */
export interface SharedOwner {
  /** How messages call it: `Project "shop"`. */
  label: string;
  scope: SharedScope;
  /** The input `redeployReferrers`. */
  redeploy: boolean | undefined;
}

/** What a change of shared variables means for the services that refer to them. */
export interface SharedChange {
  /** The variables that were added, changed or removed. */
  names: readonly string[];
  /** What an earlier run left undone. */
  left: ReferrerOutputs | undefined;
}

/** A service, and where it refers to what. */
interface Referrer {
  path: string;
  service: Service;
  /** `env.URL` */
  places: string[];
  names: Set<string>;
}

/**
 * Says at preview what a change of shared variables does to the services that refer to them: which of them will be
 * deployed, which get it only later, and whose next deployment will fail. Reads the services.
 */
export async function foretellReferrers(
  owner: SharedOwner,
  keys: KeyChanges | undefined,
  context: Context,
): Promise<void> {
  const { added = [], changed = [], removed = [] } = keys ?? {};
  if (added.length + changed.length + removed.length === 0) return;
  const referrers = await referrersOf(owner.scope, [...added, ...changed, ...removed], context);
  if (context.references !== "off") {
    for (const { service, places, names } of referrers) {
      const lost = removed.filter((name) => names.has(name));
      if (lost.length === 0) continue;
      context.warn(
        `${owner.label} takes out ${lost.join(", ")}, to which the ${service.label} refers (${places.join(", ")}): ` +
          "its next deployment fails, unless this run changes that too.",
      );
    }
  }
  const running = referrers.filter(({ service }) => wasDeployed(service));
  if (running.length === 0) return;
  const names = [...new Set(running.flatMap((referrer) => [...referrer.names]))].sort().join(", ");
  const services = running.map(({ service }) => service.label).join(", ");
  context.warn(
    owner.redeploy
      ? `${owner.label} changes ${names}: the services that refer to it are deployed: ${services}.`
      : `${owner.label} changes ${names}, which reaches these services only with their next deployment: ${services}. ` +
          "redeployReferrers: true deploys them.",
  );
}

/**
 * Saves shared variables, as `saveAndLook` does. When they may have been saved without an answer, the state names them:
 * a refresh would take them for unchanged, and nobody would deploy those who refer to them.
 *
 * @param id of the resource in the state
 * @param before the state so far, whose inputs the next run compares with once more
 * @param isSaved whether the server holds what was to be saved
 */
export async function saveShared(
  id: string,
  owner: SharedOwner,
  change: SharedChange,
  before: object,
  save: () => Promise<unknown>,
  isSaved: () => Promise<boolean>,
): Promise<void> {
  await saveAndLook(save, isSaved, (reason) =>
    owner.redeploy ? new UnfinishedError(id, { ...before, ...leftUndone(change) }, reason) : reason,
  );
}

/**
 * Deploys the services that refer to shared variables which have just been saved, and waits for all of them. Services
 * that were never deployed are left alone, and so are those that a resource of the same run is about to deploy.
 *
 * @param id of the resource in the state
 * @returns the outputs, with those services that the setting `only` leaves for another run
 * @throws UnfinishedError when a deployment failed: the state then names the services that the next run deploys
 */
export async function redeployReferrers<Outputs extends object>(
  id: string,
  owner: SharedOwner,
  change: SharedChange,
  outputs: Outputs,
  context: Context,
): Promise<Outputs & ReferrerOutputs> {
  // Those that have not begun wait for what has just been saved.
  const theirs = context.claims.deployments.due();
  context.claims.shared.savedAll(owner.scope);
  if (!owner.redeploy) return outputs;
  const left = change.left?.pendingReferrers ?? [];
  const names = [...new Set([...change.names, ...left.filter((entry) => !entry.includes("/"))])];
  const paths = left.filter((entry) => entry.includes("/"));
  const due = await dueReferrers(owner.scope, names, paths, context).catch((error: unknown) => {
    throw new UnfinishedError(id, { ...outputs, ...leftUndone(change) }, error);
  });
  const later: string[] = [];
  const failed = new Map<string, string>();
  await Promise.all(
    due.map(async ({ path, service, names }) => {
      if (theirs.has(path)) return;
      if (context.only !== undefined && !context.only.includes(service.name)) {
        later.push(path);
        return;
      }
      await context.claims.deployments.ended(path);
      try {
        await deploy(service, owner.scope, [...names], context);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        failed.set(path, `${service.label}: ${reason.replaceAll("\n", "\n  ")}`);
      }
    }),
  );
  if (failed.size === 0) return { ...outputs, ...referrerOutputs(later) };
  throw new UnfinishedError(
    id,
    { ...outputs, ...referrerOutputs([...failed.keys(), ...later]) },
    new ExpectedError(
      `${owner.label} is saved, but of ${due.length} services that refer to what changed, the deployment of ` +
        `${failed.size} failed; the next \`pulumi up\` deploys ${failed.size === 1 ? "it" : "them"} again:\n` +
        [...failed.values()].map((line) => `- ${line}`).join("\n"),
    ),
  );
}

/** The outputs when nobody could be deployed yet. */
function leftUndone({ names, left }: SharedChange): ReferrerOutputs {
  return referrerOutputs([...new Set([...names, ...(left?.pendingReferrers ?? [])])]);
}

/** The outputs as a state keeps them: only what there is. */
export function referrerOutputs(pendingReferrers: readonly string[] = []): ReferrerOutputs {
  return pendingReferrers.length > 0 ? { pendingReferrers: [...pendingReferrers].sort() } : {};
}

/** Those that refer to what changed, and those that an earlier run left; all of them deployed at least once. */
async function dueReferrers(
  scope: SharedScope,
  names: readonly string[],
  paths: readonly string[],
  context: Context,
): Promise<Referrer[]> {
  const found = names.length === 0 ? [] : await referrersOf(scope, names, context);
  const others = paths.filter((path) => !found.some((referrer) => referrer.path === path));
  const again = await Promise.all(
    others.map(async (path): Promise<Referrer | undefined> => {
      const [kind = "", id = ""] = path.split("/");
      const service = await observe({ [`${kind}Id`]: id } as Target, context.api);
      return service && { path, service: service as Service, places: [], names: new Set() };
    }),
  );
  return [...found, ...again.flatMap((referrer) => referrer ?? [])].filter(({ service }) =>
    wasDeployed(service),
  );
}

async function deploy(
  service: Service,
  scope: SharedScope,
  names: readonly string[],
  context: Context,
): Promise<void> {
  const change: Change = {
    path: scope.kind,
    input: "env",
    apply: "deploy",
    least: "deploy",
    replace: false,
    keys: { added: [], changed: [...names], removed: [] },
  };
  await applyChanges(context, service.withTexts({}), {
    need: "deploy",
    option: undefined,
    changes: [change],
    before: service.deployments,
    secrets: service.secrets,
    outputs: { status: service.status },
  });
}

/** The services of the project or environment that refer to one of these variables of it. */
async function referrersOf(
  scope: SharedScope,
  names: readonly string[],
  context: Context,
): Promise<Referrer[]> {
  const services = await Promise.all(
    (await targetsIn(scope, context)).map(async (of) => {
      const service = (await observe(of, context.api)) as Service | undefined;
      return service && { path: pathOf(of), service };
    }),
  );
  return services.flatMap((found) => {
    if (!found) return [];
    const uses = textFields.flatMap((field) =>
      sharedUses(found.service.texts[field] ?? "", found.service.environment.project.env ?? "")
        .filter(({ kind, name }) => kind === scope.kind && names.includes(name))
        .map(({ key, name }) => ({ place: `${field}.${key}`, name })),
    );
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

async function targetsIn({ kind, id }: SharedScope, { api }: Context): Promise<Target[]> {
  const lists: ServiceLists[] =
    kind === "project"
      ? (await api.call("project.one", { projectId: id })).environments
      : [await api.call("environment.one", { environmentId: id })];
  return lists.flatMap((services) => [
    ...services.applications.map(({ applicationId }) => ({ applicationId })),
    ...services.compose.map(({ composeId }) => ({ composeId })),
    ...databaseKinds.flatMap((database) =>
      ((services[database] ?? []) as unknown as Record<string, string>[]).map(
        (row) => ({ [`${database}Id`]: row[`${database}Id`] }) as Target,
      ),
    ),
  ]);
}

/** A database has no records of deployments: there its status tells. */
function wasDeployed({ kind, deployments, status }: Service): boolean {
  return kind === "application" || kind === "compose" ? deployments.length > 0 : status !== "idle";
}

/** The names that a plan changes among the variables that a resource gives. */
export function keysOf(changes: readonly Change[]): KeyChanges | undefined {
  return changes.find(({ path }) => path === "env")?.keys;
}

/** Names of shared variables that the plan changes, or that were changed by hand since. Variables given up stay. */
export function changedShared(
  { env }: { env?: unknown },
  planned: readonly Change[],
  drifted: readonly Change[],
): string[] {
  if (env === undefined) return [];
  const names = [planned, drifted].flatMap((changes) => {
    const { added = [], changed = [], removed = [] } = keysOf(changes) ?? {};
    return [...added, ...changed, ...removed];
  });
  return [...new Set(names)];
}
