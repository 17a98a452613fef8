import type { PostgresInputs } from "../../provider/resources/postgres";
import type { ResourceOptions } from "../resource/base";
import type { Inputs, Internal, Listed } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";
import type { Lists } from "../run/kind";
import { Database } from "./database";

export interface PostgresArgs extends Inputs<Listed<Omit<PostgresInputs, Internal>, Lists<"Postgres">>> {}

/**
 * A PostgreSQL database, in a volume of its own.
 *
 * Creating or changing it saves the configuration and deploys it: Dokploy pulls the image and starts the container anew, and
 * `pulumi up` waits until it runs. The data stays, whatever changes in place; what would make a new, empty database is
 * refused unless `allowReplacementOf` names it, and so is an image that does not take the data that is there. Deleting it
 * leaves its volume on the server.
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
