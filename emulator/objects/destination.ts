import { z } from "zod";
import { filesBelow, listingError } from "../instance/buckets";
import { type Endpoints, mutation, query } from "../instance/endpoint";
import { badRequest } from "../instance/errors";
import type { Instance } from "../instance/instance";
import { text } from "../instance/schema";

const tried = z.object({
  name: text.min(1),
  provider: text.nullable(),
  accessKey: text,
  secretAccessKey: text,
  bucket: text,
  region: text,
  endpoint: text,
  additionalFlags: z.array(text).optional(),
  serverId: text.optional(),
});

/** Calls that use the bucket of a destination, with rclone. */
export const destinationEndpoints: Endpoints = {
  "destination.testConnection": mutation(tried, (instance, input) => {
    const error = listingError(instance.buckets, input);
    if (error === undefined) return undefined;
    // As in Dokploy the command contains the keys in plain text: clients must not pass it on.
    const options = [
      ...(input.provider ? [`--s3-provider=${input.provider}`] : []),
      `--s3-access-key-id=${input.accessKey}`,
      `--s3-secret-access-key=${input.secretAccessKey}`,
      `--s3-region=${input.region}`,
      `--s3-endpoint=${input.endpoint}`,
      "--s3-no-check-bucket --s3-force-path-style --retries 1 --low-level-retries 1 --timeout 10s --contimeout 5s",
      ...(input.additionalFlags ?? []),
      `:s3:${input.bucket}`,
    ];
    const command = options.join(" ").replaceAll(":", "\\:");
    throw badRequest(`Command execution failed: Command failed: rclone ls ${command}\n${error}`);
  }),

  "backup.listBackupFiles": query(
    z.object({ destinationId: z.string(), search: z.string(), serverId: z.string().optional() }),
    (instance, { destinationId, search }) => {
      const row = instance.simple("destination").get(destinationId);
      if (!row) throw badRequest("Destination not found");
      if (listingError(instance.buckets, row as never) !== undefined)
        throw badRequest("Failed to parse backup files list");
      const slash = search.lastIndexOf("/");
      const folder =
        slash < 0
          ? ""
          : `${search
              .slice(0, slash)
              .replace(/^\/+/, "")
              .replace(/(?<!\/)\/+$/, "")}/`.replace(/^\/$/, "");
      const wanted = search.slice(slash + 1).toLowerCase();
      return filesBelow(instance.buckets, String(row["bucket"]), folder)
        .map((file) => ({ ...file, Path: `${folder}${file.Path}` }))
        .filter((file) => file.Path.toLowerCase().includes(wanted))
        .slice(0, 100);
    },
  ),
};

/** Deletes the backups that name a destination, as the database does together with it. */
export function dropBackups(destinationId: string, instance: Instance): void {
  for (const router of ["backup", "volumeBackups"])
    for (const [id, row] of instance.simple(router))
      if (row["destinationId"] === destinationId) instance.simple(router).delete(id);
}
