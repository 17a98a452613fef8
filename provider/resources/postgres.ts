import { z } from "zod";
import { someOf } from "../../packages/text";
import type { Api, DatabaseDetail } from "../dokploy";
import { listOf } from "../engine";
import { withChecks } from "../lifecycle";
import { keptIn } from "../schema";
import { database } from "./databases/definition";
import { deploys, head, settings, sqlLogin, tail } from "./databases/fields";
import { imageThatRan } from "./databases/has-run";
import { imageCheck } from "./databases/images";
import { mount } from "./mount";
import { imageName } from "./types/addresses";

const { field } = keptIn<"postgres">();

export const postgresSchema = z.strictObject({
  ...head,
  ...sqlLogin,
  /**
   * Image with its tag. The place of the data depends on the version: a change from 17 to 18 needs a dump, and is
   * refused once the first one has run. Default: `postgres:18`; an adopted database keeps its image. When removed from
   * the program, it stays as it is.
   */
  image: field(imageName.optional(), deploys("dockerImage")),
  ...settings,
  /**
   * Mounts of the database, each with the inputs of a {@link Mount}; a plan names each by its `mountPath`. They are
   * saved before the deployment. A mount removed from the list is deleted; mounts that others created stay. When left
   * out, no mount is touched.
   */
  mounts: listOf(mount, "postgres"),
  ...tail,
});

export type PostgresInputs = z.infer<typeof postgresSchema>;

const base = database<PostgresInputs>({
  kind: "Postgres",
  schema: postgresSchema,
  create: ({ databaseName, databaseUser }) => ({ dockerImage: "postgres:18", databaseName, databaseUser }),
  beforeImage: moveEmptyVolume,
});

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
export const postgres = withChecks(base, { preview: imageCheck("postgres", verdictOn) });

function verdictOn({ dockerImage, mounts }: DatabaseDetail, image: string): { problem?: string } {
  const wanted = dataPath(image);
  const isMounted = mounts.some(({ mountPath }) => mountPath === wanted);
  if (isMounted) return changedMajor(dockerImage, image);
  const there = someOf(mounts.map(({ mountPath }) => mountPath));
  return {
    problem:
      `${image} keeps its data in ${wanted}, and the volume is mounted at ${there || "no place"}: the database ` +
      "would start empty. Dump the data, add a resource with a new name and that image, and restore the dump " +
      "there",
  };
}

/**
 * Returns the place where an image keeps its data. Dokploy mounts the volume there only at the creation, by the image
 * at that time.
 */
function dataPath(image: string): string {
  const major = majorOf(image);
  return major !== undefined && major >= 18
    ? `/var/lib/postgresql/${major}/docker`
    : "/var/lib/postgresql/data";
}

/**
 * Mounts the volume where another image keeps its data. Dokploy chooses the place by the first image alone, which may
 * never have run: then the volume is empty.
 */
async function moveEmptyVolume(row: DatabaseDetail, image: string, api: Api): Promise<void> {
  const [former, wanted] = [dataPath(row.dockerImage), dataPath(image)];
  const volume = row.mounts.find(({ mountPath, volumeName }) => mountPath === former && volumeName !== null);
  if (volume === undefined || former === wanted || (await imageThatRan(row, api)) !== undefined) return;
  await api.call("mounts.update", { mountId: volume.mountId, mountPath: wanted });
}

function changedMajor(former: string, image: string): { problem?: string } {
  const [from, to] = [majorOf(former), majorOf(image)];
  if (from === undefined || to === undefined || from === to) return {};
  return {
    problem:
      `PostgreSQL ${to} does not start with the data of PostgreSQL ${from}. Dump the data, add a resource with a ` +
      "new name and that image, and restore the dump there",
  };
}

/** Returns the major version as Dokploy reads it, which treats any other image name as a version before 18. */
function majorOf(image: string): number | undefined {
  const [, major] = /postgres:(\d{1,4})/.exec(image) ?? [];
  return major === undefined ? undefined : Number(major);
}
