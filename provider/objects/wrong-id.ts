import { visible } from "../../packages/text/visible";
import type { Api } from "../dokploy/endpoints";
import { DokployError } from "../dokploy/errors";
import type { Definition } from "../lifecycle/definition";
import { aOrAn, kinds, type TargetKind, traits } from "../schema/kinds";

/** Something that Dokploy has, as far as its list of projects tells. */
interface Thing {
  kind: TargetKind;
  id: string;
  /** Databases have none in that list. */
  name?: string;
  /** The environment that it is, or is in; of a project its default one. */
  environmentId?: string;
  projectId: string;
}

/**
 * Why Dokploy has nothing of this id, and what it is instead: an id of another kind, or a name. Asks the server for that, so
 * it is called only where something failed already.
 *
 * @param wanted the kind that the id should be of
 * @returns a sentence without its full stop
 */
export async function noSuch(wanted: TargetKind, id: string, api: Pick<Api, "call">): Promise<string> {
  const missing = `Dokploy has no ${traits[wanted].noun} ${id} (or this key may not see it)`;
  const things = await everything(api);
  const other = things.find((thing) => thing.id === id && thing.kind !== wanted);
  if (other) return `${missing}: that is the id of ${described(other)}; ${instead(wanted, other, things)}`;
  const name = namedSo(wanted, id, things);
  return name === undefined ? missing : `${missing}: ${name}`;
}

/**
 * Makes `explainId` of a resource: the name of something in the place of its id is told, with the id. What stands there is
 * never sent.
 *
 * @param adopts the kind that the option `import` takes
 */
export function explainIds(adopts?: TargetKind): NonNullable<Definition<object, object>["explainId"]> {
  return async (path, text, { api }) => {
    const input = path.at(-1);
    const wanted = input === "import" ? adopts : kinds.find((kind) => input === `${kind}Id`);
    return wanted && namedSo(wanted, text, await everything(api));
  };
}

function namedSo(wanted: TargetKind, name: string, things: readonly Thing[]): string | undefined {
  const named = things.filter((thing) => thing.name === name && thing.kind === wanted);
  if (named.length === 0) return undefined;
  const ids = named.slice(0, 3).map((thing) => thing.id);
  const which =
    named.length > 1
      ? `one of its ids (${ids.join(", ")}${named.length > 3 ? " …" : ""})`
      : `its id ${ids[0]}`;
  return `that is the name of ${aOrAn(wanted)}; give ${which}`;
}

function described({ kind, name }: Thing): string {
  const { noun } = traits[kind];
  return name === undefined ? aOrAn(kind) : `the ${noun} "${visible(name)}"`;
}

/** What to give in the place of an id of another kind. */
function instead(wanted: TargetKind, other: Thing, things: readonly Thing[]): string {
  if (wanted === "environment") {
    const { environmentId = "" } = other;
    return other.kind === "project"
      ? `use the project's defaultEnvironmentId (${environmentId})`
      : `its environment is ${environmentId}`;
  }
  if (wanted === "project") {
    const project = things.find(({ kind, id }) => kind === "project" && id === other.projectId);
    return `its project is ${other.projectId}${project?.name === undefined ? "" : ` ("${visible(project.name)}")`}`;
  }
  return `give it as ${other.kind}Id, or the id of ${aOrAn(wanted)}`;
}

/** All that the key may see; nothing where that cannot be asked. */
async function everything(api: Pick<Api, "call">): Promise<Thing[]> {
  try {
    return (await api.call("project.all", {})).flatMap(({ projectId, name, environments = [] }) => {
      const standard = environments.find(({ isDefault }) => isDefault) ?? environments[0];
      return [
        {
          kind: "project" as const,
          id: projectId,
          name,
          projectId,
          ...(standard ? { environmentId: standard.environmentId } : {}),
        },
        ...environments.flatMap(({ environmentId, name: environment, ...lists }) => [
          { kind: "environment" as const, id: environmentId, name: environment, environmentId, projectId },
          ...servicesIn(lists, { environmentId, projectId }),
        ]),
      ];
    });
  } catch (error) {
    if (error instanceof DokployError) return [];
    throw error;
  }
}

const lists: Partial<Record<string, TargetKind>> = {
  applications: "application",
  compose: "compose",
  postgres: "postgres",
  mysql: "mysql",
  mariadb: "mariadb",
  mongo: "mongo",
  redis: "redis",
  libsql: "libsql",
};

function servicesIn(row: object, place: Pick<Thing, "environmentId" | "projectId">): Thing[] {
  return Object.entries(row).flatMap(([list, services]) => {
    const kind = lists[list];
    if (kind === undefined || !Array.isArray(services)) return [];
    return services.flatMap((service: Readonly<Record<string, unknown>>) => {
      const { [`${kind}Id`]: id, name } = service;
      if (typeof id !== "string") return [];
      return [{ kind, id, ...place, ...(typeof name === "string" ? { name } : {}) }];
    });
  });
}
