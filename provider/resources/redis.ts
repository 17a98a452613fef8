import { z } from "zod";
import { listOf } from "../engine";
import { withChecks } from "../lifecycle";
import { keptIn } from "../schema";
import { database } from "./databases/definition";
import { deploys, head, plainPassword, settings, tail } from "./databases/fields";
import { imageCheck, otherMajor } from "./databases/images";
import { mount } from "./mount";
import { imageName } from "./types/addresses";

const { field } = keptIn<"redis">();

export const redisSchema = z.strictObject({
  ...head,
  /**
   * Password of the database. Secret. A change is made in the running database, and then deployed. Default: a random
   * one, which is part of `connectionUrl`. When removed from the program, it stays as it is.
   */
  password: field(plainPassword.optional(), { ...deploys("databasePassword"), secret: true }),
  /**
   * Image with its tag. Default: `redis:8`; an adopted database keeps its image. When removed from the program, it
   * stays as it is.
   */
  image: field(imageName.optional(), deploys("dockerImage")),
  ...settings,
  /**
   * Mounts of the database, each with the inputs of a {@link Mount}; a plan names each by its `mountPath`. They are
   * saved before the deployment. A mount removed from the list is deleted; mounts that others created stay. When left
   * out, no mount is touched.
   */
  mounts: listOf(mount, "redis"),
  ...tail,
});

export type RedisInputs = z.infer<typeof redisSchema>;

const base = database<RedisInputs>({
  kind: "Redis",
  schema: redisSchema,
  create: () => ({ dockerImage: "redis:8" }),
});

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
export const redis = withChecks(base, {
  preview: imageCheck("redis", ({ dockerImage }, image) => otherMajor("Redis", dockerImage, image)),
});
