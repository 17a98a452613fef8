import { visible } from "../../packages/text/visible";
import { printedTail } from "../deploy/log";
import { Wait } from "../deploy/wait";
import { DokployError } from "../dokploy/errors";
import type { DeploymentRow } from "../dokploy/rows";
import type { Subscription } from "../dokploy/subscription";
import { UserError } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import { isRecord } from "../pulumi/unknown";
import { SetupLog } from "./setup-log";

/** A machine, in the words of its inputs. */
export interface Machine {
  readonly name: string;
  readonly ipAddress: string;
  readonly port?: number | undefined;
  readonly username?: string | undefined;
  readonly command?: string | undefined;
  readonly serverType?: "deploy" | "build" | undefined;
  readonly setup?:
    | boolean
    | {
        readonly reachableSeconds?: number | undefined;
        readonly timeoutSeconds?: number | undefined;
        readonly log?: boolean | undefined;
      }
    | undefined;
}

/** What a new machine may take until it answers SSH. */
const REACHABLE_SECONDS = 300;
/** What the packages of Docker and of the builders may take. */
const TIMEOUT_SECONDS = 1_800;
const POLL_MS = 5_000;
/** What Dokploy may take to note that a set-up has begun. */
const RECORD_SECONDS = 30;
const RECORD_POLL_MS = 500;

/**
 * Sees to it that services can be deployed on a machine: waits until it answers, sets it up where something is missing, and
 * looks whether that is there then. Whatever an earlier run has begun goes on.
 *
 * What the set-up prints comes over a web socket alone, to whom has begun it there. Dokploy calls it done whatever became of
 * it, so the end is what a look at the machine finds.
 *
 * @throws UserError when it cannot be reached, or lacks something afterwards
 */
export async function setUp(id: string, machine: Machine, context: Context): Promise<void> {
  const options = typeof machine.setup === "object" ? machine.setup : {};
  const {
    reachableSeconds = REACHABLE_SECONDS,
    timeoutSeconds = TIMEOUT_SECONDS,
    log: isShown = true,
  } = options;
  const who = `Server "${visible(machine.name)}"`;
  const { progress, timers } = context;
  const reach = new Wait(reachableSeconds, progress, timers);
  const lacks = await look(id, machine, reach, context);
  if (lacks.length === 0) return;
  const wait = new Wait(timeoutSeconds, progress, timers);
  const seconds = () => secondsOf(wait, reach.startedAt);
  progress(`${who}: set up, since it lacks ${lacks.join(", ")}`);
  const log = new SetupLog(() => secretsOf(machine, context));
  const followed = await begin(id, who, isShown ? log : undefined, context);
  try {
    while ((await newestSetUp(id, context))?.status === "running") {
      if (wait.isOver) throw tooLong(who, timeoutSeconds, followed, log);
      const newest = log.newest === undefined ? "" : `: ${log.newest}`;
      wait.tell(`${who}: being set up${newest}, ${seconds()} s`);
      await wait.sleep(POLL_MS);
    }
    const missing = await look(id, machine, new Wait(reachableSeconds, progress, timers), context);
    if (missing.length > 0) throw incomplete(who, missing, followed, log);
    wait.tell(`${who}: ready after ${seconds()} s`);
  } finally {
    // Not sooner: Dokploy tells the end after it has saved it, and takes a socket that is gone by then for a failure.
    followed?.close();
  }
}

/**
 * Begins the set-up, unless one runs. Never twice: where the connection breaks afterwards, it goes on or ends in Dokploy.
 *
 * @param log what gets what it prints; without one, and where the socket cannot be had, it goes on without being followed
 * @returns what it is followed by
 */
async function begin(
  id: string,
  who: string,
  log: SetupLog | undefined,
  context: Context,
): Promise<Subscription | undefined> {
  const { api } = context;
  const former = await newestSetUp(id, context);
  if (former?.status === "running") return undefined;
  await api.assertSupported?.("server.setup", { serverId: id });
  const followed =
    log && (await api.subscribe?.("server.setupWithLogs", { serverId: id }, (piece) => log.add(piece)));
  if (followed === undefined) {
    try {
      await api.call("server.setup", { serverId: id });
    } catch (error) {
      // It goes on, however long that takes.
      if (!(error instanceof DokployError) || error.outcome !== "unknown") throw error;
    }
    return undefined;
  }
  // Its record is made after the answer.
  const wait = new Wait(RECORD_SECONDS, context.progress, context.timers);
  while ((await newestSetUp(id, context))?.deploymentId === former?.deploymentId) {
    if (wait.isOver) {
      followed.close();
      throw new UserError(`${who} is not being set up, though that was asked for. Run the update again.`);
    }
    await wait.sleep(RECORD_POLL_MS);
  }
  return followed;
}

/** Of a script that is a secret each word, since it may print any of them. */
function secretsOf({ command = "" }: Machine, { claims: { secrets } }: Context): string[] {
  const words = secrets.wasMarked(command) ? command.split(/[\s"'`;=&|()<>{}$]+/) : [];
  return [...secrets.all(), ...words];
}

function tooLong(who: string, seconds: number, followed: Subscription | undefined, log: SetupLog): UserError {
  const rest = followed?.isOpen
    ? "Dokploy ends it now, since nobody follows it any more: run the update again, which starts it again, with more " +
      "timeoutSeconds."
    : "It may still be at it: run the update again, which then waits on.";
  return new UserError(
    [`${who} was not set up within ${seconds} s. ${rest}`, ...printedTail(log.tail())].join("\n"),
  );
}

function incomplete(
  who: string,
  missing: string[],
  followed: Subscription | undefined,
  log: SetupLog,
): UserError {
  const lacks = `still lacks ${missing.join(", ")}`;
  const hint = "often another process holds port 80 or 443, or the user may not use sudo without a password";
  const text =
    followed === undefined
      ? `${who} was set up and ${lacks}. Start the set-up on its page in Dokploy, where it shows what it prints: ${hint}. Then ` +
        "run the update again."
      : followed.isOpen
        ? `${who} was set up and ${lacks}: ${hint}. Run the update again once that is put right.`
        : `${who} ${lacks}: the connection to Dokploy was lost, which then ends a set-up whose log is followed. Run the update ` +
          "again; where connections do not hold, with setup: { log: false }.";
  return new UserError([text, ...printedTail(log.tail())].join("\n"));
}

/** The machine takes connections, and nothing comes of them. */
const SILENT = "nothing there answers as SSH does";

/**
 * What the machine lacks, once it answers.
 *
 * @throws UserError when it does not until the wait is over
 */
async function look(id: string, machine: Machine, wait: Wait, context: Context): Promise<string[]> {
  const { ipAddress, port = 22, username = "root" } = machine;
  const where = `${visible(username)}@${visible(ipAddress)}:${port}`;
  const waits = () =>
    wait.tell(`Server "${visible(machine.name)}": waits for ${where} to answer, ${secondsOf(wait)} s`);
  let trouble = SILENT;
  for (;;) {
    const looking = validate(id, context).catch(troubleIn);
    let isAnswered = false;
    while (!isAnswered && !wait.isOver) {
      isAnswered = await wait.endsWithin(Math.min(wait.left, POLL_MS), looking);
      if (!isAnswered) waits();
    }
    const found = isAnswered ? await looking : trouble;
    if (typeof found !== "string") return lacking(found, machine);
    trouble = found;
    const isRefused = /authentication|No SSH Key|privateKey|passphrase/i.test(trouble);
    if (isRefused || wait.isOver)
      throw new UserError(
        `Dokploy cannot reach ${where} of Server "${visible(machine.name)}" over SSH: ${trouble}. ` +
          (isRefused
            ? "Put the public key of sshKeyId into ~/.ssh/authorized_keys of that user, then run the update again."
            : "Check address, port and firewall, from Dokploy's machine; then run the update again."),
      );
    waits();
    await wait.sleep(Math.min(wait.left, POLL_MS));
  }
}

/**
 * What a look that failed says of the machine.
 *
 * @throws what says nothing of it
 */
function troubleIn(error: unknown): string {
  if (error instanceof DokployError && error.status === 400) return error.said ?? error.message;
  // Just before, Dokploy has answered everything else.
  if (error instanceof DokployError && error.kind === "timeout") return SILENT;
  throw error;
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

/** The record of the set-up that was begun last. */
async function newestSetUp(id: string, { api }: Context): Promise<DeploymentRow | undefined> {
  const records = await api.call("deployment.allByServer", { serverId: id });
  return [...records].sort((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
}

/** Whole seconds since the wait began, or since another moment. */
function secondsOf({ now, startedAt }: Wait, since = startedAt): number {
  return Math.round((now - since) / 1_000);
}
