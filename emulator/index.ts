import { build } from "./builds/build";
import type { AuditLog } from "./instance/audit-log";
import type { ContainerBehaviour } from "./instance/behaviour";
import type { Buckets } from "./instance/buckets";
import type { CallRecord } from "./instance/calls";
import { type Clock, realClock } from "./instance/clock";
import type { StartedCommand } from "./instance/containers";
import type { Outcome } from "./instance/deployments";
import { Faults } from "./instance/faults";
import type { GitServers } from "./instance/git";
import { newApiKey, newId } from "./instance/ids";
import type { ImageRegistry } from "./instance/images";
import type { HostedRepository } from "./instance/instance";
import { type ConnectionKind, Instance } from "./instance/instance";
import { listedServices } from "./instance/services";
import type { Vaults } from "./instance/vaults";
import { makeGithubApp } from "./objects/git-providers";
import { makeKey } from "./objects/user";
import { HttpServer } from "./server";

export type { AuditLog, Person } from "./instance/audit-log";
export type { Behaviour, ContainerBehaviour } from "./instance/behaviour";
export type { CallRecord } from "./instance/calls";
export { type Clock, ManualClock } from "./instance/clock";
export type { StartedCommand } from "./instance/containers";
export type { Fault, Faults } from "./instance/faults";
export type { GitServers, Repository } from "./instance/git";
export type { ImageRegistry } from "./instance/images";
export type { ConnectionKind } from "./instance/instance";

/** Options of {@link startEmulator}. */
export interface EmulatorOptions {
  /** Port. Default: 0, any free port. */
  readonly port?: number;
  /** Host. Default: `127.0.0.1`. */
  readonly host?: string;
  /** API key. Default: 64 random letters, like Dokploy's keys. */
  readonly apiKey?: string;
  /**
   * Version of Dokploy that it emulates. Default: `v0.30.2`, whose recorded responses the tests compare. For other
   * versions it emulates which endpoints and columns exist, and how variables of compose services reach containers:
   * before 0.30.0 without quotes, from 0.30.3 on with `${NAME}` left to Compose.
   */
  readonly version?: string;
  /** Duration of a build in milliseconds. Default: 50. */
  readonly buildMs?: number;
  /** Builds at the same time on a server. Default: 1. */
  readonly buildsConcurrency?: number;
  /** Clock. Default: real time. */
  readonly clock?: Clock;
  /** Header with the key. Default: `x-api-key`, as in Dokploy. */
  readonly authHeader?: "x-api-key" | "bearer" | "both";
  /**
   * True when one request may contain several reads, as Dokploy's web page sends them. Default: true; false responds
   * like a proxy that passes only the plain API.
   */
  readonly takesBatches?: boolean;
  /** Makes the page of `/`, as HTML, for the query of its address. Default: there is none. */
  readonly page?: (query: string) => Promise<string>;
  /** Handles `POST /failures` with the key: gets the JSON of the request, and returns that of the response. Default: nobody. */
  readonly failures?: (body: unknown) => object;
}

/** A Dokploy in memory that responds over HTTP. */
export interface Emulator {
  /** `http://127.0.0.1:<port>`, without `/api`. */
  readonly url: string;
  readonly apiKey: string;
  /** Every request so far, oldest first. */
  readonly calls: CallRecord[];
  clearCalls(): void;
  /** Faults of the next requests. */
  readonly faults: Faults;
  readonly clock: Clock;
  /** Images that exist. */
  readonly registry: ImageRegistry;
  /** Buckets for backups. */
  readonly buckets: Buckets;
  /** Vaults with the values of references. */
  readonly vaults: Vaults;
  /** Git repositories that exist. */
  readonly git: GitServers;
  /** Connects a git provider, registry, SSH key or server, as an owner does in the web interface; returns its id. */
  connect(kind: ConnectionKind, id?: string): string;
  /** Repositories at the git host of a provider, by the provider's id. */
  readonly hosted: Map<string, readonly HostedRepository[]>;
  /** Emulates a user who creates a GitHub App, and perhaps installs it. Returns the id of the GitHub provider. */
  makeGithubApp(name: string, isInstalled: boolean): string;
  /** Emulates a user who gives consent on the page of a git provider, which then has tokens. */
  authorize(kind: "gitlab" | "gitea", id: string): void;
  /** Dokploy's log of who changed what, which it shows with an enterprise license: `isLicensed`. */
  readonly audit: AuditLog;
  /**
   * Sets the end of the service's deployments from now on, instead of the computed one. For a database, whose
   * deployments leave no record, `status: "error"` makes the call fail with the log as the reason. `undefined`
   * resets it.
   */
  setOutcome(serviceId: string, outcome: Partial<Outcome> | undefined): void;
  /**
   * Sets the behaviour of the service's containers from its next deployment or reload on: they crash, are rejected,
   * become unhealthy … `undefined` resets it.
   */
  setContainers(serviceId: string, behaviour: ContainerBehaviour | undefined): void;
  /**
   * Sets the behaviour of containers whose command contains this text, from their next start on; `undefined` resets it.
   * By default, a command ends well after a second where Swarm does not restart it, and runs elsewhere.
   */
  setCommand(text: string, behaviour: ContainerBehaviour | undefined): void;
  /** Puts this many containers of others into Dokploy's network, which has 254 addresses. */
  fillNetwork(containers: number): void;
  /** Containers with a command of their own that were to start, in that order. */
  readonly startedCommands: StartedCommand[];
  /** Lists the services, to find the id of one. */
  services(): { readonly id: string; readonly name: string; readonly appName: string }[];
  /** Keeps running builds from ending, so that the jobs behind them wait, until {@link Emulator.releaseBuilds}. */
  holdBuilds(): void;
  releaseBuilds(): void;
  /**
   * Emulates a restart of Dokploy: waiting jobs are lost, running records are cancelled, their services are idle.
   */
  restart(): void;
  /**
   * Emulates a dump of Dokploy's own database. The result puts it back: objects that were created since are lost, and
   * their containers, volumes and files stay on the server.
   */
  dump(): () => void;
  /** Drops the waiting jobs; running ones continue. */
  loseQueue(): void;
  /**
   * Limits the key to `max` more verifications; each request needs two. After that it is refused with 401, like any
   * bad key. `undefined` removes the limit.
   */
  rateLimit(max: number | undefined): void;
  /**
   * Emulates a member of the organization who signs in and makes a key in the profile; returns its text. The key has
   * the permissions of the member, and sees what the member sees.
   */
  makeKey(email: string): string;
  /** Refuses `endpoint` (`router.procedure`) as for a key without the permission. */
  denyPermission(endpoint: string): void;
  /** Allows the endpoint again. */
  allowPermission(endpoint: string): void;
  /**
   * Returns the variables in the service's containers after its last successful deployment or reload, including a
   * database's own; for compose, the parsed `.env` next to its file. `undefined` when nothing runs.
   *
   * @param service a service of a compose file, to get its container's variables, from `environment` and `env_file`
   */
  containerEnv(serviceId: string, service?: string): Record<string, string> | undefined;
  /**
   * Returns the valid passwords of a database: those in its data, which only a command inside it changes.
   * `undefined` when it was never deployed.
   */
  databasePasswords(databaseId: string): { user: string; root: string | undefined } | undefined;
  /**
   * Returns the parts that the last deployment or reload of a service applied: its rows of `ports`, `domains` and so
   * on. `undefined` when there was none.
   */
  takenUp(serviceId: string): Readonly<Record<string, unknown>> | undefined;
  /**
   * Returns the folder of a compose service on the server, to read and write: contents of files by their path in it
   * (`files/database/data`). A deployment rewrites `code/`, and the deletion of the service removes everything.
   * `undefined` when the service was never deployed, or is deleted.
   */
  serviceFolder(composeId: string): Map<string, string> | undefined;
  /**
   * Returns the files of a service's mounts on the server, by their path: to read, and to write as if by hand.
   * `undefined` without any.
   */
  mountedFiles(serviceId: string): Map<string, string> | undefined;
  /** @internal The whole server, for tests that compare its state. */
  readonly instance: Instance;
  /** Stops at once, including open connections. */
  close(): Promise<void>;
}

/**
 * Starts an emulated Dokploy.
 *
 * @example
 * const emulator = await startEmulator();
 * process.env.DOKPLOY_URL = emulator.url;
 * process.env.DOKPLOY_API_KEY = emulator.apiKey;
 * // … run a Pulumi program …
 * await emulator.close();
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const clock = options.clock ?? realClock();
  const apiKey = options.apiKey ?? newApiKey();
  const instance = new Instance({
    clock,
    version: options.version ?? "v0.30.2",
    buildMs: options.buildMs ?? 50,
    buildsConcurrency: options.buildsConcurrency ?? 1,
    apiKey,
    build,
  });
  const faults = new Faults();
  const calls: CallRecord[] = [];
  const denied = new Set<string>();
  const server = new HttpServer({
    instance,
    clock,
    faults,
    calls,
    denied,
    authHeader: options.authHeader ?? "x-api-key",
    takesBatches: options.takesBatches ?? true,
    page: options.page,
    failures: options.failures,
  });
  const { address, family, port } = await server.listen(options.port ?? 0, options.host ?? "127.0.0.1");
  const host = family === "IPv6" ? `[${address}]` : address;

  return {
    url: `http://${host}:${port}`,
    apiKey,
    calls,
    clearCalls: () => {
      calls.length = 0;
    },
    faults,
    clock,
    registry: instance.registry,
    buckets: instance.buckets,
    vaults: instance.vaults,
    git: instance.git,
    connect: (kind, id = newId()) => {
      instance.connections.set(id, kind);
      return id;
    },
    hosted: instance.hosted,
    makeGithubApp: (name, isInstalled) => makeGithubApp(instance, name, isInstalled),
    authorize: (kind, id) => {
      const row = instance.simple(kind).get(id);
      if (!row) throw new Error(`There is no ${kind} ${id}.`);
      Object.assign(row, { accessToken: `access-${newId()}`, refreshToken: `refresh-${newId()}` });
    },
    audit: instance.audit,
    setOutcome: (serviceId, outcome) => {
      if (outcome) instance.outcomes.set(serviceId, outcome);
      else instance.outcomes.delete(serviceId);
    },
    setContainers: (serviceId, behaviour) => instance.containers.setBehaviour(serviceId, behaviour),
    setCommand: (text, behaviour) => instance.containers.setCommand(text, behaviour),
    services: () => listedServices(instance),
    fillNetwork: (containers) => {
      instance.otherAddresses = containers;
    },
    startedCommands: instance.containers.started,
    holdBuilds: () => instance.queue.hold(),
    releaseBuilds: () => instance.queue.release(),
    restart: () => instance.queue.restart(),
    dump: () => instance.dump(),
    loseQueue: () => instance.queue.removeWaiting(),
    rateLimit: (max) => {
      const key = instance.keys.find((candidate) => candidate.key === apiKey);
      if (!key) return;
      key.max = max;
      key.used = 0;
    },
    makeKey: (email) => makeKey(instance, email),
    denyPermission: (endpoint) => {
      denied.add(endpoint);
    },
    allowPermission: (endpoint) => {
      denied.delete(endpoint);
    },
    containerEnv: (serviceId, service) => {
      const running = instance.containers.get(serviceId);
      if (service === undefined) return running && { ...(running.file ?? running.env) };
      const task = running?.tasks.find(
        ({ composeService, desired }) => composeService === service && desired === "running",
      );
      return task && { ...task.version.env };
    },
    databasePasswords: (databaseId) => instance.dataPasswords.get(databaseId),
    takenUp: (serviceId) => instance.takenUp.get(serviceId),
    serviceFolder: (composeId) => instance.folders.get(composeId),
    mountedFiles: (serviceId) => instance.files.get(serviceId),
    instance,
    close: async () => {
      instance.queue.close();
      await server.close();
    },
  };
}
