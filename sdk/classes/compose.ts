import type { ComposeInputs } from "../../provider/resources/compose";
import type { ResourceOptions } from "../resource/base";
import type { Inputs, Internal, Listed } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";
import type { Lists } from "../run/kind";
import { Service } from "./service";

export interface ComposeArgs extends Inputs<Listed<Omit<ComposeInputs, Internal>, Lists<"Compose">>> {}

/**
 * A compose service: the containers of one compose file, or a Swarm stack.
 *
 * Deleting it keeps named volumes, unless `deleteVolumes` is set. Dokploy always deletes its folder `../files`, so that
 * folder is no place for data. A raw compose file is checked at preview: a mistake that would make the deployment fail
 * is an error with line and column, and advice is a warning (docs/compose-checks.md).
 *
 * @example
 * ```ts
 * new dokploy.Compose("cache", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "cache",
 *   source: dokploy.composeFile("services/cache/compose.yaml"),
 *   env: { REDIS_PASSWORD: config.requireSecret("redisPassword") },
 * });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class Compose extends Service {
  constructor(name: string, args: ComposeArgs, options?: ResourceOptions) {
    super("Compose", name, args, options);
  }
}

export interface Compose extends Outputs<Omit<ComposeInputs, Internal>> {}
