import { z } from "zod";
import { type Endpoints, mutation, query } from "../instance/endpoint";
import { badRequest, notFound } from "../instance/errors";
import { newId } from "../instance/ids";
import type { Instance } from "../instance/instance";
import type { Row } from "../instance/rows";

const input = z.object({ serverId: z.string().min(1) });

/** Settings of a machine of this emulator, by server; `""` for machines without settings. */
export interface Machine {
  /** Error of SSH instead of a connection: `connect ECONNREFUSED 203.0.113.7:22`. */
  unreachable?: string;
  /** True when a setup does not change it. */
  isStubborn?: boolean;
  isReady?: boolean;
  /**
   * Texts that its setup prints, one after the other, and the milliseconds that each takes. Default: nothing, at
   * once.
   */
  prints?: readonly string[];
  printMs?: number;
  /** Number of texts before the socket that follows the setup breaks. Default: all. */
  socketHolds?: number;
}

/** Returns the settings of a server's machine, to read and to change. */
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

/**
 * Sets a machine up, with a record that shows its end.
 *
 * @param tell receives its output; if it throws, as for a closed socket, the real one ends the session on the
 * machine
 */
export function beginSetUp(
  instance: Instance,
  serverId: string,
  report: (text: string) => void = () => {},
): void {
  const machine = machineOf(instance, serverId);
  const { unreachable, prints = [], printMs = 0 } = machine;
  const record: Row = {
    title: "Setup Server",
    description: "Setup Server",
    status: "running",
    serverId,
    createdAt: instance.timestamp(),
    startedAt: null,
    finishedAt: null,
    errorMessage: null,
  };
  instance.simple(`setups of ${serverId}`).set(newId(), record);
  const end = (status: "done" | "error") =>
    Object.assign(record, { status, finishedAt: instance.timestamp() });
  const attempt = (text: string) => {
    try {
      report(text);
      return true;
    } catch {
      end("error");
      return false;
    }
  };
  const finish = () => {
    if (machine.isStubborn !== true) machine.isReady = true;
    end("done");
    attempt("\nSetup Server: ✅\n");
  };
  const print = (at: number): void => {
    const text = prints[at];
    const next = () => {
      if (text === undefined) finish();
      else if (attempt(text)) print(at + 1);
    };
    if (printMs === 0 || text === undefined) next();
    else instance.clock.after(printMs, next);
  };
  if (!attempt("\nInstalling Server Dependencies: ✅\n")) return;
  if (unreachable === undefined) {
    print(0);
    return;
  }
  end("error");
  attempt(`Error: SSH connection error: ${unreachable} ❌\n`);
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
  /** Returns nothing, regardless of the outcome, which its record shows. The real one responds at the end. */
  "server.setup": mutation(input, (instance, { serverId }) => {
    existing(instance, serverId);
    beginSetUp(instance, serverId);
    return undefined;
  }),
  "deployment.allByServer": query(input, (instance, { serverId }) => {
    if (!instance.isConnected("server", serverId)) throw notFound("Server");
    return [...instance.simple(`setups of ${serverId}`)]
      .map(([deploymentId, row]) => ({ deploymentId, ...row }))
      .reverse();
  }),
};
