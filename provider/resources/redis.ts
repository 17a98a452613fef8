import { z } from "zod";
import { databaseDefinition } from "../databases/definition";
import { deploys, head, plainPassword, settings, tail } from "../databases/fields";
import { otherMajor } from "../databases/images";
import { imageName, keptIn } from "../schema/fields";
import { listOf } from "../simple/lists";
import { mount } from "./mount";

const { field } = keptIn<"redis">();

export const redisSchema = z.strictObject({
  ...head,
  /**
   * Its password. Secret. A change is made in the running database, and then deployed. Default: a random one, which stands
   * in `connectionUrl`.
   */
  password: field(plainPassword.optional(), { ...deploys("databasePassword"), secret: true }),
  /** Image with its tag. Default: `redis:8`; of one that is there already, what it has. */
  image: field(imageName.optional(), deploys("dockerImage")),
  ...settings,
  /**
   * Mounts of the database, each with the inputs of a {@link Mount}: plans name it by its `mountPath`. They are saved before
   * the one deployment. A mount that leaves the list is removed; mounts that others made stay. Without the list, none is
   * touched.
   */
  mounts: listOf(mount, "redis"),
  ...tail,
});

export type RedisInputs = z.infer<typeof redisSchema>;

export const redis = databaseDefinition<RedisInputs>({
  kind: "Redis",
  database: "redis",
  schema: redisSchema,
  image: "redis:8",
  creation: () => ({}),
  checkImage: ({ dockerImage }, image) => otherMajor("Redis", dockerImage, image),
});
