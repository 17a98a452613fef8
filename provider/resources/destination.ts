import { z } from "zod";
import { bucketName, endpoint, provider, rcloneFlag, region } from "../backups/bucket";
import { backupsOfDestination } from "../backups/destination-users";
import { tryDestination } from "../backups/try-destination";
import { withChecks } from "../lifecycle/with-checks";
import { text } from "../schema/fields";
import { simple } from "../simple/resource";
import { field, withTest } from "../simple/spec";

const base = simple({
  kind: "Destination",
  router: "destination",
  key: ["name"],
  label: ({ name }) => name,
  create: (columns) => ({ additionalFlags: [], ...columns }),
  usedBy: backupsOfDestination,
  inputs: {
    /** Name in Dokploy; unique among destinations. */
    name: text,
    /**
     * Name that rclone has for the service: `AWS`, `Cloudflare`, `Minio` … Default: none, which suits most services.
     */
    provider: field(provider, { default: null }),
    /** Name of the bucket, and optionally a folder in it: `acme-backups`. */
    bucket: bucketName,
    /** Region of the bucket: `eu-central-1`. Default: empty, for services without regions. */
    region: field(region, { default: "" }),
    /** Address of the service: `https://s3.eu-central-1.amazonaws.com`. Default: the address of the provider. */
    endpoint: field(endpoint, { default: "" }),
    /** Id of the access key for the bucket. Secret. */
    accessKey: field(text, { secret: true }),
    /** Secret part of the access key. Secret. */
    secretAccessKey: field(text, { secret: true }),
    /** Further options for rclone, such as `--s3-sign-accept-encoding=false`. Default: none. */
    additionalFlags: field(z.array(rcloneFlag), { default: [] }),
    ...withTest,
  },
});

/**
 * An S3 bucket, or one of a compatible service, that backups are written to. A plan makes Dokploy list the bucket, so a
 * key that does not work is an error before anything is saved.
 *
 * It is not deleted while backups use it, unless the same run deletes these too, since Dokploy would delete them with
 * it.
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
export const destination = withChecks(base, { preview: tryDestination(base.model) });
