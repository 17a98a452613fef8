import { find, sourcesOf } from "../provider/dokploy";
import type { Configuration } from "./configuration";
import { callFunction } from "./functions";

/**
 * Asks the server for its version with the settings of a new project, as `pulumi new` wants it. Pulumi gives it no encrypted
 * setting, so a key that seems to be missing may be in the configuration.
 *
 * @throws an error that names the mistake in address or key
 */
export async function tryCredentials(configuration: Configuration): Promise<void> {
  const sources = sourcesOf(configuration, process.env);
  if (find(sources, "url") === undefined || find(sources, "apiKey") === undefined) return;
  await callFunction("getVersion", {}, configuration);
}
