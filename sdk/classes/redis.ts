import type { RedisInputs } from "../../provider/resources/redis";
import type { ResourceOptions } from "../resource/base";
import type { Inputs, Internal, Listed } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";
import type { Lists } from "../run/kind";
import { Database } from "./database";

export interface RedisArgs extends Inputs<Listed<Omit<RedisInputs, Internal>, Lists<"Redis">>> {}

/**
 * A Redis database with its own volume. As for {@link Postgres}, a change that would make a new, empty database is
 * refused. An older version of the image is refused too; a newer one leads to a warning, since there is no way back.
 *
 * @example
 * ```ts
 * const cache = new dokploy.Redis("cache", { environmentId: shop.defaultEnvironmentId, name: "cache" });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   env: { REDIS_URL: cache.connectionUrl },
 * });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class Redis extends Database {
  constructor(name: string, args: RedisArgs, options?: ResourceOptions) {
    super("Redis", name, args, options);
  }
}

export interface Redis extends Outputs<Omit<RedisInputs, Internal | "password">> {}
