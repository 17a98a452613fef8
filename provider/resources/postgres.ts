import { z } from "zod";
import { someOf } from "../../packages/text/names";
import { databaseDefinition } from "../databases/definition";
import { deploys, head, settings, sqlLogin, tail } from "../databases/fields";
import { imageName, keptIn } from "../schema/fields";
import { listOf } from "../simple/lists";
import { mount } from "./mount";

const { field } = keptIn<"postgres">();

export const postgresSchema = z.strictObject({
  ...head,
  ...sqlLogin,
  /**
   * Image with its tag. Where the data lies depends on the version: from 17 to 18 a dump is needed, and the change is refused.
   * Default: `postgres:18`; of one that is there already, what it has.
   */
  image: field(imageName.optional(), deploys("dockerImage")),
  ...settings,
  /**
   * Mounts of the database, each with the inputs of a {@link Mount}: plans name it by its `mountPath`. They are saved before
   * the one deployment. A mount that leaves the list is removed; mounts that others made stay. Without the list, none is
   * touched.
   */
  mounts: listOf(mount, "postgres"),
  ...tail,
});

export type PostgresInputs = z.infer<typeof postgresSchema>;

export const postgres = databaseDefinition<PostgresInputs>({
  kind: "Postgres",
  database: "postgres",
  schema: postgresSchema,
  image: "postgres:18",
  creation: ({ database, user }) => ({ databaseName: database, databaseUser: user }),
  checkImage({ dockerImage, mounts }, image) {
    const wanted = dataPath(image);
    const isMounted = mounts.some(({ mountPath }) => mountPath === wanted);
    if (isMounted) return changedMajor(dockerImage, image);
    const there = someOf(mounts.map(({ mountPath }) => mountPath));
    return {
      problem:
        `${image} keeps its data in ${wanted}, and the volume is mounted at ${there || "no place"}: the database would start ` +
        "empty. Dump the data, give it a resource of a new name with that image, and restore the dump there",
    };
  },
});

/** Where an image keeps its data: Dokploy mounts the volume there, once, by the image of the creation. */
function dataPath(image: string): string {
  const major = majorOf(image);
  return major !== undefined && major >= 18
    ? `/var/lib/postgresql/${major}/docker`
    : "/var/lib/postgresql/data";
}

function changedMajor(former: string, image: string): { problem?: string } {
  const [from, to] = [majorOf(former), majorOf(image)];
  if (from === undefined || to === undefined || from === to) return {};
  return {
    problem:
      `PostgreSQL ${to} does not start with the data of PostgreSQL ${from}. Dump the data, give it a resource of a new name ` +
      "with that image, and restore the dump there",
  };
}

/** As Dokploy tells it, which takes an image of any other name for one of before 18. */
function majorOf(image: string): number | undefined {
  const [, major] = /postgres:(\d{1,4})/.exec(image) ?? [];
  return major === undefined ? undefined : Number(major);
}
