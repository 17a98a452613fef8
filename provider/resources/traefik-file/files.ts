import { parseDocument } from "../../../packages/compose-checks/yaml";
import { isRecord } from "../../../packages/values";
import type { Api } from "../../dokploy";

/** Folder on each server in which Dokploy keeps the files that Traefik reads. */
const FOLDER = "/etc/dokploy/traefik";

/** Content of a deleted file, since Dokploy has no call that removes one. */
const EMPTIED = "# Nothing is left of this file: it was deleted, and Dokploy removes none.\n";

/** Files of Dokploy, which it rewrites at any time. */
const OWN = new Set(["dokploy", "middlewares", "forward-auth-domain", "acme", "access"]);

export interface FilePlace {
  readonly path: string;
  readonly serverId?: string | undefined;
}

export function idOf({ path, serverId }: FilePlace): string {
  return serverId === undefined ? path : `${serverId}:${path}`;
}

/** Returns the place of a file by the id that {@link idOf} makes. */
export function placeOf(fileId: string): FilePlace {
  const [path = "", serverId] = fileId.split(":").reverse();
  return { path, serverId };
}

/** Returns the mistake in a path, if there is one. */
export function pathProblem(path: string): string | undefined {
  const name = /^dynamic\/([A-Za-z0-9][A-Za-z0-9._-]*)\.(?:yml|yaml|toml)$/.exec(path)?.[1];
  if (name === undefined)
    return (
      "is not a file such as dynamic/headers.yml: Traefik reads .yml, .yaml and .toml in the folder " +
      "dynamic, and not in its subfolders"
    );
  if (OWN.has(name)) return "is one of Dokploy's own files, which it rewrites";
  // Names inside Docker, which a file of the program must not have.
  if (/-[a-z0-9]{6}$/.test(name))
    return (
      "has a name like those of Dokploy's files for applications, which it rewrites: choose one that does not end " +
      "in - and six letters or digits"
    );
  return undefined;
}

/**
 * Returns the mistake in a text as YAML, if there is one. A Traefik template is not checked, since it is YAML only
 * after it is filled in.
 */
export function contentProblem(path: string, content: string): string | undefined {
  if (path.endsWith(".toml") || content.includes("{{")) return undefined;
  const parsed = parseDocument(content, {
    schema: "core",
    second: "a second document, which Traefik does not read",
    tooDeep: "it is nested too deep",
  });
  if (!("problem" in parsed)) return undefined;
  const line = content.slice(0, parsed.problem.offset).split("\n").length;
  return `is not valid YAML, at line ${line}: ${parsed.problem.reason}`;
}

/** Returns the content of the file; undefined when it does not exist or was deleted. */
export async function contentOf(place: FilePlace, api: Api): Promise<string | undefined> {
  // On another server, reading a missing file fails like any other command.
  if (place.serverId !== undefined && !(await isListed(place, api))) return undefined;
  return await contentOfListed(place, api);
}

/** Returns the content of a file in the list of its folder; undefined when it was deleted. */
export async function contentOfListed(place: FilePlace, api: Api): Promise<string | undefined> {
  const content = await api.call("settings.readTraefikFile", { ...inputOf(place) });
  return typeof content === "string" && content !== EMPTIED ? content : undefined;
}

export async function write(place: FilePlace, content: string, api: Api): Promise<void> {
  await api.call("settings.updateTraefikFile", { ...inputOf(place), traefikConfig: content });
}

export async function empty(place: FilePlace, api: Api): Promise<void> {
  await write(place, EMPTIED, api);
}

function inputOf({ path, serverId }: FilePlace): { path: string; serverId?: string } {
  return { path: `${FOLDER}/${path}`, ...(serverId === undefined ? {} : { serverId }) };
}

async function isListed({ path, serverId }: FilePlace, api: Api): Promise<boolean> {
  const tree = await api.call("settings.readDirectories", serverId === undefined ? {} : { serverId });
  return pathsIn(tree).includes(path);
}

/** Returns the paths of all files in the folder and its subfolders, from Dokploy's list. */
export function pathsIn(tree: unknown): string[] {
  return (Array.isArray(tree) ? tree : []).flatMap((item) => {
    if (!isRecord(item)) return [];
    const { id, children } = item;
    if (Array.isArray(children)) return pathsIn(children);
    return typeof id === "string" && id.startsWith(`${FOLDER}/`) ? [id.slice(FOLDER.length + 1)] : [];
  });
}
