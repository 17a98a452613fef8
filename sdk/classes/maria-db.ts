import type { MariaDbInputs } from "../../provider/resources/maria-db";
import type { ResourceOptions } from "../resource/base";
import type { Inputs, Internal, Listed } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";
import type { Lists } from "../run/kind";
import { Database, type RootOutputs } from "./database";

export interface MariaDbArgs extends Inputs<Listed<Omit<MariaDbInputs, Internal>, Lists<"MariaDb">>> {}

/**
 * A MariaDB database with its own volume. As for {@link Postgres}, a change that would make a new, empty database is
 * refused. An older version of the image is refused too; a newer one leads to a warning, since there is no way back.
 *
 * @example
 * ```ts
 * const db = new dokploy.MariaDb("blog-db", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "blog-db",
 *   database: "blog",
 *   user: "blog",
 *   image: "mariadb:11.4",
 * });
 * ```
 */
export class MariaDb extends Database {
  constructor(name: string, args: MariaDbArgs, options?: ResourceOptions) {
    super("MariaDb", name, args, options);
  }
}

export interface MariaDb
  extends Outputs<Omit<MariaDbInputs, Internal | "password" | "rootPassword">>,
    RootOutputs {}
