import { someOf, visible } from "../../../packages/text";
import {
  type Api,
  Companions,
  DokployError,
  type EnvironmentDetail,
  isNotFound,
  serviceKinds,
  servicesIn,
} from "../../dokploy";
import { CheckFailedError } from "../../errors";
import { adviseAlias, type Context, noSuch } from "../../lifecycle";
import { currentRow, parseUrn } from "../../pulumi";
import { nounWithArticle, type ServiceKind, type TargetKind, traits } from "../../schema";
import { createdAtOf, type Holder } from "./claim";

/**
 * Names are not unique in Dokploy, so nothing there prevents a second service with the same name. Here a name that
 * is taken is refused, with advice to adopt the existing object: a lost state never duplicates a service.
 */

interface Named {
  name: string;
  environmentId: string;
}

/** Time for which an environment that was read for the check serves the creation that follows it. */
const freshMs = 10_000;
const environments = new WeakMap<Api, Map<string, { at: number; row: Promise<EnvironmentDetail> }>>();
const created = new WeakMap<Api, Set<string>>();

/**
 * Checks that no service of this kind and name exists in the environment.
 *
 * @param resource name of the kind in a program: `Application`
 * @param replaced id of a service that is deleted before
 * @throws CheckFailedError when the environment does not exist or already contains such a service
 */
export async function assertNameAvailable(
  kind: ServiceKind,
  resource: string,
  wanted: Named,
  context: Pick<Context, "api" | "run" | "resource">,
  replaced?: string,
): Promise<void> {
  const { api } = context;
  const row = await readEnvironment(wanted.environmentId, api);
  const services = servicesOf(row, kind).filter(({ id, name }) => name === wanted.name && id !== replaced);
  const [taken] = services;
  if (taken) {
    throw new CheckFailedError([
      {
        property: "name",
        reason:
          `the environment "${visible(row.name)}" of project "${visible(row.project.name)}" already has ${nounWithArticle(kind)} named ` +
          `"${visible(wanted.name)}" (${someOf(services.map(({ id }) => id))}). ` +
          `${await adviseOnTakenName(resource, taken.id, context)}${await otherUnmanaged(row, taken.id, context)}`,
      },
    ]);
  }
  if (created.get(api)?.has(nameKey(kind, wanted))) {
    throw new CheckFailedError([
      {
        property: "name",
        reason: `this program has another ${traits[kind].noun} of that name in the same environment`,
      },
    ]);
  }
}

/**
 * Advises on a name that the object with this id has.
 *
 * @param what the input with the name, or its equivalent
 */
export async function adviseOnTakenName(
  kind: string,
  id: string,
  { run, resource = "" }: Pick<Context, "run" | "resource">,
  what = "name",
): Promise<string> {
  const renamed = await adviseRenamed(kind, id, run, what);
  if (renamed !== undefined) return renamed;
  const { types = "", name } = parseUrn(run.rows.get(resource) ?? currentRow() ?? "") ?? {};
  // A program gives the parts of a WebApp no options.
  const how = /:WebApp\$/.test(types)
    ? `name a file in dokploy:adopt that has ${JSON.stringify({ [kind]: { [visible(name ?? "")]: id } })}`
    : `give this resource the option { import: "${id}" }`;
  return `To manage that one, for instance because an interrupted run left it, ${how}; to keep both, choose another ${what}`;
}

/**
 * Lists the other services there that no resource has: Pulumi ends at the first taken name, and a run may have left
 * many.
 */
async function otherUnmanaged(
  row: EnvironmentDetail,
  taken: string,
  { api, run }: Pick<Context, "api" | "run">,
): Promise<string> {
  const { environmentId } = row;
  const ofRuns = companionIds(row, api);
  const all = serviceKinds.flatMap((kind) =>
    servicesOf(row, kind)
      .filter(({ id, name }) => {
        const isOfThisRun = created.get(api)?.has(nameKey(kind, { environmentId, name })) === true;
        return id !== taken && !isOfThisRun && !ofRuns.has(id);
      })
      .map(({ id, name }) => ({ id, text: `${traits[kind].noun} "${visible(name)}" (${id})` })),
  );
  const free = new Set(await run.ownership.holdings.notHeld([taken, ...all.map(({ id }) => id)]));
  const others = all.filter(({ id }) => free.has(id)).map(({ text }) => text);
  if (!free.has(taken) || others.length === 0) return "";
  return (
    `. This stack has no resources for these services there either: ${someOf(others)}. If they are in this ` +
    "program, give them the option too"
  );
}

/** Returns the ids of applications that only run a release command: the next update of their service removes them. */
function companionIds(row: EnvironmentDetail, api: Api): Set<string> {
  const companions = new Companions(api);
  const left = servicesIn(row, ["application"]).filter(
    (service) => companions.read(service.row)?.isOwn === true,
  );
  return new Set(left.map(({ id }) => id));
}

/**
 * Advises on a project name that is taken. It is unique on the whole server, so usually another stack of the same
 * program took it. Adopting it would share the project with that stack, and `destroy` in one would take it from the
 * other.
 */
export async function adviseOnTakenProject(
  name: string,
  id: string,
  { run, about }: Pick<Context, "run" | "about">,
): Promise<string> {
  const renamed = await adviseRenamed("Project", id, run);
  if (renamed !== undefined) return renamed;
  const { stack } = await about();
  const own =
    stack === undefined || name.includes(stack)
      ? "choose another name"
      : `add the stack to its name: name: \`${name}-\${pulumi.getStack()}\` is "${name}-${stack}" here`;
  return (
    `Another stack or program may have created it: two projects must not have the same name, so ${own}. Only if it ` +
    "belongs to this stack, for instance because an interrupted run left it, give this resource the option { " +
    `import: "${id}" }`
  );
}

/** Advises when this very stack has the object under another name; undefined when it does not. */
async function adviseRenamed(
  kind: string,
  id: string,
  { ownership }: Pick<Context["run"], "ownership">,
  what = "name",
): Promise<string | undefined> {
  const stackResource = await ownership.holdings.refuse(kind, id);
  if (!stackResource) return undefined;
  return `This stack has it as ${JSON.stringify(stackResource.name)}. ${adviseAlias(stackResource, what)}`;
}

/** Explains why an id that Dokploy does not show cannot be adopted. */
export async function missingToAdopt(kind: TargetKind, id: string, api: Pick<Api, "call">): Promise<string> {
  return (
    `${await noSuch(kind, id, api)}. Look the id up in Dokploy; without the option import, a new ` +
    `${traits[kind].noun} is created`
  );
}

/** Reads the services of this kind and name in the environment as they are now. */
export async function namesakes(kind: ServiceKind, wanted: Named, api: Api): Promise<Holder[]> {
  const row = await api.call("environment.one", { environmentId: wanted.environmentId });
  return servicesIn(row, [kind])
    .filter(({ row: service }) => service["name"] === wanted.name)
    .map(({ id, row: service }) => ({ id, createdAt: createdAtOf(service) }));
}

/** Records that this run created a service, so that a second one with the same name is refused. */
export function trackCreated(kind: ServiceKind, made: Named, api: Api): void {
  const names = created.get(api) ?? new Set();
  created.set(api, names.add(nameKey(kind, made)));
}

/** Forgets a service that this run deleted, so that its name is free again, as a replacement needs. */
export function noteDeleted(kind: ServiceKind, gone: Named, api: Api): void {
  created.get(api)?.delete(nameKey(kind, gone));
  environments.get(api)?.delete(gone.environmentId);
}

function servicesOf(row: EnvironmentDetail, kind: ServiceKind): { id: string; name: string }[] {
  return servicesIn(row, [kind]).map(({ id, row: service }) => ({ id, name: service["name"] as string }));
}

/**
 * Reads the environment, at most once for all calls within a few seconds.
 *
 * @throws CheckFailedError when it does not exist
 */
export async function readEnvironment(environmentId: string, api: Api): Promise<EnvironmentDetail> {
  const cache = environments.get(api) ?? new Map();
  environments.set(api, cache);
  const cached = cache.get(environmentId);
  if (cached && Date.now() - cached.at < freshMs) return cached.row;
  const row = api.call("environment.one", { environmentId });
  cache.set(environmentId, { at: Date.now(), row });
  try {
    return await row;
  } catch (error) {
    cache.delete(environmentId);
    if (!isNotFound(error)) throw error;
    throw new CheckFailedError([
      {
        property: "environmentId",
        reason: await noSuch("environment", environmentId, api),
      },
    ]);
  }
}

/** True for the error of a call that may have had an effect on the server though its response never came. */
export function isAmbiguous(error: unknown): boolean {
  return error instanceof DokployError && error.outcome === "unknown";
}

function nameKey(kind: ServiceKind, { environmentId, name }: Named): string {
  return `${kind}:${environmentId}:${name}`;
}
