import { databaseKinds } from "../../provider/dokploy";
import type { Values } from "./values";
import type { World } from "./world";

/** A service as the server has it. */
export interface Service {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly appName: string;
  readonly image: unknown;
  /** Text of its variables. */
  readonly text: string;
  /** What its containers run with. */
  readonly running: Readonly<Record<string, string>>;
  /** Names of its parts, by their list. */
  readonly parts: Readonly<Record<string, readonly string[]>>;
}

/** All that matters of a server. */
export interface Server {
  /** Services by project and name; a second one of the same name has a number behind it. */
  readonly services: ReadonlyMap<string, Service>;
  readonly projects: readonly string[];
  readonly destinations: readonly string[];
  readonly volumes: readonly string[];
}

/** Lists of a service, and what names an item of each. */
const lists: Readonly<Record<string, (row: Values) => string>> = {
  domains: ({ host, path }) => `${host}${path}`,
  mounts: ({ type, volumeName, filePath, mountPath }) =>
    `${type} ${volumeName ?? filePath ?? ""} ${mountPath}`,
  ports: ({ publishedPort, targetPort }) => `${publishedPort}:${targetPort}`,
  security: ({ username }) => String(username),
  redirects: ({ regex }) => String(regex),
  backups: ({ schedule, prefix, keepLatestCount }) => `${schedule} ${prefix} ${keepLatestCount}`,
};

/** Looks at a server, without a request. */
export async function look(world: World): Promise<Server> {
  const services = new Map<string, Service>();
  const projects: string[] = [];
  const all = await world.byHand<Values[]>("project.all", {});
  for (const { projectId } of all) {
    const project = await world.byHand<Values & { environments: Values[] }>("project.one", { projectId });
    projects.push(String(project["name"]));
    for (const { environmentId } of project.environments) {
      const row = await world.byHand<Record<string, Values[]>>("environment.one", { environmentId });
      const listed = { application: row["applications"], compose: row["compose"] } as Record<
        string,
        Values[] | undefined
      >;
      for (const kind of databaseKinds) listed[kind] = row[kind];
      for (const [kind, rows = []] of Object.entries(listed))
        for (const one of rows) {
          const service = await serviceOf(world, kind, String(one[`${kind}Id`]));
          const key = `${project["name"]}/${service.name}`;
          const others = [...services.keys()].filter(
            (name) => name === key || name.startsWith(`${key} #`),
          ).length;
          services.set(others === 0 ? key : `${key} #${others + 1}`, service);
        }
    }
  }
  const destinations = (await world.byHand<Values[]>("destination.all", {})).map(({ name }) => String(name));
  const volumes = world.emulator.instance.volumes.rows(true).map(({ Name }) => Name);
  return { services, projects: projects.sort(), destinations: destinations.sort(), volumes: volumes.sort() };
}

async function serviceOf(world: World, kind: string, id: string): Promise<Service> {
  const row = await world.byHand<Values>(`${kind}.one`, { [`${kind}Id`]: id });
  const parts = Object.fromEntries(
    Object.entries(lists).flatMap(([list, nameOf]) => {
      const rows = row[list];
      return Array.isArray(rows) ? [[list, (rows as Values[]).map(nameOf).sort()]] : [];
    }),
  );
  const schedules =
    kind === "application" || kind === "compose"
      ? await world.byHand<Values[]>("schedule.list", { id, scheduleType: kind })
      : [];
  return {
    kind,
    id,
    name: String(row["name"]),
    appName: String(row["appName"]),
    image: row["dockerImage"],
    text: String(row["env"] ?? ""),
    running: world.emulator.containerEnv(id) ?? {},
    parts: { ...parts, schedules: schedules.map(({ name }) => String(name)).sort() },
  };
}
