import {
  DokployClient,
  readSettings,
  type SettingName,
  SettingsError,
  settingNames,
} from "../../provider/dokploy";
import { UsageError } from "../terminal";
import type { Stack } from "./stack";

/**
 * Connects to the server of a stack with its settings and those of the environment, in the order in which the provider
 * reads them; with those of the environment alone without a stack.
 *
 * @throws UsageError when a setting is missing or cannot be read
 */
export async function connectToStack(
  stack: Stack | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<DokployClient & { readonly url: string }> {
  const config = new Map<SettingName, string>();
  let unread: string | undefined;
  if (stack !== undefined) {
    for (const key of settingNames) {
      const found = await stack.config(`dokploy:${key}`);
      if ("value" in found) config.set(key, found.value);
      else if (found.unread) unread = found.why;
    }
  }
  try {
    const settings = readSettings({ stack: (name) => config.get(name), environment });
    return Object.assign(new DokployClient(settings), { url: settings.url });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const advice = unread ?? (stack === undefined ? "name a stack that has them with --stack" : undefined);
    throw new UsageError(error.message + (advice === undefined ? "" : `\n  - or ${advice}`));
  }
}
