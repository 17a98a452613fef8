import type { EnvironmentRow, ProjectRow, ServiceLists } from "../../provider/dokploy/rows";
import { type Candidate, type Place, theOne } from "./error";
import type { Reader } from "./reader";
import { aOrAn, callerOf } from "./words";

/** An environment with its services, however it was found. */
export type FoundEnvironment = EnvironmentRow &
  ServiceLists & { project: Pick<ProjectRow, "projectId" | "name"> };

/** @param insteadOf which argument to give when several projects have the name */
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
 * The environment of a project: of a name, or without one the default.
 *
 * @param has what it should hold: an answer from before that was made does not count
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

/** The environment that Dokploy makes with every project; servers before 0.26.1 do not mark it. */
export function isDefault(row: Pick<EnvironmentRow, "name"> & { isDefault?: boolean }): boolean {
  return row.isDefault ?? row.name === defaultName;
}
const defaultName = "production";

/** Where a service of a name is looked for. */
export type ServicePlace =
  | { readonly environmentId: string; readonly project?: never; readonly environment?: never }
  | { readonly project: string; readonly environment?: string; readonly environmentId?: never };

/** What has variables and can be looked up, as messages call it. */
export const nouns = {
  project: "project",
  environment: "environment",
  application: "application",
  compose: "compose service",
} as const;

const lists = {
  application: (row: ServiceLists): Candidate[] =>
    row.applications.map(({ applicationId, name }) => ({ id: applicationId, name })),
  compose: (row: ServiceLists): Candidate[] =>
    row.compose.map(({ composeId, name }) => ({ id: composeId, name })),
} as const;
type Kind = keyof typeof lists;

export async function findServiceId(
  kind: Kind,
  name: string,
  place: ServicePlace,
  reader: Reader,
): Promise<string> {
  const list = lists[kind];
  const isThere = (row: ServiceLists) => list(row).some((service) => service.name === name);
  let row: FoundEnvironment;
  if (place.environmentId !== undefined) {
    const { environmentId } = place;
    const { answer } = await reader.find("environment.one", { environmentId }, "environment", (found) =>
      isThere(found) ? found : undefined,
    );
    row = answer;
  } else {
    const projectId = await findProjectId(place.project, "environmentId", reader);
    row = await findEnvironment(projectId, place.environment, reader, isThere);
  }
  return theOne(name, list(row), locationOf(kind, name, row)).id;
}

function locationOf(kind: Kind, name: string, row: FoundEnvironment): Place {
  const other = kind === "application" ? "compose" : "application";
  const sameName = lists[other](row).find((service) => service.name === name);
  return {
    where: `the environment ${JSON.stringify(row.name)} of project ${JSON.stringify(row.project.name)} (${row.environmentId})`,
    noun: nouns[kind],
    advice: `Give ${kind}Id instead of the name.`,
    elsewhere:
      sameName &&
      `There is ${aOrAn(nouns[other])} of that name (${sameName.id}): ${callerOf(other)} finds it.`,
  };
}
