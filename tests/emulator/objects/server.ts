import { z } from "zod";
import { type Endpoints, mutation, query } from "../endpoint";
import { badRequest, notFound } from "../errors";
import { newId } from "../ids";
import type { Instance } from "../instance";
import type { Row } from "../rows";

const input = z.object({ serverId: z.string().min(1) });

/** How the machines of this emulator are, each by its server; `""` for one of which nothing else is said. */
export interface Machine {
  /** What SSH says instead of letting Dokploy in: `connect ECONNREFUSED 203.0.113.7:22`. */
  unreachable?: string;
  /** Whether a set-up leaves it as it is. */
  isStubborn?: boolean;
  isReady?: boolean;
}

export function machineOf(instance: Instance, serverId: string): Machine {
  const table = instance.simple("machine");
  const machine = table.get(serverId) ?? { ...table.get("") };
  table.set(serverId, machine);
  return machine as Machine;
}

function existing(instance: Instance, serverId: string): Row {
  const row = instance.simple("server").get(serverId);
  if (!row) throw notFound("Server");
  return row;
}

export const serverEndpoints: Endpoints = {
  "server.validate": query(input, (instance, { serverId }) => {
    const row = existing(instance, serverId);
    if (row["sshKeyId"] === null) throw badRequest("No SSH Key found");
    const { unreachable, isReady = false } = machineOf(instance, serverId);
    if (unreachable !== undefined) throw badRequest(`SSH connection error: ${unreachable}`);
    const tool = { enabled: isReady, version: isReady ? "28.5.0" : "0.0.0" };
    return {
      docker: tool,
      rclone: tool,
      nixpacks: tool,
      buildpacks: tool,
      railpack: tool,
      isDokployNetworkInstalled: isReady,
      isSwarmInstalled: isReady,
      isMainDirectoryInstalled: isReady,
      privilegeMode: "root",
      dockerGroupMember: false,
    };
  }),
  /** Answers with nothing, whatever became of it: its record tells. */
  "server.setup": mutation(input, (instance, { serverId }) => {
    existing(instance, serverId);
    const machine = machineOf(instance, serverId);
    const isReached = machine.unreachable === undefined;
    if (isReached && machine.isStubborn !== true) machine.isReady = true;
    const at = instance.timestamp();
    instance.simple(`setups of ${serverId}`).set(newId(), {
      title: "Setup Server",
      description: "Setup Server",
      status: isReached ? "done" : "error",
      serverId,
      createdAt: at,
      startedAt: null,
      finishedAt: at,
      errorMessage: null,
    });
    return undefined;
  }),
  "deployment.allByServer": query(input, (instance, { serverId }) =>
    [...instance.simple(`setups of ${serverId}`)]
      .map(([deploymentId, row]) => ({ deploymentId, ...row }))
      .reverse(),
  ),
};
