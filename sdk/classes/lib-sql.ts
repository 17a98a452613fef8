import type { LibSqlInputs } from "../../provider/resources/lib-sql";
import type { ResourceOptions } from "../resource/base";
import type { Inputs, Internal, Listed } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";
import type { Lists } from "../run/kind";
import { Database } from "./database";

export interface LibSqlArgs extends Inputs<Listed<Omit<LibSqlInputs, Internal>, Lists<"LibSql">>> {}

/**
 * A libSQL server with its own volume. Dokploy chooses its image. As for {@link Postgres}, a change that would make a
 * new, empty database is refused.
 *
 * @example
 * ```ts
 * const db = new dokploy.LibSql("edge", { environmentId: shop.defaultEnvironmentId, name: "edge", user: "edge" });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class LibSql extends Database {
  constructor(name: string, args: LibSqlArgs, options?: ResourceOptions) {
    super("LibSql", name, args, options);
  }
}

export interface LibSql extends Outputs<Omit<LibSqlInputs, Internal | "password">> {}
