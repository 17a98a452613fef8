import { commitFromEnvironment, Deployments, type DeploymentsOptions, type Timers } from "../deploy";
import {
  type Api,
  type ClientOptions,
  DokployClient,
  isCi,
  isServerKnown,
  labelOf,
  type Reads,
  type RunSettings,
  readRunSettings,
  readSettings,
  type Settings,
  SharedReads,
  type Sources,
} from "../dokploy";
import { currentRow, type Engine, type Report } from "../pulumi";
import { absentServer } from "./absent-server";
import { KeyedLock } from "./run/lock";
import { Progress } from "./run/progress";
import type { Run } from "./run/run";

/** Everything that a resource's handlers work with: the server, and the facts about this run. */
export interface Context extends RunSettings {
  /** Address of the server; undefined while a preview does not know it. */
  readonly server?: Pick<Settings, "url" | "formerUrl" | "provider"> | undefined;
  readonly api: Api;
  /** Server for reads: resources of the run share one read of an object. Never before a write. */
  readonly reads: Reads;
  readonly deployments: Pick<Deployments, "run">;
  /** Facts that all resources of this run share. */
  readonly run: Run;
  /** Allows one writer at a time for each environment text, since Dokploy only replaces whole texts. */
  readonly lock: KeyedLock;
  readonly warn: Report;
  /** Adds information to a plan that needs no attention. */
  readonly inform: Report;
  /** Identity of the resource that a preview is about to create. */
  readonly resource?: string | undefined;
  /**
   * True when the object is adopted as it is: nothing is applied that was left undone before, and inputs that Dokploy
   * never shows count as equal. Differences are saved and applied as usual.
   */
  readonly adoptUnchanged?: true;
  /** Ends when the warnings so far have arrived. */
  delivered(): Promise<void>;
  /** Shows a line while something waits. */
  progress(line: string): void;
  /** Adds work to the trace of the run. */
  readonly span: Engine["span"];
  /** Counts a service that is about to be deployed. */
  begun(service: string): void;
  /** Removes a service that no longer waits; a failure is reported at once. */
  ended(service: string, failure?: Error): void;
  /** Replaced by tests. */
  readonly timers?: Timers;
  /** Returns the project, stack and commit, for the title and description of a deployment. */
  about(): Promise<{ project: string; stack: string | undefined; commit: string | undefined }>;
}

/**
 * Connects to Dokploy with the settings of a run. Cheap: nothing is sent before the first call.
 *
 * @throws SettingsError when a setting is missing or malformed
 */
export function connect(sources: Sources, run: Run, engine: Engine): Context {
  const settings = isServerKnown(sources) ? readSettings(sources) : undefined;
  const server =
    settings === undefined
      ? absentServer(labelOf(sources))
      : clientOf(settings, {
          secrets: run.secrets,
          span: engine.span,
          onRetry: ({ endpoint, why, delayMs }) =>
            engine.progress(
              `Dokploy: ${endpoint} failed (${why}); trying again in ${Math.ceil(delayMs / 1000)} s`,
              currentRow(),
            ),
        });
  const { secrets } = run;
  const underWay = new Set<Promise<void>>();
  /** Sends a message without secrets, which may have to be read first. */
  const hidden =
    (send: Report): Report =>
    (message, ...coded) => {
      const learning = secrets.learned();
      if (learning === undefined) return send(secrets.hide(message), ...coded);
      const sent = learning
        .then(() => send(secrets.hide(message), ...coded))
        .finally(() => underWay.delete(sent));
      underWay.add(sent);
    };
  const progress = new Progress({
    send: (line, urn) => engine.progress(line, urn),
    hide: (text) => secrets.hide(text),
    // A provider does not learn how Pulumi shows its lines.
    isLog: isCi(process.env),
  });
  const reads = new SharedReads(server);
  return {
    server: settings,
    api: reads.server,
    reads,
    deployments: deploymentsOn(reads.server, {
      progress: (line) => progress.report(line),
      span: engine.span,
      supportsLogs: async () => (await server.supports?.("deployment.readLogs")) ?? false,
    }),
    run,
    lock: new KeyedLock(),
    ...readRunSettings(sources),
    progress: (line) => progress.report(line),
    span: engine.span,
    begun: (service) => progress.begin(service),
    ended: (service, failure) => progress.end(service, failure),
    warn: hidden(engine.warn),
    inform: hidden(engine.inform),
    delivered: async () => {
      await Promise.all(underWay);
      await engine.delivered();
    },
    about: async () => ({
      project: process.env["PULUMI_PROJECT"] ?? "",
      stack: await engine.stack(),
      commit: commitFromEnvironment(process.env),
    }),
  };
}

/**
 * Returns a client that is loaded and created by its first call: a plan without changes makes none, and is faster.
 */
function clientOf(settings: Settings, options: ClientOptions): Required<Api> {
  let made: Required<Api> | undefined;
  const client = () => {
    made ??= new DokployClient(settings, options);
    return made;
  };
  return {
    call: (endpoint, input) => client().call(endpoint, input),
    look: (endpoint, input) => client().look(endpoint, input),
    assertSupported: (endpoint, input) => client().assertSupported(endpoint, input),
    ready: () => client().ready(),
    outages: () => client().outages(),
    supports: (feature) => client().supports(feature),
    sign: (...given) => client().sign(...given),
    subscribe: (...subscription) => client().subscribe(...subscription),
  };
}

/** Returns the follower of deployments, which is loaded with the first deployment. */
function deploymentsOn(server: Api, options: DeploymentsOptions): Context["deployments"] {
  let made: Deployments | undefined;
  return {
    run: (...deployment) => {
      made ??= new Deployments(server, options);
      return made.run(...deployment);
    },
  };
}
