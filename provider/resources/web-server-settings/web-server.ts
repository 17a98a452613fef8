import { isRecord } from "../../../packages/values";
import type { Api } from "../../dokploy";
import { UserError } from "../../errors";

/** Value without a cron expression that trims the log. */
const NEVER = "never";

/** Settings of the web server that the API shows and that a call can change. */
const columns = [
  "host",
  "https",
  "certificateType",
  "letsEncryptEmail",
  "serverIp",
  "enableDockerCleanup",
  "logCleanupCron",
  "buildsConcurrency",
] as const;
type Settings = { readonly [K in (typeof columns)[number]]: unknown };
/** Settings as columns. No router has such rows, so the names of the columns are different from all others. */
export type SettingsRow = { readonly [K in keyof Settings as `as:${K}`]: Settings[K] };

/**
 * Returns the settings, without the keys and tokens that come with them.
 *
 * @throws UserError when this Dokploy has no web server
 */
export async function settingsOf(api: Api): Promise<SettingsRow> {
  const row = await api.call("settings.getWebServerSettings", {});
  if (isRecord(row)) {
    const shown = { ...row, logCleanupCron: row["logCleanupCron"] ?? NEVER } as Readonly<
      Record<string, unknown>
    >;
    return Object.fromEntries(columns.map((name) => [`as:${name}`, shown[name]])) as SettingsRow;
  }
  throw new UserError(
    "This Dokploy has no web server to configure, like Dokploy Cloud, so WebServerSettings cannot be used.",
  );
}

/** Saves changed settings with a call for each group. Dokploy takes the settings of the host only all together. */
export async function changeSettings(
  row: SettingsRow,
  changed: Readonly<Record<string, unknown>>,
  api: Api,
): Promise<void> {
  const now = Object.fromEntries(
    Object.entries({ ...row, ...changed }).map(([name, value]) => [name.slice("as:".length), value]),
  ) as Settings;
  const isChanged = (...names: (keyof Settings)[]) => names.some((name) => `as:${name}` in changed);
  if (isChanged("host", "https", "certificateType", "letsEncryptEmail")) {
    await api.call("settings.assignDomainServer", {
      host: String(now.host ?? ""),
      certificateType: now.certificateType as "none" | "letsencrypt" | "custom",
      https: now.https === true,
      letsEncryptEmail: now.letsEncryptEmail as string | null,
    });
  }
  if (isChanged("serverIp")) await api.call("settings.updateServerIp", { serverIp: String(now.serverIp) });
  if (isChanged("enableDockerCleanup"))
    await api.call("settings.updateDockerCleanup", { enableDockerCleanup: now.enableDockerCleanup === true });
  if (isChanged("logCleanupCron")) {
    const cronExpression = now.logCleanupCron === NEVER ? null : String(now.logCleanupCron);
    await api.call("settings.updateLogCleanup", { cronExpression });
  }
  if (isChanged("buildsConcurrency"))
    await api.call("settings.updateBuildsConcurrency", { buildsConcurrency: Number(now.buildsConcurrency) });
}
