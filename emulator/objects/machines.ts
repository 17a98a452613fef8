import { z } from "zod";
import { type Endpoints, query } from "../instance/endpoint";
import { notFound } from "../instance/errors";
import { sha } from "../instance/ids";
import type { Instance } from "../instance/instance";
import type { Row } from "../instance/rows";
import { text } from "../instance/schema";
import { serviceKinds } from "../instance/services";
import { isAlive } from "../instance/tasks";
import { containerName, containerState, containerStatus } from "./docker";

const onServer = z.object({ serverId: text.optional() });

/** Calls for machines: Dokploy's own and servers, with their nodes and containers. */
export const machineEndpoints: Endpoints = {
  "server.all": query(undefined, (instance) => {
    const made = [...instance.simple("server").values()].reverse();
    const connected = serverIds(instance).map((serverId, index) => serverRow(instance, serverId, index));
    return [...made, ...connected].map((row) => ({
      ...row,
      totalSum: services(instance).filter(({ serverId }) => serverId === row["serverId"]).length,
    }));
  }),

  "cluster.getNodes": query(onServer, (instance, { serverId }) => {
    validate(instance, serverId);
    return [
      {
        ID: sha("sha1", serverId ?? "").slice(0, 25),
        Version: { Index: 1932 },
        CreatedAt: instance.timestamp(),
        UpdatedAt: instance.timestamp(),
        Spec: { Labels: {}, Role: "manager", Availability: "active" },
        Description: {
          Hostname: serverId ?? "emulator",
          Platform: { Architecture: "x86_64", OS: "linux" },
          Resources: { NanoCPUs: 2_000_000_000, MemoryBytes: 25_276_502_016 },
          Engine: { EngineVersion: "28.2.2", Plugins: [{ Type: "Network", Name: "overlay" }] },
          TLSInfo: { TrustRoot: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n" },
        },
        Status: { State: "ready", Addr: "127.0.0.1" },
        ManagerStatus: { Leader: true, Reachability: "reachable", Addr: "127.0.0.1:2377" },
      },
    ];
  }),

  // `serverId` is not part of a response about Dokploy's own machine.
  "docker.getContainers": query(onServer, (instance, { serverId }) => {
    validate(instance, serverId);
    return instance.containers
      .all()
      .filter(({ appName }) => serverOf(instance, appName) === (serverId ?? null))
      .flatMap(({ appName, tasks }) =>
        tasks
          .filter((task) => task.hasContainer)
          .map((task) => ({
            containerId: task.containerId.slice(0, 12),
            name: containerName(appName, task),
            image: task.version.image,
            ports: "",
            state: containerState(task),
            status: containerStatus(instance, task),
            ...(serverId === undefined ? {} : { serverId }),
          })),
      )
      .filter(({ name }) => !name.includes("dokploy"));
  }),

  "docker.getServerHealth": query(
    z.object({ serverId: text.optional(), sinceHours: z.coerce.number().int().min(1).max(168).optional() }),
    (instance, { serverId }) => {
      validate(instance, serverId);
      const here = instance.containers
        .all()
        .filter(({ appName }) => serverOf(instance, appName) === (serverId ?? null));
      const tasks = here.flatMap(({ tasks }) => tasks.filter(({ hasContainer }) => hasContainer));
      const services = here.reduce((sum, { swarm }) => sum + swarm.size, 0);
      const containersInUse = tasks.filter(isAlive).length + instance.otherAddresses;
      const zeros = {
        maxWatches: 0,
        maxInstances: 0,
        maxQueuedEvents: 0,
        currentInstances: 0,
        persisted: false,
      };
      return {
        checkedAt: instance.timestamp(),
        containers: { containerCount: tasks.length, serviceCount: services },
        resources: { memTotalBytes: 25_275_973_632, memUsedBytes: 4_662_824_960, cpuCount: 2 },
        inotify: zeros,
        disk: { totalBytes: 0, usedBytes: 0 },
        dockerNetworks: {
          count: 1,
          addressPools: null,
          usage: [
            {
              name: "dokploy-network",
              driver: "overlay",
              subnet: "10.0.1.0/24",
              containersInUse,
              capacity: 254,
              percentUsed: Math.round((containersInUse / 254) * 100),
            },
          ],
        },
        daemonErrors: [],
        daemonLogsWindow: null,
        reservation: null,
      };
    },
  ),
};

function serverIds({ connections }: Instance): string[] {
  return [...connections].flatMap(([id, kind]) => (kind === "server" ? [id] : []));
}

/**
 * Checks the server of a call.
 *
 * @throws ApiError for a server that does not exist
 */
export function validate(instance: Instance, serverId: string | undefined): void {
  if (serverId !== undefined && !instance.isConnected("server", serverId)) throw notFound("Server");
}

function serverOf(instance: Instance, appName: string): unknown {
  return services(instance).find((row) => row["appName"] === appName)?.["serverId"] ?? null;
}

function services(instance: Instance): Row[] {
  return serviceKinds.flatMap(({ table }) => [...instance.tables[table].values()] as Row[]);
}

/** Returns a server's row as recorded from a real server. */
function serverRow(instance: Instance, serverId: string, index: number): Row {
  const thresholds = { cpu: 0, memory: 0 };
  const refresh = { refreshRate: 60, retentionDays: 2, cronJob: "", urlCallback: "" };
  return {
    serverId,
    name: `server-${index + 1}`,
    description: null,
    ipAddress: "127.0.0.1",
    port: 2222,
    username: "root",
    appName: "server-parse-multi-byte-system-fgk661",
    enableDockerCleanup: true,
    buildsConcurrency: 1,
    createdAt: instance.timestamp(),
    organizationId: "D1YDcblWF2gPiTUbYPtAe",
    serverStatus: "active",
    serverType: "deploy",
    command: "",
    sshKeyId: null,
    metricsConfig: {
      server: { type: "Remote", port: 4500, token: "metrics-token", thresholds, ...refresh },
      containers: { services: { exclude: [], include: [] }, refreshRate: 60 },
    },
  };
}
