import { z } from "zod";
import { type Endpoint, type Endpoints, mutation, query } from "../instance/endpoint";
import { badRequest } from "../instance/errors";
import { newId } from "../instance/ids";
import type { Instance } from "../instance/instance";
import type { Row } from "../instance/rows";
import { assign } from "../instance/services";
import { metricsConfig } from "../instance/simple-object";
import { validate } from "./machines";

const folder = "/etc/dokploy/traefik";
const serverId = z.string().optional();
const place = { path: z.string().min(1), serverId };

/** Files that Dokploy itself writes for Traefik. */
const ownFiles: Readonly<Record<string, string>> = {
  [`${folder}/traefik.yml`]: "global:\n  sendAnonymousUsage: false\n",
  [`${folder}/dynamic/dokploy.yml`]: "http:\n  routers: {}\n",
  [`${folder}/dynamic/middlewares.yml`]: "http:\n  middlewares: {}\n",
};

/** Returns the files, by server and path. */
function files(instance: Instance): Map<string, { content?: unknown }> {
  return instance.simple("traefikFile");
}

function keyOf({ path, serverId = "" }: { path: string; serverId?: string | undefined }): string {
  return `${serverId}:${path}`;
}

/** Settings of a newly installed server. */
const initial = {
  serverIp: null,
  certificateType: "none",
  https: false,
  host: null,
  letsEncryptEmail: null,
  sshPrivateKey: null,
  enableDockerCleanup: true,
  logCleanupCron: "0 0 * * *",
  metricsConfig: metricsConfig("Dokploy"),
  remoteServersOnly: false,
  buildsConcurrency: 1,
  enforceSSO: false,
  cleanupCacheApplications: false,
  cleanupCacheOnPreviews: false,
  cleanupCacheOnCompose: false,
};

function settings(instance: Instance): Row {
  const table = instance.simple("webServerSettings");
  const row = table.get("") ?? { id: newId(), ...structuredClone(initial), createdAt: instance.timestamp() };
  table.set("", row);
  return row;
}

function setting<Input extends z.ZodObject>(
  input: Input,
  columns: (given: z.output<Input>) => Row,
): Endpoint {
  return mutation(input, (instance, given) => {
    assign(settings(instance), columns(given));
    return true;
  });
}

export const webServerEndpoints: Endpoints = {
  "settings.getWebServerSettings": query(undefined, (instance) => ({ ...settings(instance) })),
  "settings.assignDomainServer": mutation(
    z.object({
      host: z.string(),
      certificateType: z.enum(["letsencrypt", "none", "custom"]),
      letsEncryptEmail: z
        .union([z.email(), z.literal("")])
        .nullable()
        .optional(),
      https: z.boolean().optional(),
    }),
    (instance, given) => {
      assign(settings(instance), given);
      return { ...settings(instance) };
    },
  ),
  "settings.updateServerIp": mutation(z.object({ serverIp: z.string() }), (instance, given) => {
    assign(settings(instance), given);
    return { ...settings(instance) };
  }),
  "settings.updateDockerCleanup": setting(
    z.object({ enableDockerCleanup: z.boolean() }),
    ({ enableDockerCleanup }) => ({ enableDockerCleanup }),
  ),
  "settings.updateLogCleanup": setting(
    z.object({ cronExpression: z.string().nullable() }),
    ({ cronExpression }) => ({ logCleanupCron: cronExpression }),
  ),
  "settings.updateBuildsConcurrency": setting(
    z.object({ buildsConcurrency: z.number().int().min(1).max(100) }),
    ({ buildsConcurrency }) => ({ buildsConcurrency }),
  ),
  "settings.readTraefikFile": query(z.object(place), (instance, input) => {
    if (input.path.includes("../") || !input.path.startsWith(folder))
      throw badRequest("Invalid path: path traversal or unauthorized directory access detected");
    validate(instance, input.serverId);
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
    validate(instance, input.serverId);
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
