import { visible } from "../../packages/text";
import { isRecord } from "../../packages/values";
import { type Api, DokployError, servicesIn } from "../dokploy";
import type { Problem } from "../errors";
import {
  kinds,
  notAnId,
  nounWithArticle,
  pathText,
  type TargetKind,
  type TypeProblem,
  targetOf,
  traits,
} from "../schema";

/** An object of Dokploy, as far as its list of projects shows it. */
interface Thing {
  kind: TargetKind;
  id: string;
  /** Databases have no name in that list. */
  name?: string;
  /** The environment that it is, or is in; for a project, its default one. */
  environmentId?: string;
  projectId: string;
}

/**
 * Explains that Dokploy has no object with this id, and what it is instead: an id of another kind, or a name. It
 * asks the server for that, so it is called only after a failure.
 *
 * @param wanted the expected kind of the object
 * @returns a sentence without its full stop
 */
export async function noSuch(wanted: TargetKind, id: string, api: Pick<Api, "call">): Promise<string> {
  const missing = `Dokploy has no ${traits[wanted].noun} ${id} (or this key cannot see it)`;
  const things = await everything(api);
  const other = things.find((thing) => thing.id === id && thing.kind !== wanted);
  if (other) return `${missing}: that is the id of ${described(other)}; ${instead(wanted, other, things)}`;
  const name = namedSo(wanted, id, things);
  return name === undefined ? missing : `${missing}: ${name}`;
}

/**
 * Returns a problem of types as people see it: for a text that is not an id, with what the text is.
 *
 * @param resource kind of the resource, such as `Application`
 * @param connect returns undefined when there is no connection
 */
export async function explained(
  resource: string,
  { path, reason }: TypeProblem,
  inputs: Readonly<Record<string, unknown>>,
  connect: () => { readonly api: Pick<Api, "call">; readonly server?: object | undefined } | undefined,
): Promise<Problem> {
  const property = pathText(path);
  const context = reason === notAnId ? connect() : undefined;
  const text = path.reduce<unknown>(
    (value, step) => (isRecord(value) ? value[String(step)] : undefined),
    inputs,
  );
  if (context?.server === undefined || typeof text !== "string") return { property, reason };
  const instead = await explainId(resource, path, text, context);
  return { property, reason: instead === undefined ? reason : `${reason}: ${instead}` };
}

/**
 * Explains a text that was given instead of an id, as far as the server knows: for the name of an object it returns the
 * id, as a sentence without its full stop that does not repeat the text. The text itself is never sent.
 *
 * @param resource kind of the resource, such as `Application`
 * @param path path of the text in its inputs
 */
export async function explainId(
  resource: string,
  path: readonly PropertyKey[],
  text: string,
  { api }: { readonly api: Pick<Api, "call"> },
): Promise<string | undefined> {
  const input = path.at(-1);
  const wanted = input === "import" ? targetOf(resource) : kinds.find((kind) => input === `${kind}Id`);
  return wanted && namedSo(wanted, text, await everything(api));
}

function namedSo(wanted: TargetKind, name: string, things: readonly Thing[]): string | undefined {
  const named = things.filter((thing) => thing.name === name && thing.kind === wanted);
  if (named.length === 0) return undefined;
  const ids = named.slice(0, 3).map((thing) => thing.id);
  const which =
    named.length > 1
      ? `one of its ids (${ids.join(", ")}${named.length > 3 ? " …" : ""})`
      : `its id ${ids[0]}`;
  return `that is the name of ${nounWithArticle(wanted)}; give ${which}`;
}

function described({ kind, name }: Thing): string {
  const { noun } = traits[kind];
  return name === undefined ? nounWithArticle(kind) : `the ${noun} "${visible(name)}"`;
}

/** Advises what to use instead of an id of another kind. */
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
  return `give it as ${other.kind}Id, or the id of ${nounWithArticle(wanted)}`;
}

/** Reads all objects that the key may see; none where that is impossible. */
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
          ...servicesIn(lists).map(({ kind, id, row }) => ({
            kind,
            id,
            environmentId,
            projectId,
            ...(typeof row["name"] === "string" ? { name: row["name"] } : {}),
          })),
        ]),
      ];
    });
  } catch (error) {
    if (error instanceof DokployError) return [];
    throw error;
  }
}
