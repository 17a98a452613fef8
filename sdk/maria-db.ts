import type { MariaDbInputs } from "../provider/resources/maria-db";
import type { ResourceOptions } from "./base";
import { Database, type RootOutputs } from "./database";
import type { Inputs, Internal, Listed } from "./inputs";
import type { Lists } from "./kind";
import type { Outputs } from "./outputs";

export interface MariaDbArgs extends Inputs<Listed<Omit<MariaDbInputs, Internal>, Lists<"MariaDb">>> {}

/**
 * A MariaDB database, in a volume of its own. What a change does to it, and what is refused, is as for {@link Postgres}.
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
