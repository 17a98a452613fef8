import { build } from "./builds/build";
import type { ContainerBehaviour } from "./instance/behaviour";
import type { Buckets } from "./instance/buckets";
import type { CallRecord } from "./instance/calls";
import { type Clock, realClock } from "./instance/clock";
import type { Outcome } from "./instance/deployments";
import { Faults } from "./instance/faults";
import type { GitServers } from "./instance/git";
import { newApiKey, newId } from "./instance/ids";
import type { ImageRegistry } from "./instance/images";
import type { HostedRepository } from "./instance/instance";
import { type ConnectionKind, Instance } from "./instance/instance";
import type { Vaults } from "./instance/vaults";
import { makeGithubApp } from "./objects/git-providers";
import { HttpServer } from "./server";

export type { Behaviour, ContainerBehaviour } from "./instance/behaviour";
export type { CallRecord } from "./instance/calls";
export { type Clock, ManualClock } from "./instance/clock";
export type { Fault, Faults } from "./instance/faults";
export type { GitServers, Repository } from "./instance/git";
export type { ImageRegistry } from "./instance/images";
export type { ConnectionKind } from "./instance/instance";

export interface EmulatorOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default: 64 random letters, as Dokploy makes them. */
  readonly apiKey?: string;
  /**
   * The version of Dokploy that it plays. Default `v0.30.2`, to whose recorded answers it is held. Of older and newer ones
   * it plays which endpoints and columns exist, and how variables of compose services reach containers: before 0.30.0
   * without quotes, from 0.30.3 on with `${NAME}` left to Compose.
   */
  readonly version?: string;
  /** How long a build takes in milliseconds. Default 50. */
  readonly buildMs?: number;
  /** Builds at once on a server. Default 1. */
  readonly buildsConcurrency?: number;
  /** Default: the real time. */
  readonly clock?: Clock;
  /** Where the key is looked for. Default `x-api-key`, as in Dokploy. */
  readonly authHeader?: "x-api-key" | "bearer" | "both";
  /**
   * Whether several reads may come in one request, as Dokploy's web page makes them. Default true; false answers as a proxy
   * that lets nothing pass but the plain API.
   */
  readonly takesBatches?: boolean;
}

/** A Dokploy in memory that answers over HTTP. */
export interface Emulator {
  /** `http://127.0.0.1:<port>`, without `/api`. */
  readonly url: string;
  readonly apiKey: string;
  /** Every request so far, oldest first. */
  readonly calls: CallRecord[];
  clearCalls(): void;
  /** What goes wrong with the next requests. */
  readonly faults: Faults;
  readonly clock: Clock;
  /** The images that exist. */
  readonly registry: ImageRegistry;
  /** The buckets that backups go to. */
  readonly buckets: Buckets;
  /** The vaults that references lead to. */
  readonly vaults: Vaults;
  /** The git repositories that exist. */
  readonly git: GitServers;
  /** Connects a git provider, registry, SSH key or server, as an owner does in the web interface; gives its id. */
  connect(kind: ConnectionKind, id?: string): string;
  /** What the git host of a provider has, by the provider's id. */
  readonly hosted: Map<string, readonly HostedRepository[]>;
  /** A person has GitHub make an App, and perhaps install it: the id of the GitHub provider. */
  makeGithubApp(name: string, isInstalled: boolean): string;
  /** A person agrees on the page of a git provider, which has tokens then. */
  authorize(kind: "gitlab" | "gitea", id: string): void;
  /**
   * Sets how the service's deployments end from now on, instead of what follows from its source and variables; of a
   * database, whose deployments leave no record, `status: "error"` fails the call with the log as the reason.
   * `undefined` takes it back.
   */
  setOutcome(serviceId: string, outcome: Partial<Outcome> | undefined): void;
  /**
   * Sets what the service's containers do from its next deployment or reload on: they crash, are rejected, become
   * unhealthy … `undefined` takes it back.
   */
  setContainers(serviceId: string, behaviour: ContainerBehaviour | undefined): void;
  /** Running builds do not end, so that the jobs behind them wait, until {@link Emulator.releaseBuilds}. */
  holdBuilds(): void;
  releaseBuilds(): void;
  /** As when Dokploy restarts: waiting jobs are gone, running records are cancelled, their services are idle. */
  restart(): void;
  /** Drops the jobs that wait; the running ones go on. */
  loseQueue(): void;
  /**
   * Lets the key be verified `max` times more; each request takes two. Then it is refused with 401, as every
   * other bad key. `undefined` takes the limit away.
   */
  rateLimit(max: number | undefined): void;
  /** Answers `endpoint` (`router.procedure`) as to a key without the permission. */
  denyPermission(endpoint: string): void;
  /** Takes it back. */
  allowPermission(endpoint: string): void;
  /**
   * The variables in the service's containers after its last successful deployment or reload, a database's own
   * included; for compose, the `.env` beside its file as it is read there. `undefined` when nothing runs.
   *
   * @param service a service of a compose file: then what its container has, by `environment` and `env_file`
   */
  containerEnv(serviceId: string, service?: string): Record<string, string> | undefined;
  /**
   * The passwords that are right for a database: those in its data, which only a command inside it changes. `undefined` when it
   * was never deployed.
   */
  databasePasswords(databaseId: string): { user: string; root: string | undefined } | undefined;
  /**
   * What the last deployment or reload of a service took up of what belongs to it: its rows of `ports`, `domains` and so on.
   * `undefined` when there was none.
   */
  takenUp(serviceId: string): Readonly<Record<string, unknown>> | undefined;
  /**
   * The folder of a compose service on the server: contents of files by their path in it (`files/database/data`), to be
   * read and written. A deployment writes `code/` anew, and the deletion of the service removes all of it. `undefined` when
   * the service was never deployed, or is deleted.
   */
  serviceFolder(composeId: string): Map<string, string> | undefined;
  /**
   * The files of a service's mounts as they lie on the server, by their path: to be read, and written as by hand. `undefined`
   * where it has none.
   */
  mountedFiles(serviceId: string): Map<string, string> | undefined;
  /** @internal All of it, for tests that keep what it holds. */
  readonly instance: Instance;
  /** Stops at once, open connections included. */
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
    setOutcome: (serviceId, outcome) => {
      if (outcome) instance.outcomes.set(serviceId, outcome);
      else instance.outcomes.delete(serviceId);
    },
    setContainers: (serviceId, behaviour) => instance.containers.setBehaviour(serviceId, behaviour),
    holdBuilds: () => instance.queue.hold(),
    releaseBuilds: () => instance.queue.release(),
    restart: () => instance.queue.restart(),
    loseQueue: () => instance.queue.removeWaiting(),
    rateLimit: (max) => {
      const key = instance.keys.find((candidate) => candidate.key === apiKey);
      if (!key) return;
      key.max = max;
      key.used = 0;
    },
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
