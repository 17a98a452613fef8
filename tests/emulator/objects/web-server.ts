import { z } from "zod";
import { type Endpoints, mutation, query } from "../endpoint";
import { badRequest } from "../errors";
import type { Instance } from "../instance";

const folder = "/etc/dokploy/traefik";
const serverId = z.string().optional();
const place = { path: z.string().min(1), serverId };

/** What Dokploy itself writes for Traefik. */
const ownFiles: Readonly<Record<string, string>> = {
  [`${folder}/traefik.yml`]: "global:\n  sendAnonymousUsage: false\n",
  [`${folder}/dynamic/dokploy.yml`]: "http:\n  routers: {}\n",
  [`${folder}/dynamic/middlewares.yml`]: "http:\n  middlewares: {}\n",
};

/** Files by the server that they are on, and their path. */
function files(instance: Instance): Map<string, { content?: unknown }> {
  return instance.simple("traefikFile");
}

function keyOf({ path, serverId = "" }: { path: string; serverId?: string | undefined }): string {
  return `${serverId}:${path}`;
}

export const webServerEndpoints: Endpoints = {
  "settings.readTraefikFile": query(z.object(place), (instance, input) => {
    if (input.path.includes("../") || !input.path.startsWith(folder))
      throw badRequest("Invalid path: path traversal or unauthorized directory access detected");
    const found = files(instance).get(keyOf(input))?.content ?? ownFiles[input.path];
    if (found === undefined && input.serverId !== undefined)
      throw new Error(`cat: ${input.path}: No such file or directory`);
    return found ?? null;
  }),
  "settings.updateTraefikFile": mutation(
    z.object({ ...place, traefikConfig: z.string().min(1) }),
    (instance, input) => {
      files(instance).set(keyOf(input), { content: input.traefikConfig });
      return true;
    },
  ),
  "settings.readDirectories": query(z.object({ serverId }), (instance, input) => {
    const own = [...files(instance).keys()].flatMap((key) => {
      const [server, path = ""] = key.split(":");
      return server === (input.serverId ?? "") ? [path] : [];
    });
    const file = (id: string) => ({ id, name: id.slice(id.lastIndexOf("/") + 1), type: "file" });
    const paths = [...new Set([...Object.keys(ownFiles), ...own])];
    const isDynamic = (path: string) => path.startsWith(`${folder}/dynamic/`);
    return [
      {
        id: `${folder}/dynamic`,
        name: "dynamic",
        type: "directory",
        children: paths.filter(isDynamic).map(file),
      },
      ...paths.filter((path) => !isDynamic(path)).map(file),
    ];
  }),
};
