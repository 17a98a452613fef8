import { z } from "zod";
import { bucketName, endpoint, provider, rcloneFlag, region } from "../backups/bucket";
import { backupsOfDestination } from "../backups/destination-users";
import { tryDestination } from "../backups/try-destination";
import { text } from "../schema/fields";
import { simple } from "../simple/resource";
import { field, withTest } from "../simple/spec";

/**
 * A bucket of S3, or of what speaks like it, that backups are written to. A plan has Dokploy list the bucket, so a key that
 * does not work is an error before anything is saved.
 *
 * It is not deleted while backups use it that do not go in the same run: Dokploy would delete them with it.
 *
 * @example
 * ```ts
 * const bucket = new dokploy.Destination("backups", {
 *   name: "backups",
 *   provider: "AWS",
 *   bucket: "acme-backups",
 *   region: "eu-central-1",
 *   endpoint: "https://s3.eu-central-1.amazonaws.com",
 *   accessKey: config.require("s3AccessKey"),
 *   secretAccessKey: config.requireSecret("s3SecretKey"),
 * });
 * new dokploy.Backup("shop", { postgresId: db.id, database: db.database, schedule: "0 3 * * *", destinationId: bucket.id });
 * ```
 */
export const destination = simple({
  kind: "Destination",
  router: "destination",
  key: ["name"],
  label: ({ name }) => name,
  sends: () => ({ provider: null, additionalFlags: [] }),
  usedBy: backupsOfDestination,
  look: tryDestination,
  inputs: {
    /** Name in Dokploy; no other destination may have it. */
    name: text,
    /** Which service it is, as rclone calls it: `AWS`, `Cloudflare`, `Minio` … Default: none, which most services take. */
    provider: field(provider, { default: null }),
    /** The bucket, and perhaps a folder in it: `acme-backups`. */
    bucket: bucketName,
    /** Region of the bucket: `eu-central-1`. Default: empty, for services that have none. */
    region: field(region, { default: "" }),
    /** Address of the service: `https://s3.eu-central-1.amazonaws.com`. Default: that of the provider. */
    endpoint: field(endpoint, { default: "" }),
    /** Id of the key that opens the bucket. Secret. */
    accessKey: field(text, { secret: true }),
    /** The secret of that key. Secret. */
    secretAccessKey: field(text, { secret: true }),
    /** More options of rclone, such as `--s3-sign-accept-encoding=false`. Default: none. */
    additionalFlags: field(z.array(rcloneFlag), { default: [] }),
    ...withTest,
  },
});
