import type { MongoInputs } from "../../provider/resources/mongo";
import type { ResourceOptions } from "../resource/base";
import type { Inputs, Internal, Listed } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";
import type { Lists } from "../run/kind";
import { Database } from "./database";

export interface MongoArgs extends Inputs<Listed<Omit<MongoInputs, Internal>, Lists<"Mongo">>> {}

/**
 * A MongoDB database with its own volume. As for {@link Postgres}, a change that would make a new, empty database is
 * refused. An older version of the image is refused too; a newer one leads to a warning, since there is no way back.
 *
 * @example
 * ```ts
 * const db = new dokploy.Mongo("events", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "events",
 *   user: "events",
 *   image: "mongo:8",
 * });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class Mongo extends Database {
  constructor(name: string, args: MongoArgs, options?: ResourceOptions) {
    super("Mongo", name, args, options);
  }
}

export interface Mongo extends Outputs<Omit<MongoInputs, Internal | "password">> {}
