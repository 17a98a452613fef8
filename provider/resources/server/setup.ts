import { visible } from "../../../packages/text";
import { isRecord } from "../../../packages/values";
import { printedTail, Wait } from "../../deploy";
import { type DeploymentRow, DokployError, type Subscription } from "../../dokploy";
import { UserError } from "../../errors";
import type { Context } from "../../lifecycle";
import { SetupLog } from "./setup-log";

/** Inputs of a server that its setup needs. */
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

/** Time within which a new machine must accept SSH connections. */
const REACHABLE_SECONDS = 300;
/** Time limit for installing Docker and the builders. */
const TIMEOUT_SECONDS = 1_800;
const POLL_MS = 5_000;
/** Time within which Dokploy must have a record of a new setup. */
const RECORD_SECONDS = 30;
const RECORD_POLL_MS = 500;

/**
 * Makes a machine ready for services: waits until it responds, installs missing software, and checks it again. A setup
 * that an earlier run started continues.
 *
 * Only the client that started a setup gets its output, over a web socket. Dokploy reports every setup as done, so the
 * result is a check of the machine.
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
  progress(`${who}: being set up, since it lacks ${lacks.join(", ")}`);
  const log = new SetupLog(() => secretsOf(machine, context));
  const followed = await begin(id, who, isShown ? log : undefined, context);
  try {
    while ((await newestSetUp(id, context))?.status === "running") {
      if (wait.isOver) throw tooLong(who, timeoutSeconds, followed, log);
      const newest = log.newest === undefined ? "" : `: ${log.newest}`;
      wait.report(`${who}: being set up${newest}, ${seconds()} s`);
      await wait.sleep(POLL_MS);
    }
    const missing = await look(id, machine, new Wait(reachableSeconds, progress, timers), context);
    if (missing.length > 0) throw incomplete(who, missing, followed, log);
    wait.report(`${who}: ready after ${seconds()} s`);
  } finally {
    // Not sooner: Dokploy reports the end after saving it, and treats a socket that is closed by then as a failure.
    followed?.close();
  }
}

/**
 * Starts the setup, unless one is running, and returns the subscription to its output. It never starts it twice:
 * after a broken connection, or without a log or a socket, the setup continues in Dokploy without being followed.
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
      // The setup continues, even if the response was lost.
      if (!(error instanceof DokployError) || error.outcome !== "unknown") throw error;
    }
    return undefined;
  }
  // Dokploy makes its record after the response.
  const wait = new Wait(RECORD_SECONDS, context.progress, context.timers);
  while ((await newestSetUp(id, context))?.deploymentId === former?.deploymentId) {
    if (wait.isOver) {
      followed.close();
      throw new UserError(`${who} is not being set up, although that was requested. Run the update again.`);
    }
    await wait.sleep(RECORD_POLL_MS);
  }
  return followed;
}

/** Returns all secrets, and each word of a secret script, since it may print any of them. */
function secretsOf({ command = "" }: Machine, { run: { secrets } }: Context): string[] {
  const words = secrets.wasMarked(command) ? command.split(/[\s"'`;=&|()<>{}$]+/) : [];
  return [...secrets.all(), ...words];
}

function tooLong(who: string, seconds: number, followed: Subscription | undefined, log: SetupLog): UserError {
  const rest = followed?.isOpen
    ? "Dokploy stops it now, since its log is no longer followed. Raise timeoutSeconds and run the update again, " +
      "which starts it again."
    : "It may still be running: run the update again, which continues to wait.";
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
  const hint = "often another process uses port 80 or 443, or the user cannot use sudo without a password";
  const text =
    followed === undefined
      ? `${who} was set up and ${lacks}. Start the setup on its page in Dokploy, which shows its output: ${hint}. ` +
        "Then run the update again."
      : followed.isOpen
        ? `${who} was set up and ${lacks}: ${hint}. Correct that and run the update again.`
        : `${who} ${lacks}: the connection to Dokploy was lost, and Dokploy then stops a setup whose log is ` +
          "followed. Run the update again; if connections often break, set setup: { log: false }.";
  return new UserError([text, ...printedTail(log.tail())].join("\n"));
}

/** Problem of a machine that accepts connections but does not respond. */
const SILENT = "no SSH server responds there";

/**
 * Returns the missing parts of the machine once it responds.
 *
 * @throws UserError when it does not respond before the wait is over
 */
async function look(id: string, machine: Machine, wait: Wait, context: Context): Promise<string[]> {
  const { ipAddress, port = 22, username = "root" } = machine;
  const where = `${visible(username)}@${visible(ipAddress)}:${port}`;
  const waits = () =>
    wait.report(`Server "${visible(machine.name)}": waiting for ${where} to answer, ${secondsOf(wait)} s`);
  let trouble = SILENT;
  for (;;) {
    const looking = validate(id, context).catch(troubleIn);
    let isAnswered = false;
    while (!isAnswered && !wait.isOver) {
      isAnswered = await wait.endsWithin(Math.min(wait.remaining, POLL_MS), looking);
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
    await wait.sleep(Math.min(wait.remaining, POLL_MS));
  }
}

/** Returns the problem of the machine in the error of a failed check, and throws any other error. */
function troubleIn(error: unknown): string {
  if (error instanceof DokployError && error.status === 400) return error.said ?? error.message;
  // Dokploy has just responded to other requests, so the machine is the cause.
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

/** Returns the record of the setup that was started last. */
async function newestSetUp(id: string, { api }: Context): Promise<DeploymentRow | undefined> {
  const records = await api.call("deployment.allByServer", { serverId: id });
  return [...records].sort((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
}

/** Returns whole seconds since the wait began, or since another time. */
function secondsOf({ now, startedAt }: Wait, since = startedAt): number {
  return Math.round((now - since) / 1_000);
}
