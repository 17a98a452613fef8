import { z } from "zod";
import { type Endpoints, mutation, query } from "../instance/endpoint";
import { ApiError } from "../instance/errors";
import { sha } from "../instance/ids";
import type { Instance } from "../instance/instance";
import type { Row } from "../instance/rows";
import { dockerName, text } from "../instance/schema";
import { isAlive, RETRIES, type Task, type Version } from "../instance/tasks";
import { fileAt, mountsOf } from "./mount";

const serverId = text.optional();

/** State of the health check, with the last five checks. */
function healthOf({ status, failingStreak, check = "" }: NonNullable<Task["health"]>): Row {
  const Log = Array.from({ length: Math.min(failingStreak, 5) }, () => ({ ExitCode: 1, Output: check }));
  return { Status: status, FailingStreak: failingStreak, Log };
}

export const dockerEndpoints: Endpoints = {
  // Swarm's tasks: `containerId` is the task's id, `state` the desired one.
  "docker.getServiceContainersByAppName": query(
    z.object({ appName: dockerName("Invalid app name."), serverId }),
    (instance, { appName }) => taskRows(instance, appName, (task) => task.composeService === undefined),
  ),

  "docker.getStackContainersByAppName": query(
    z.object({ appName: dockerName("Invalid app name."), serverId }),
    (instance, { appName }) =>
      taskRows(instance, appName, (task) => task.composeService !== undefined && !task.isCompose),
  ),

  // The text is compared with the beginning of every container's name; with `docker-compose`, with the label
  // of the project.
  "docker.getContainersByAppNameMatch": query(
    z.object({
      appType: z.enum(["stack", "docker-compose"]).optional(),
      appName: dockerName("Invalid app name."),
      serverId,
    }),
    (instance, { appName, appType }) => {
      const isProject = appType === "docker-compose";
      return instance.containers
        .all()
        .filter((service) => (isProject ? service.appName === appName : service.appName.startsWith(appName)))
        .flatMap((service) =>
          service.tasks
            .filter((task) => (isProject ? task.isCompose : true) && task.hasContainer)
            .map((task) => ({
              containerId: task.containerId.slice(0, 12),
              name: containerName(service.appName, task),
              state: containerState(task),
              status: containerStatus(instance, task),
            })),
        );
    },
  ),

  "docker.getConfig": query(
    z.object({ containerId: dockerName("Invalid container id."), serverId }),
    (instance, { containerId }) => {
      const found = instance.containers.findContainer(containerId);
      // Dokploy runs `docker inspect`, which also finds services by their name, and tasks.
      if (!found) return inspectService(instance, containerId) ?? inspectTask(instance, containerId);
      const { service, task } = found;
      const state = containerState(task);
      return {
        Id: task.containerId,
        Name: `/${containerName(service.appName, task)}`,
        Created: new Date(task.since).toISOString(),
        State: {
          Status: state,
          Running: state === "running",
          OOMKilled: task.isOutOfMemory,
          StartedAt: new Date(task.startedAt ?? 0).toISOString(),
          ExitCode: state === "running" ? 0 : task.exitCode,
          ...(task.health ? { Health: healthOf(task.health) } : {}),
        },
        RestartCount: 0,
        Image: imageId(task.version.image),
        Config: {
          Env: environmentOf(task.version),
          Image: task.version.image,
          ...(task.health ? { Healthcheck: { Test: ["CMD-SHELL", "check"], Retries: RETRIES } } : {}),
        },
        Mounts: mountsOf(instance, service.serviceId, service.appName),
      };
    },
  ),

  "dockerVolume.getVolumes": query(z.object({ serverId }), (instance, input) =>
    instance.volumes.rows(input.serverId === undefined),
  ),

  "dockerVolume.removeVolume": mutation(
    z.object({ volumeName: dockerName("Invalid volume name."), serverId }),
    (instance, { volumeName }) => void instance.volumes.remove(volumeName),
  ),

  "dockerImage.getImages": query(z.object({ serverId }), (instance) => instance.volumes.imageRows()),

  "dockerImage.removeImage": mutation(
    z.object({ repository: text, tag: text, id: text, force: z.boolean().optional(), serverId }),
    (instance, { repository, tag }) => void instance.volumes.removeImage(`${repository}:${tag}`),
  ),

  "docker.readContainerFile": query(
    z.object({
      containerId: dockerName("Invalid container id."),
      path: z.string().regex(/^\//, "Path must be absolute."),
      serverId,
    }),
    (instance, { containerId, path }) => {
      const found = instance.containers.findContainer(containerId);
      const content = found && fileAt(instance, found.service.serviceId, path);
      if (content === undefined)
        throw new ApiError("INTERNAL_SERVER_ERROR", `cat: can't open '${path}': No such file or directory\n`);
      return { content: Buffer.from(content).toString("base64"), truncated: false };
    },
  ),
};

/** Returns the id of an image, which does not depend on the digest in its name. */
function imageId(image: string): string {
  return `sha256:${sha("sha256", image.split("@")[0] ?? "")}`;
}

/** Returns `docker service inspect` of a Swarm service; for a stack's service, by `<stack>_<service>`. */
function inspectService(instance: Instance, name: string): Row | undefined {
  for (const { appName, serviceId, swarm } of instance.containers.all()) {
    for (const [service, { current, before, updateStatus, slots }] of swarm) {
      if (name !== (service === "" ? appName : `${appName}_${service}`)) continue;
      return {
        ID: sha("sha1", name).slice(0, 25),
        Spec: {
          Name: name,
          TaskTemplate: withDefaults(specOf(current, service !== "")),
          Mode: { Replicated: { Replicas: slots } },
          EndpointSpec: { Mode: "vip", ...endpointOf(instance, serviceId) },
        },
        ...(before
          ? {
              PreviousSpec: {
                Name: name,
                TaskTemplate: { ...specOf(before, service !== ""), Runtime: "container" },
              },
            }
          : {}),
        ...(updateStatus ? { UpdateStatus: { ...updateStatus } } : {}),
      };
    }
  }
  return undefined;
}

/** Returns the ports that the last deployment or reload applied; an application's own Swarm setting replaces them. */
function endpointOf(instance: Instance, serviceId: string): Row {
  const setting = instance.tables.application.get(serviceId)?.["endpointSpecSwarm"];
  if (setting) return setting as Row;
  const ports = (instance.takenUp.get(serviceId)?.["ports"] ?? []) as Row[];
  if (ports.length === 0) return {};
  return {
    Ports: ports.map(({ protocol, targetPort, publishedPort, publishMode }) => ({
      Protocol: protocol,
      TargetPort: targetPort,
      PublishedPort: publishedPort,
      PublishMode: publishMode,
    })),
  };
}

/** Returns `docker inspect` of a task of Swarm. */
function inspectTask(instance: Instance, id: string): Row | undefined {
  const task = instance.containers
    .all()
    .flatMap(({ tasks }) => tasks)
    .find(({ taskId, isCompose }) => !isCompose && taskId === id);
  return (
    task && {
      ID: task.taskId,
      Spec: specOf(task.version, task.composeService !== undefined),
      Slot: task.slot,
      Status: { Timestamp: new Date(task.changed).toISOString(), State: task.current.toLowerCase() },
      DesiredState: task.desired,
    }
  );
}

/**
 * Returns the spec of tasks. Docker's command line adds the digest to the images of a stack, Dokploy to none. The behaviour
 * of a stack's image belongs to the image's content, so the digest depends on it.
 */
function specOf(version: Version, isStack: boolean): Row {
  const { image, behaviour, forceUpdate } = version;
  const digest = isStack ? `@sha256:${sha("sha256", JSON.stringify(behaviour))}` : "";
  return {
    ContainerSpec: { Image: image + digest, Env: environmentOf(version) },
    Resources: {},
    ForceUpdate: forceUpdate,
  };
}

/** Fills in the defaults of Docker's command line, which it adds only to the current spec of a service. */
function withDefaults(spec: Row): Row {
  const container = spec["ContainerSpec"] as Row;
  return {
    ...spec,
    ContainerSpec: { ...container, StopGracePeriod: 10_000_000_000, DNSConfig: {} },
    RestartPolicy: { Condition: "any", Delay: 5_000_000_000, MaxAttempts: 0 },
    Placement: {},
    Runtime: "container",
  };
}

function environmentOf({ env }: Version): string[] {
  return Object.entries(env).map(([key, value]) => `${key}=${value}`);
}

function taskRows(instance: Instance, appName: string, isShown: (task: Task) => boolean): Row[] {
  const tasks = (instance.containers.find(appName)?.tasks ?? []).filter(
    (task) => isShown(task) && !task.isRemoved,
  );
  const slots = [...new Set(tasks.map((task) => taskName(appName, task)))].sort();
  const bySlot = slots.flatMap((slot) => tasks.filter((task) => taskName(appName, task) === slot));
  return bySlot.map((task, index) => ({
    containerId: task.taskId,
    name: taskName(appName, task),
    state: task.desired,
    currentState: `${task.current} ${age(instance, task.changed)} ago`,
    node: "emulator",
    // Dokploy splits the text of `docker service ps`; the last row without an error still has the label.
    error: task.error || (index === bySlot.length - 1 ? "Error:" : ""),
  }));
}

export function containerState(task: Task): string {
  if (task.current === "Restarting") return "restarting";
  if (task.startedAt === undefined) return "created";
  return isAlive(task) ? "running" : "exited";
}

export function containerStatus(instance: Instance, task: Task): string {
  const since = age(instance, (isAlive(task) ? task.startedAt : task.finishedAt) ?? task.changed);
  const capital = since.charAt(0).toUpperCase() + since.slice(1);
  switch (containerState(task)) {
    case "running": {
      const health =
        task.health && ` (${task.health.status === "starting" ? "health: starting" : task.health.status})`;
      return `Up ${capital}${health ?? ""}`;
    }
    case "restarting":
      return `Restarting (${task.exitCode}) ${capital} ago`;
    case "created":
      return "Created";
    default:
      return `Exited (${task.exitCode}) ${capital} ago`;
  }
}

function taskName(appName: string, task: Task): string {
  return task.composeService === undefined
    ? `${appName}.${task.slot}`
    : `${appName}_${task.composeService}.${task.slot}`;
}

export function containerName(appName: string, task: Task): string {
  return task.isCompose ? `${appName}-${task.composeService}-1` : `${taskName(appName, task)}.${task.taskId}`;
}

/** Formats a duration like Docker's command line: `Less than a second`, `6 seconds`, `About a minute`. */
function age(instance: Instance, since: number): string {
  const seconds = Math.floor((instance.clock.now() - since) / 1000);
  if (seconds < 1) return "less than a second";
  if (seconds < 60) return `${seconds} second${seconds === 1 ? "" : "s"}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return minutes === 1 ? "about a minute" : `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  return hours === 1 ? "about an hour" : `${hours} hours`;
}
