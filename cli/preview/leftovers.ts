import { someOf, visible } from "../../packages/text";
import {
  type Api,
  type Endpoint,
  OBJECTS,
  SERVICES,
  type ServiceKind,
  serviceKinds,
  servicesIn,
} from "../../provider/dokploy";
import { removeCompanions } from "../../provider/engine";
import { UserError } from "../../provider/errors";
import type { StackState } from "../stack";

/** An object that a killed run created, and that the state of its stack does not have. */
export interface Leftover {
  /** Kind of its resource, such as `Application`. */
  readonly kind: string;
  /** Name of its resource in the program. */
  readonly name: string;
  readonly id: string;
}

/**
 * Finds the objects whose creation was interrupted, and that no later run has continued with: the project of the
 * preview, and services and schedules in it. Pulumi still names an interrupted creation after a later run has continued
 * with it. They have the names that the state gives them, and no other stack has them, since the project belongs to the
 * preview alone. The project itself must be younger than the stack too: anybody may have created one of that name.
 */
export async function leftovers(state: StackState, api: Api): Promise<Leftover[]> {
  const { resources, creating } = state;
  if (creating.length === 0) return [];
  const projects = await api.call("project.all", {});
  const own = resources.find(({ kind }) => kind === "Project");
  if (own === undefined) return projectsLeft(state, projects).filter(({ isOwn }) => isOwn);
  // All of it is gone with its project.
  if (!projects.some(({ projectId }) => projectId === own.id)) return [];
  const environments = await api.call("environment.byProjectId", { projectId: own.id });
  const services = environments.flatMap((environment) => servicesIn(environment));
  const known = new Set(resources.map(({ id }) => id));
  const left = creating.flatMap(({ kind, name, inputs }) => {
    const found = services.filter(
      ({ id, kind: type, row }) =>
        !known.has(id) && SERVICES[type].kind === kind && row["name"] === inputs["name"],
    );
    const [only] = found;
    return only === undefined || found.length > 1 ? [] : [{ kind, name, id: only.id }];
  });
  const there = new Set(services.map(({ id }) => id));
  const schedules = (await schedulesLeft(creating, there, api)).filter(({ id }) => !known.has(id));
  return [...left, ...schedules];
}

/** Finds the projects with the name of the preview's that are left alone, since the killed run may not have created them. */
export async function projectsOfOthers(state: StackState, api: Api): Promise<Leftover[]> {
  const { resources, creating } = state;
  const isCreating = creating.some(({ kind }) => kind === "Project");
  if (!isCreating || resources.some(({ kind }) => kind === "Project")) return [];
  return projectsLeft(state, await api.call("project.all", {})).filter(({ isOwn }) => !isOwn);
}

/** Lists the projects with the name of one whose creation was interrupted, and says which of them the run created. */
function projectsLeft(
  { creating, begunAt }: StackState,
  projects: readonly { readonly projectId: string; readonly name: string; readonly createdAt: string }[],
): (Leftover & { readonly isOwn: boolean })[] {
  const project = creating.find(({ kind }) => kind === "Project");
  if (project === undefined) return [];
  const named = projects.filter(({ name }) => name === project.inputs["name"]);
  return named.map(({ projectId, createdAt }) => ({
    ...{ kind: project.kind, name: project.name, id: projectId },
    // With several of that name, it cannot be known which of them the run created.
    isOwn: named.length === 1 && begunAt !== undefined && Date.parse(createdAt) >= begunAt,
  }));
}

/** Finds schedules of services that exist. */
async function schedulesLeft(
  creating: StackState["creating"],
  services: ReadonlySet<string>,
  api: Api,
): Promise<Leftover[]> {
  const found = creating.map(async ({ kind, name, inputs }): Promise<Leftover[]> => {
    const owner = (["application", "compose"] as const).find((type) => inputs[`${type}Id`] !== undefined);
    const id = owner === undefined ? "" : String(inputs[`${owner}Id`]);
    if (kind !== "Schedule" || owner === undefined || !services.has(id)) return [];
    const rows = await api.call("schedule.list", { id, scheduleType: owner });
    const [only] = (rows as readonly { scheduleId: string; name: string }[]).filter(
      (row) => row.name === inputs["name"],
    );
    return only === undefined ? [] : [{ kind, name, id: only.scheduleId }];
  });
  return (await Promise.all(found)).flat();
}

/** @throws UserError for a project with services, which the killed run did not create */
export async function assertRemovable({ kind, id }: Pick<Leftover, "kind" | "id">, api: Api): Promise<void> {
  if (kind !== "Project") return;
  const environments = await api.call("environment.byProjectId", { projectId: id });
  const names = environments.flatMap((environment) => servicesIn(environment)).map(({ row }) => row["name"]);
  if (names.length > 0)
    throw new UserError(
      `The project ${id} of the preview has services that no run created: ` +
        `${someOf(names.map((name) => visible(String(name))))}. Move or delete them first.`,
    );
}

/**
 * Deletes what {@link leftovers} found.
 *
 * @throws UserError for a project with services, which the killed run did not create
 */
export async function removeLeftover(
  { kind, id }: Leftover,
  deleteVolumes: boolean,
  api: Api,
): Promise<void> {
  const service = serviceKinds.find((name) => SERVICES[name].kind === kind);
  // Dokploy deletes a schedule with its service.
  if (service === undefined && kind !== "Project") return;
  const object: ServiceKind | "project" = service ?? "project";
  await assertRemovable({ kind, id }, api);
  if (object === "application") {
    // The run was killed while its release command ran. Its container would keep the volumes in use.
    const { environmentId } = await api.call("application.one", { applicationId: id });
    await removeCompanions({ id, environmentIds: [environmentId] }, api);
  }
  const endpoint = `${object}.${OBJECTS[object].remove}` as Endpoint;
  const options = object === "compose" ? { deleteVolumes } : {};
  await api.call(endpoint, { [`${object}Id`]: id, ...options } as never);
}
