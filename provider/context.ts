import { Deployments } from "./deploy/deployments";
import { commitFromEnvironment } from "./deploy/title";
import { DokployClient } from "./dokploy/client";
import type { Api } from "./dokploy/endpoints";
import { readSettings, type SettingKey } from "./dokploy/settings";
import { connectEngine, type Engine } from "./engine";
import type { Claims } from "./env/claims";
import { KeyedLock } from "./lock";

/** What a resource's handlers work with: the server, and what is known of this run. */
export interface Context {
  readonly api: Api;
  readonly deployments: Deployments;
  /** Who else in this run owns which variables. */
  readonly claims: Claims;
  /** One writer at a time for each environment text, since Dokploy only replaces texts whole. */
  readonly lock: KeyedLock;
  warn(message: string): void;
  /** What a deployment's title and description say of this run. */
  run(): Promise<{ project: string; stack: string | undefined; commit: string | undefined }>;
}

export type Config = (key: SettingKey) => string | undefined;

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
    warn: (message) => engine.warn(message),
    run: async () => ({
      project: process.env["PULUMI_PROJECT"] ?? "",
      stack: await engine.stack(),
      commit: commitFromEnvironment(process.env),
    }),
  };
}
