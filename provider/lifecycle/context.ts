import type * as DeploymentsModule from "../deploy/deployments";
import type { Deployments, DeploymentsOptions } from "../deploy/deployments";
import type { Timers } from "../deploy/pace";
import { commitFromEnvironment } from "../deploy/title";
import type * as ClientModule from "../dokploy/client";
import type { ClientOptions } from "../dokploy/client";
import type { Api } from "../dokploy/endpoints";
import { type Reads, SharedReads } from "../dokploy/shared-reads";
import type { Engine } from "../pulumi/engine";
import type { Claims } from "../run/claims";
import { KeyedLock } from "../run/lock";
import { Progress } from "../run/progress";
import { readSettings, type Settings } from "../settings/connection";
import { isServerKnown } from "../settings/handed";
import { type RunSettings, readRunSettings } from "../settings/run";
import { labelOf, type Sources } from "../settings/sources";
import { absentServer } from "./absent-server";

/** What a resource's handlers work with: the server, and what is known of this run. */
export interface Context extends RunSettings {
  /** Which server it is; undefined while a preview does not know. */
  readonly server?: Pick<Settings, "url" | "formerUrl" | "provider"> | undefined;
  readonly api: Api;
  /** The same server for what only looks: resources of the run share one read of an object. Never before a write. */
  readonly reads: Reads;
  readonly deployments: Pick<Deployments, "run">;
  /** Who else in this run owns which variables. */
  readonly claims: Claims;
  /** One writer at a time for each environment text, since Dokploy only replaces texts whole. */
  readonly lock: KeyedLock;
  warn(message: string): void;
  /** What a plan says that needs nobody's attention. */
  inform(message: string): void;
  /** Ends when the warnings so far have arrived. */
  delivered(): Promise<void>;
  /** A line that shows while something waits. */
  progress(line: string): void;
  /** A service waits no longer; a failure is told at once. */
  ended(service: string, failure?: Error): void;
  /** Replaced by tests. */
  readonly timers?: Timers;
  /** What a deployment's title and description say of this run. */
  run(): Promise<{ project: string; stack: string | undefined; commit: string | undefined }>;
}

/**
 * Connects to Dokploy with the settings of a run. Cheap: nothing is sent before the first call.
 *
 * @throws SettingsError when a setting is missing or malformed
 */
export function connect(sources: Sources, claims: Claims, engine: Engine): Context {
  const settings = isServerKnown(sources) ? readSettings(sources) : undefined;
  const server =
    settings === undefined
      ? absentServer(labelOf(sources))
      : clientOf(settings, {
          secrets: claims.secrets,
          onRetry: ({ endpoint, why, delayMs }) =>
            engine.progress(
              `Dokploy: ${endpoint} failed (${why}); trying again in ${Math.ceil(delayMs / 1000)} s`,
            ),
        });
  const { secrets } = claims;
  const underWay = new Set<Promise<void>>();
  /** Without what is secret, which may have to be asked for first. */
  const hidden = (send: (message: string) => void) => (message: string) => {
    const learning = secrets.learned();
    if (learning === undefined) return send(secrets.hide(message));
    const sent = learning.then(() => send(secrets.hide(message))).finally(() => underWay.delete(sent));
    underWay.add(sent);
  };
  const progress = new Progress(
    (line) => engine.progress(line),
    (text) => secrets.hide(text),
  );
  const reads = new SharedReads(server);
  return {
    server: settings,
    api: reads.server,
    reads,
    deployments: deploymentsOn(reads.server, {
      progress: (line) => progress.tell(line),
      supportsLogs: async () => (await server.supports?.("deployment.readLogs")) ?? false,
    }),
    claims,
    lock: new KeyedLock(),
    ...readRunSettings(sources),
    progress: (line) => progress.tell(line),
    ended: (service, failure) => progress.end(service, failure),
    warn: hidden((message) => engine.warn(message)),
    inform: hidden((message) => engine.inform(message)),
    delivered: async () => {
      await Promise.all(underWay);
      await engine.delivered();
    },
    run: async () => ({
      project: process.env["PULUMI_PROJECT"] ?? "",
      stack: await engine.stack(),
      commit: commitFromEnvironment(process.env),
    }),
  };
}

/** The client, loaded and made by its first call: a plan without changes makes none, and shows sooner. */
function clientOf(settings: Settings, options: ClientOptions): Required<Api> {
  let made: Required<Api> | undefined;
  const client = () => {
    made ??= new (require("../dokploy/client") as typeof ClientModule).DokployClient(settings, options);
    return made;
  };
  return {
    call: async (endpoint, input) => await client().call(endpoint, input),
    look: async (endpoint, input) => await client().look(endpoint, input),
    assertSupported: async (endpoint, input) => await client().assertSupported(endpoint, input),
    ready: async () => await client().ready(),
    supports: async (feature) => await client().supports(feature),
    subscribe: async (...subscription) => await client().subscribe(...subscription),
  };
}

/** What follows deployments, loaded with the first one. */
function deploymentsOn(server: Api, options: DeploymentsOptions): Context["deployments"] {
  let made: Deployments | undefined;
  return {
    run: async (...deployment) => {
      made ??= new (require("../deploy/deployments") as typeof DeploymentsModule).Deployments(
        server,
        options,
      );
      return await made.run(...deployment);
    },
  };
}
