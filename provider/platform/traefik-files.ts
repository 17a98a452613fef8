import { parseDocument } from "../../packages/compose-checks/yaml/parse";
import type { Api } from "../dokploy/endpoints";
import { isRecord } from "../pulumi/unknown";

/** Where Dokploy keeps what Traefik reads, on each server. */
const FOLDER = "/etc/dokploy/traefik";

/** What is left of a file that was deleted: Dokploy has no call that removes one. */
const EMPTIED = "# Nothing is left of this file: it was deleted, and Dokploy removes none.\n";

/** Files of Dokploy's own, which it writes anew whenever it likes. */
const OWN = new Set(["dokploy", "middlewares", "forward-auth-domain", "acme", "access"]);

export interface Place {
  readonly path: string;
  readonly serverId?: string | undefined;
}

export function idOf({ path, serverId }: Place): string {
  return serverId === undefined ? path : `${serverId}:${path}`;
}

/** Where a file is, by what {@link idOf} makes of that. */
export function placeOf(fileId: string): Place {
  const [path = "", serverId] = fileId.split(":").reverse();
  return { path, serverId };
}

/** What is wrong with a path, where it is one of the folder. */
export function pathProblem(path: string): string | undefined {
  const name = /^dynamic\/([A-Za-z0-9][A-Za-z0-9._-]*)\.(?:yml|yaml|toml)$/.exec(path)?.[1];
  if (name === undefined)
    return "is not a file such as dynamic/headers.yml: Traefik reads .yml, .yaml and .toml in the folder dynamic, without folders in it";
  if (OWN.has(name)) return "is a file of Dokploy's own, which it writes anew";
  // Names inside Docker, which no file of the program has to be taken for.
  if (/-[a-z0-9]{6}$/.test(name))
    return "has a name as Dokploy gives the files of applications, which it writes anew: let it end in something else than - and six letters or digits";
  return undefined;
}

/** What is wrong with a text as YAML; a template of Traefik's is none before it is filled in. */
export function contentProblem(path: string, content: string): string | undefined {
  if (path.endsWith(".toml") || content.includes("{{")) return undefined;
  const parsed = parseDocument(content, {
    schema: "core",
    second: "a second document, of which Traefik reads none",
    tooDeep: "it is nested too deep",
  });
  if (!("problem" in parsed)) return undefined;
  const line = content.slice(0, parsed.problem.offset).split("\n").length;
  return `is no YAML, at line ${line}: ${parsed.problem.reason}`;
}

/** What stands in the file; undefined where it is not there, or was deleted. */
export async function contentOf(place: Place, api: Api): Promise<string | undefined> {
  // Of a file on another server that is not there, the read fails like any other command.
  if (place.serverId !== undefined && !(await isListed(place, api))) return undefined;
  return await contentOfListed(place, api);
}

/** The same of a file that is in the list of its folder. */
export async function contentOfListed(place: Place, api: Api): Promise<string | undefined> {
  const content = await api.call("settings.readTraefikFile", { ...inputOf(place) });
  return typeof content === "string" && content !== EMPTIED ? content : undefined;
}

export async function write(place: Place, content: string, api: Api): Promise<void> {
  await api.call("settings.updateTraefikFile", { ...inputOf(place), traefikConfig: content });
}

export async function empty(place: Place, api: Api): Promise<void> {
  await write(place, EMPTIED, api);
}

function inputOf({ path, serverId }: Place): { path: string; serverId?: string } {
  return { path: `${FOLDER}/${path}`, ...(serverId === undefined ? {} : { serverId }) };
}

async function isListed({ path, serverId }: Place, api: Api): Promise<boolean> {
  const tree = await api.call("settings.readDirectories", serverId === undefined ? {} : { serverId });
  return pathsIn(tree).includes(path);
}

/** The paths of all files of the folder, those in its folders too, from how Dokploy lists it. */
export function pathsIn(tree: unknown): string[] {
  return (Array.isArray(tree) ? tree : []).flatMap((item) => {
    if (!isRecord(item)) return [];
    const { id, children } = item;
    if (Array.isArray(children)) return pathsIn(children);
    return typeof id === "string" && id.startsWith(`${FOLDER}/`) ? [id.slice(FOLDER.length + 1)] : [];
  });
}
