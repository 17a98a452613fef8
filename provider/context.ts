import { Deployments } from "./deploy/deployments";
import type { Timers } from "./deploy/pace";
import { commitFromEnvironment } from "./deploy/title";
import { DokployClient } from "./dokploy/client";
import type { Api } from "./dokploy/endpoints";
import { readSettings, type SettingKey } from "./dokploy/settings";
import { connectEngine, type Engine } from "./engine";
import type { Claims } from "./env/claims";
import { KeyedLock } from "./lock";
import { ExpectedError } from "./problem";

/** What a resource's handlers work with: the server, and what is known of this run. */
export interface Context {
  readonly api: Api;
  readonly deployments: Deployments;
  /** Who else in this run owns which variables. */
  readonly claims: Claims;
  /** One writer at a time for each environment text, since Dokploy only replaces texts whole. */
  readonly lock: KeyedLock;
  /** What deployments wait for where a resource does not say. */
  readonly waitFor: WaitFor;
  warn(message: string): void;
  /** A line that shows while something waits. */
  progress(line: string): void;
  /** Replaced by tests. */
  readonly timers?: Timers;
  /** What a deployment's title and description say of this run. */
  run(): Promise<{ project: string; stack: string | undefined; commit: string | undefined }>;
}

export type Config = (key: SettingKey | "waitFor") => string | undefined;

const waitsFor = ["running", "deployed"] as const;
export type WaitFor = (typeof waitsFor)[number];

/**
 * Connects to Dokploy with the stack's settings. Cheap: nothing is sent before the first call.
 *
 * @throws SettingsError when a setting is missing or malformed
 */
export function connect(
  config: Config,
  claims: Claims,
  engine: Engine = connectEngine(process.argv[2]),
): Context {
  const settings = readSettings(config, process.env);
  for (const warning of settings.warnings) engine.warn(warning);
  const api = new DokployClient(settings);
  return {
    api,
    deployments: new Deployments(api, {
      progress: (line) => engine.progress(line),
      supportsLogs: () => api.supports("deployment.readLogs"),
    }),
    claims,
    lock: new KeyedLock(),
    waitFor: readWaitFor(config),
    progress: (line) => engine.progress(line),
    warn: (message) => engine.warn(message),
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
  throw new ExpectedError(
    "The setting waitFor must be running or deployed: `pulumi config set dokploy:waitFor running`, or DOKPLOY_WAIT_FOR.",
  );
}
