import { z } from "zod";
import type { Task } from "../containers";
import { type Endpoints, query } from "../endpoint";
import type { Instance } from "../instance";
import { dockerName, text } from "../schema";

const serverId = text.optional();

export const dockerEndpoints: Endpoints = {
  // Swarm's tasks: `containerId` is the task's id, `state` the desired one.
  "docker.getServiceContainersByAppName": query(
    z.object({ appName: dockerName("Invalid app name."), serverId }),
    (instance, { appName }) => {
      const tasks = (instance.containers.find(appName)?.tasks ?? []).filter((task) => !task.composeService);
      const bySlot = [...tasks].sort((a, b) => a.slot - b.slot);
      return bySlot.map((task, index) => ({
        containerId: task.taskId,
        name: `${appName}.${task.slot}`,
        state: task.desired,
        currentState: `${task.current} ${age(instance, task.changed)} ago`,
        node: "emulator",
        // Dokploy cuts the text of `docker service ps` apart; on the last row without an error a label is left over.
        error: task.error || (index === bySlot.length - 1 ? "Error:" : ""),
      }));
    },
  ),

  "docker.getContainersByAppNameMatch": query(
    z.object({
      appType: z.enum(["stack", "docker-compose"]).optional(),
      appName: dockerName("Invalid app name."),
      serverId,
    }),
    (instance, { appName }) =>
      (instance.containers.find(appName)?.tasks ?? [])
        .filter((task) => task.composeService || task.current === "Running")
        .map((task) => ({
          containerId: task.containerId.slice(0, 12),
          name: containerName(appName, task),
          state: task.current === "Running" ? "running" : "exited",
          status:
            task.current === "Running"
              ? `Up ${age(instance, task.changed)}`
              : `Exited (0) ${age(instance, task.changed)} ago`,
        })),
  ),

  "docker.getConfig": query(
    z.object({ containerId: dockerName("Invalid container id."), serverId }),
    (instance, { containerId }) => {
      const found = instance.containers.findContainer(containerId);
      if (!found) return undefined;
      const { service, task } = found;
      const running = task.current === "Running";
      return {
        Id: task.containerId,
        Name: `/${containerName(service.appName, task)}`,
        Created: new Date(task.since).toISOString(),
        State: { Status: running ? "running" : "exited", Running: running, ExitCode: 0 },
        RestartCount: 0,
        Config: {
          Env: Object.entries(task.env).map(([key, value]) => `${key}=${value}`),
          Image: task.image,
        },
      };
    },
  ),
};

function containerName(appName: string, task: Task): string {
  return task.composeService
    ? `${appName}-${task.composeService}-1`
    : `${appName}.${task.slot}.${task.taskId}`;
}

/** A duration as Docker's command line says it: `Less than a second`, `6 seconds`, `About a minute`. */
function age(instance: Instance, since: number): string {
  const seconds = Math.floor((instance.clock.now() - since) / 1000);
  if (seconds < 1) return "less than a second";
  if (seconds < 60) return `${seconds} second${seconds === 1 ? "" : "s"}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return minutes === 1 ? "about a minute" : `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  return hours === 1 ? "about an hour" : `${hours} hours`;
}
