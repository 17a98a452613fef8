import type { PostgresInputs } from "../../provider/resources/postgres";
import type { ResourceOptions } from "../resource/base";
import type { Inputs, Internal, Listed } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";
import type { Lists } from "../run/kind";
import { Database } from "./database";

export interface PostgresArgs extends Inputs<Listed<Omit<PostgresInputs, Internal>, Lists<"Postgres">>> {}

/**
 * A PostgreSQL database with its own volume.
 *
 * Creating or changing it saves the configuration and deploys it: Dokploy pulls the image and starts a new container,
 * and `pulumi up` waits until it runs. The data stays when a change is made in place. A change that would make a new,
 * empty database is refused unless `allowReplacementOf` names it, and so is an image that cannot read the existing
 * data. Deleting the database leaves its volume on the server.
 *
 * @example
 * ```ts
 * const db = new dokploy.Postgres("shop-db", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "shop-db",
 *   database: "shop",
 *   user: "shop",
 *   image: "postgres:18",
 * });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   env: { DATABASE_URL: db.connectionUrl },
 * });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class Postgres extends Database {
  constructor(name: string, args: PostgresArgs, options?: ResourceOptions) {
    super("Postgres", name, args, options);
  }
}

export interface Postgres extends Outputs<Omit<PostgresInputs, Internal | "password">> {}
