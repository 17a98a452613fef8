import { REAL_TIMERS } from "../deploy/pace";
import { DokployError } from "../dokploy/errors";
import type { Context } from "../lifecycle/context";
import { UserError } from "../problem";
import { isRecord } from "../pulumi/unknown";
import { visible } from "../visible";

/** A machine, in the words of its inputs. */
export interface Machine {
  readonly name: string;
  readonly ipAddress: string;
  readonly port?: number | undefined;
  readonly username?: string | undefined;
  readonly serverType?: "deploy" | "build" | undefined;
  readonly setup?:
    | boolean
    | { readonly reachableSeconds?: number | undefined; readonly timeoutSeconds?: number | undefined }
    | undefined;
}

/** What a new machine may take until it answers SSH. */
const REACHABLE_SECONDS = 300;
/** What the packages of Docker and of the builders may take. */
const TIMEOUT_SECONDS = 1_800;
const POLL_MS = 5_000;

/**
 * Sees to it that services can be deployed on a machine: waits until it answers, sets it up where something is missing, and
 * looks whether that is there then. Whatever an earlier run has begun goes on.
 *
 * Dokploy tells what its set-up prints over a web socket alone, and calls it done whatever became of it, so the end is what a
 * look at the machine finds.
 *
 * @throws UserError when it cannot be reached, or lacks something afterwards
 */
export async function setUp(id: string, machine: Machine, context: Context): Promise<void> {
  const { reachableSeconds = REACHABLE_SECONDS, timeoutSeconds = TIMEOUT_SECONDS } =
    typeof machine.setup === "object" ? machine.setup : {};
  const who = `Server "${visible(machine.name)}"`;
  const clock = new Clock(context);
  const look = await firstLook(id, machine, clock.in(reachableSeconds), clock, context);
  if (look.length === 0) return;
  const end = clock.in(timeoutSeconds);
  context.progress(`${who}: set up, since it lacks ${look.join(", ")}`);
  if (!(await isRunning(id, context))) {
    try {
      await context.api.call("server.setup", { serverId: id });
    } catch (error) {
      // It goes on, however long that takes.
      if (!(error instanceof DokployError) || error.outcome !== "unknown") throw error;
    }
  }
  while (await isRunning(id, context)) {
    if (clock.isOver(end))
      throw new UserError(
        `${who} was not set up within ${timeoutSeconds} s. It may still be at it: run the update again, which then waits on. ` +
          "What it prints shows on its page in Dokploy.",
      );
    context.progress(`${who}: being set up, ${clock.since()} s`);
    await clock.pause(POLL_MS);
  }
  const missing = lacking(await validate(id, context), machine);
  if (missing.length === 0) return context.progress(`${who}: ready after ${clock.since()} s`);
  throw new UserError(
    `${who} was set up and still lacks ${missing.join(", ")}. Start the set-up on its page in Dokploy, where it shows what it ` +
      "prints: often another process holds port 80 or 443, or the user may not use sudo without a password. Then run the update again.",
  );
}

/** What the machine lacks, once it answers. */
async function firstLook(
  id: string,
  machine: Machine,
  end: number,
  clock: Clock,
  context: Context,
): Promise<string[]> {
  for (;;) {
    try {
      return lacking(await validate(id, context), machine);
    } catch (error) {
      if (!(error instanceof DokployError) || error.status !== 400) throw error;
      const { ipAddress, port = 22, username = "root" } = machine;
      const where = `${visible(username)}@${visible(ipAddress)}:${port}`;
      const said = error.said ?? error.message;
      const isRefused = /authentication|No SSH Key|privateKey|passphrase/i.test(said);
      if (isRefused || clock.isOver(end))
        throw new UserError(
          `Dokploy cannot reach ${where} of Server "${visible(machine.name)}" over SSH: ${said}. ` +
            (isRefused
              ? "Put the public key of sshKeyId into ~/.ssh/authorized_keys of that user, then run the update again."
              : "Check address, port and firewall, from Dokploy's machine; then run the update again."),
        );
      context.progress(`Server "${visible(machine.name)}": waits for ${where} to answer, ${clock.since()} s`);
      await clock.pause(POLL_MS);
    }
  }
}

async function validate(id: string, { api }: Context): Promise<Readonly<Record<string, unknown>>> {
  const found = await api.call("server.validate", { serverId: id });
  return isRecord(found) ? found : {};
}

function lacking(found: Readonly<Record<string, unknown>>, { serverType }: Machine): string[] {
  const has = (tool: string) => isRecord(found[tool]) && found[tool]["enabled"] === true;
  const needs: Record<string, boolean> = {
    Docker: has("docker"),
    "Dokploy's folder": found["isMainDirectoryInstalled"] === true,
    ...(serverType === "build"
      ? { Nixpacks: has("nixpacks"), Railpack: has("railpack"), Buildpacks: has("buildpacks") }
      : {
          "a swarm": found["isSwarmInstalled"] === true,
          "the network of Dokploy": found["isDokployNetworkInstalled"] === true,
        }),
  };
  return Object.keys(needs).filter((name) => !needs[name]);
}

/** Whether the newest set-up of the server has not ended. */
async function isRunning(id: string, { api }: Context): Promise<boolean> {
  const records = (await api.call("deployment.allByServer", { serverId: id })) as {
    status?: string;
    createdAt?: string;
  }[];
  const [newest] = [...records].sort((a, b) => String(b.createdAt).localeCompare(String(a.createdAt)));
  return newest?.status === "running";
}

/** Time as the run has it. */
class Clock {
  private readonly timers;
  private readonly began: number;

  constructor({ timers = REAL_TIMERS }: Context) {
    this.timers = timers;
    this.began = timers.now();
  }

  in(seconds: number): number {
    return this.timers.now() + seconds * 1_000;
  }

  isOver(end: number): boolean {
    return this.timers.now() >= end;
  }

  since(): number {
    return Math.round((this.timers.now() - this.began) / 1_000);
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.timers.after(ms, resolve));
  }
}
