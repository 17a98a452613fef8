import {
  DokployClient,
  readSettings,
  type SettingName,
  type Settings,
  SettingsError,
  settingNames,
} from "../../provider/dokploy";
import { UsageError } from "../terminal";
import type { Stack } from "./stack";

/**
 * Connects to the server of a stack.
 *
 * @throws UsageError as {@link settingsOfStack}
 */
export async function connectToStack(
  stack: Stack | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<DokployClient & { readonly url: string }> {
  const settings = await settingsOfStack(stack, environment);
  return Object.assign(new DokployClient(settings), { url: settings.url });
}

/**
 * Returns the settings of the connection to the server of a stack: its own and those of the environment, in the order in
 * which the provider reads them; those of the environment alone without a stack.
 *
 * @throws UsageError when a setting is missing or cannot be read
 */
export async function settingsOfStack(
  stack: Stack | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<Settings> {
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
    return readSettings({ stack: (name) => config.get(name), environment });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const advice = unread ?? (stack === undefined ? "name a stack that has them with --stack" : undefined);
    throw new UsageError(error.message + (advice === undefined ? "" : `\n  - or ${advice}`));
  }
}
