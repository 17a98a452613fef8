import type { Api, Endpoint } from "../../provider/dokploy/endpoints";
import { OBJECTS } from "../../provider/dokploy/generated/facts";
import { SERVICES, type ServiceKind, serviceKinds, servicesIn } from "../../provider/dokploy/kinds";
import { UserError } from "../../provider/errors/problem";
import type { StackState } from "../stack/stack";

/** An object that a killed run created, and that the state of its stack does not have. */
export interface Leftover {
  /** Kind of its resource, such as `Application`. */
  readonly kind: string;
  /** Name of its resource in the program. */
  readonly name: string;
  readonly id: string;
}

/**
 * Finds the objects whose creation was interrupted: the project of the preview, and services in it. They have the names
 * that the state gives them, and no other stack has them, since the project belongs to the preview alone.
 */
export async function leftovers({ resources, creating }: StackState, api: Api): Promise<Leftover[]> {
  if (creating.length === 0) return [];
  const project = creating.find(({ kind }) => kind === "Project");
  if (project !== undefined) {
    const named = (await api.call("project.all", {})).filter(({ name }) => name === project.inputs["name"]);
    const [found] = named;
    // Which of several it created, nobody knows.
    if (found === undefined || named.length > 1) return [];
    return [{ kind: project.kind, name: project.name, id: found.projectId }];
  }
  const own = resources.find(({ kind }) => kind === "Project");
  if (own === undefined) return [];
  const environments = await api.call("environment.byProjectId", { projectId: own.id });
  const known = new Set(resources.map(({ id }) => id));
  const schedules = await schedulesLeft(creating, api);
  const services = environments
    .flatMap((environment) => servicesIn(environment))
    .filter(({ id }) => !known.has(id));
  const left = creating.flatMap(({ kind, name, inputs }) => {
    const found = services.filter(
      (service) => SERVICES[service.kind].kind === kind && service.row["name"] === inputs["name"],
    );
    const [only] = found;
    return only === undefined || found.length > 1 ? [] : [{ kind, name, id: only.id }];
  });
  return [...left, ...schedules];
}

/** Finds schedules of services that the state has. */
async function schedulesLeft(creating: StackState["creating"], api: Api): Promise<Leftover[]> {
  const found = creating.map(async ({ kind, name, inputs }): Promise<Leftover[]> => {
    const owner = (["application", "compose"] as const).find((type) => inputs[`${type}Id`] !== undefined);
    if (kind !== "Schedule" || owner === undefined) return [];
    const rows = await api.call("schedule.list", { id: String(inputs[`${owner}Id`]), scheduleType: owner });
    const [only] = (rows as readonly { scheduleId: string; name: string }[]).filter(
      (row) => row.name === inputs["name"],
    );
    return only === undefined ? [] : [{ kind, name, id: only.scheduleId }];
  });
  return (await Promise.all(found)).flat();
}

/**
 * Deletes what {@link leftovers} found.
 *
 * @throws UserError for a project with services, which the killed run did not create
 */
export async function removeLeftover({ kind, id }: Leftover, api: Api): Promise<void> {
  const service = serviceKinds.find((name) => SERVICES[name].kind === kind);
  // Dokploy deletes a schedule with its service.
  if (service === undefined && kind !== "Project") return;
  const object: ServiceKind | "project" = service ?? "project";
  if (service === undefined) {
    const environments = await api.call("environment.byProjectId", { projectId: id });
    if (environments.some((environment) => servicesIn(environment).length > 0))
      throw new UserError(
        `The project ${id} of the preview has services that no run created: move or delete them first.`,
      );
  }
  const endpoint = `${object}.${OBJECTS[object].remove}` as Endpoint;
  const options = object === "compose" ? { deleteVolumes: true } : {};
  await api.call(endpoint, { [`${object}Id`]: id, ...options } as never);
}
