import type { ComposeInputs } from "../provider/resources/compose";
import type { ResourceOptions } from "./base";
import type { Inputs, Internal } from "./inputs";
import { Service } from "./service";

export interface ComposeArgs extends Inputs<Omit<ComposeInputs, Internal>> {}

/**
 * A compose service: the containers of one compose file, or a Swarm stack.
 *
 * Volumes are kept when it is deleted, unless `deleteVolumes` is set.
 *
 * @example
 * ```ts
 * new dokploy.Compose("cache", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "cache",
 *   source: { type: "raw", composeFile: readFileSync("compose.yaml", "utf8") },
 *   env: { REDIS_PASSWORD: config.requireSecret("redisPassword") },
 * });
 * ```
 */
export class Compose extends Service {
  constructor(name: string, args: ComposeArgs, options?: ResourceOptions) {
    super("Compose", name, args, options);
  }
}
