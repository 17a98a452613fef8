import type { MySqlInputs } from "../../provider/resources/my-sql";
import type { ResourceOptions } from "../resource/base";
import type { Inputs, Internal, Listed } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";
import type { Lists } from "../run/kind";
import { Database, type RootOutputs } from "./database";

export interface MySqlArgs extends Inputs<Listed<Omit<MySqlInputs, Internal>, Lists<"MySql">>> {}

/**
 * A MySQL database with its own volume. As for {@link Postgres}, a change that would make a new, empty database is
 * refused. An older version of the image is refused too; a newer one leads to a warning, since there is no way back.
 *
 * @example
 * ```ts
 * const db = new dokploy.MySql("shop-db", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "shop-db",
 *   database: "shop",
 *   user: "shop",
 *   image: "mysql:8.4",
 * });
 * ```
 */
export class MySql extends Database {
  constructor(name: string, args: MySqlArgs, options?: ResourceOptions) {
    super("MySql", name, args, options);
  }
}

export interface MySql
  extends Outputs<Omit<MySqlInputs, Internal | "password" | "rootPassword">>,
    RootOutputs {}
