import { aOrAn } from "../../packages/text";
import {
  DATABASES,
  databaseKinds,
  type EnvironmentRow,
  type ProjectRow,
  SERVICES,
  type ServiceKind,
  type ServiceLists,
  serviceKinds,
  servicesIn as servicesOf,
  tableOf,
} from "../../provider/dokploy";
import { type Candidate, type Place, theOne } from "./error";
import type { Reader } from "./reader";
import { callerOf } from "./words";

/** An environment with its services. */
export type FoundEnvironment = EnvironmentRow &
  ServiceLists & { project: Pick<ProjectRow, "projectId" | "name"> };

/** @param insteadOf argument to give when several projects have the name */
export async function findProjectId(name: string, insteadOf: string, reader: Reader): Promise<string> {
  const { answer } = await reader.find("project.all", {}, "project", (projects) =>
    projects.find((project) => project.name === name),
  );
  const candidates = answer.map(({ projectId, name: other }) => ({ id: projectId, name: other }));
  return theOne(name, candidates, {
    where: "Dokploy",
    noun: "project",
    advice: `Give ${insteadOf} instead.`,
  }).id;
}

/**
 * Finds the environment of a project by its name, or without a name the default one.
 *
 * @param has true if the environment has the wanted services; an older response without them does not count
 */
export async function findEnvironment(
  projectId: string,
  name: string | undefined,
  reader: Reader,
  has: (services: ServiceLists) => boolean = () => true,
): Promise<FoundEnvironment> {
  const isWanted = (row: EnvironmentRow) => (name === undefined ? isDefault(row) : row.name === name);
  const { answer: project } = await reader.find("project.one", { projectId }, "project", ({ environments }) =>
    environments.find((row) => isWanted(row) && has(row)),
  );
  const candidates = project.environments.map((row) => ({ id: row.environmentId, name: row.name, row }));
  const chosen = candidates.find(({ row }) => isDefault(row));
  const { row } =
    name === undefined && chosen
      ? chosen
      : theOne(name ?? defaultName, candidates, {
          where: `the project ${JSON.stringify(project.name)} (${projectId})`,
          noun: "environment",
          advice: "Give environmentId instead.",
        });
  return { ...row, project };
}

/** Returns true for the environment that Dokploy makes with every project; servers before 0.26.1 do not mark it. */
export function isDefault(row: Pick<EnvironmentRow, "name"> & { isDefault?: boolean }): boolean {
  return row.isDefault ?? row.name === defaultName;
}
const defaultName = "production";

/** Place in which a service is searched by name. */
export type ServicePlace =
  | { readonly environmentId: string; readonly project?: never; readonly environment?: never }
  | { readonly project: string; readonly environment?: string; readonly environmentId?: never };

/** Nouns in messages for the objects that have variables and can be looked up. */
export const nouns = {
  project: "project",
  environment: "environment",
  ...tableOf(serviceKinds, (kind) => SERVICES[kind].noun),
};

/** Returns the services of a kind in an environment. */
export function servicesIn(row: ServiceLists, kind: ServiceKind): SlimService[] {
  return servicesOf(row, [kind]).map(({ id, row: service }) => ({ ...(service as { name: string }), id }));
}
type SlimService = Candidate & { readonly description?: string | null };

/** Returns the id of the service with a name in the environment that the arguments name. */
export async function findServiceId(
  kind: ServiceKind,
  name: string,
  place: ServicePlace,
  reader: Reader,
): Promise<string> {
  const row = await findPlace(place, reader, (found) =>
    servicesIn(found, kind).some((service) => service.name === name),
  );
  return theOne(name, servicesIn(row, kind), locationOf(kind, name, row)).id;
}

/** Finds the environment that the arguments name; `has` is as in {@link findEnvironment}. */
export async function findPlace(
  place: ServicePlace,
  reader: Reader,
  has: (services: ServiceLists) => boolean,
): Promise<FoundEnvironment> {
  if (place.environmentId === undefined) {
    const projectId = await findProjectId(place.project, "environmentId", reader);
    return await findEnvironment(projectId, place.environment, reader, has);
  }
  const { environmentId } = place;
  const { answer } = await reader.find("environment.one", { environmentId }, "environment", (found) =>
    has(found) ? found : undefined,
  );
  return answer;
}

/** Lists the databases of an environment as it is now, sorted by name. */
export async function databasesOf(place: ServicePlace, reader: Reader): Promise<object[]> {
  const row = await findPlace(place, reader, () => false);
  const found = databaseKinds.flatMap((database) =>
    servicesIn(row, database).map(({ id, name, description }) => ({
      kind: DATABASES[database].kind,
      id,
      name,
      description: description || undefined,
    })),
  );
  return found.sort((a, b) => (`${a.name} ${a.kind}` < `${b.name} ${b.kind}` ? -1 : 1));
}

function locationOf(kind: ServiceKind, name: string, row: FoundEnvironment): Place {
  const others = serviceKinds.flatMap((other) => {
    const isIt = (service: Candidate) => other !== kind && service.name === name;
    return servicesIn(row, other)
      .filter(isIt)
      .map(({ id }) => ({ id, noun: nouns[other], finder: callerOf(SERVICES[other].kind) }));
  });
  const [same] = others;
  return {
    where: `the environment ${JSON.stringify(row.name)} of project ${JSON.stringify(row.project.name)} (${row.environmentId})`,
    noun: nouns[kind],
    advice: `Give ${kind}Id instead of the name.`,
    elsewhere: same && `There is ${aOrAn(same.noun)} of that name (${same.id}): ${same.finder} finds it.`,
  };
}
