import { type RuleLevels, readRuleLevels } from "../compose/rules";
import { Deployments } from "../deploy/deployments";
import type { Timers } from "../deploy/pace";
import { commitFromEnvironment } from "../deploy/title";
import { DokployClient } from "../dokploy/client";
import type { Api } from "../dokploy/endpoints";
import { readSettings, type SettingKey } from "../dokploy/settings";
import { SharedReads } from "../dokploy/shared-reads";
import { splitNames } from "../names";
import { UserError } from "../problem";
import type { Engine } from "../pulumi/engine";
import type { Claims } from "../run/claims";
import { KeyedLock } from "../run/lock";
import { Progress } from "../run/progress";

/** What a resource's handlers work with: the server, and what is known of this run. */
export interface Context {
  readonly api: Api;
  /** The same server for what only looks: resources of the run share one read of an object. Never before a write. */
  readonly reads: SharedReads;
  readonly deployments: Deployments;
  /** Who else in this run owns which variables. */
  readonly claims: Claims;
  /** One writer at a time for each environment text, since Dokploy only replaces texts whole. */
  readonly lock: KeyedLock;
  /** What deployments wait for where a resource does not say. */
  readonly waitFor: WaitFor;
  /** Levels of checks of compose files where a resource does not say. */
  readonly composeChecks: RuleLevels;
  /** What is done about references that will not be found. */
  readonly references: References;
  /** Names of the services that this run works on; undefined for all. */
  readonly only: readonly string[] | undefined;
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

export type Config = (
  key: SettingKey | "waitFor" | "references" | "only" | "composeChecks",
) => string | undefined;

const waitsFor = ["running", "deployed"] as const;
export type WaitFor = (typeof waitsFor)[number];

const referenceChecks = ["error", "warn", "off"] as const;
/** `error`: the plan fails. `warn`: a warning. `off`: they are not looked at. */
export type References = (typeof referenceChecks)[number];

/**
 * Connects to Dokploy with the stack's settings. Cheap: nothing is sent before the first call.
 *
 * @throws SettingsError when a setting is missing or malformed
 */
export function connect(config: Config, claims: Claims, engine: Engine): Context {
  const settings = readSettings(config, process.env);
  const client = new DokployClient(settings, {
    onRetry: ({ endpoint, why, delayMs }) =>
      engine.progress(`Dokploy: ${endpoint} failed (${why}); trying again in ${Math.ceil(delayMs / 1000)} s`),
  });
  const progress = new Progress((line) => engine.progress(line));
  const reads = new SharedReads(client);
  return {
    api: reads.server,
    reads,
    deployments: new Deployments(reads.server, {
      progress: (line) => progress.tell(line),
      supportsLogs: () => client.supports("deployment.readLogs"),
    }),
    claims,
    lock: new KeyedLock(),
    waitFor: readWaitFor(config),
    only: readOnly(config),
    composeChecks: readComposeChecks(config),
    references: readReferences(config),
    progress: (line) => progress.tell(line),
    ended: (service, failure) => progress.end(service, failure),
    warn: (message) => engine.warn(message),
    inform: (message) => engine.inform(message),
    delivered: () => engine.delivered(),
    run: async () => ({
      project: process.env["PULUMI_PROJECT"] ?? "",
      stack: await engine.stack(),
      commit: commitFromEnvironment(process.env),
    }),
  };
}

function readWaitFor(config: Config): WaitFor {
  const value = config("waitFor") ?? process.env["DOKPLOY_WAIT_FOR"] ?? "running";
  const known = waitsFor.find((name) => name === value);
  if (known) return known;
  throw new UserError(
    "The setting waitFor must be running or deployed: `pulumi config set dokploy:waitFor running`, or DOKPLOY_WAIT_FOR.",
  );
}

/** The stack configuration gives a map as JSON. */
function readComposeChecks(config: Config): RuleLevels {
  const read = (text: string | undefined, where: string) => (text?.trim() ? readRuleLevels(text, where) : {});
  return {
    ...read(process.env["DOKPLOY_COMPOSE_CHECKS"], "DOKPLOY_COMPOSE_CHECKS"),
    ...read(config("composeChecks"), "The setting dokploy:composeChecks"),
  };
}

function readReferences(config: Config): References {
  const value = config("references") ?? process.env["DOKPLOY_REFERENCES"] ?? "error";
  const known = referenceChecks.find((name) => name === value);
  if (known) return known;
  throw new UserError(
    "The setting references must be error, warn or off: `pulumi config set dokploy:references warn`, or " +
      "DOKPLOY_REFERENCES.",
  );
}

function readOnly(config: Config): readonly string[] | undefined {
  const names = splitNames(config("only") ?? process.env["DOKPLOY_ONLY"]);
  return names.length === 0 ? undefined : names;
}
