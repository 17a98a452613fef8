/** Folder of backups in a bucket: `<name of the service>/<prefix>/`. */

import { z } from "zod";
import { isUnknown } from "../../../packages/values";
import { field } from "../../engine";

/** Returns the prefix as Dokploy uses it between the names of the service and the file: without slashes around it. */
function canonical(prefix: string): string {
  return (
    prefix
      .trim()
      .replace(/^\/+/, "")
      .replace(/(?<!\/)\/+$/, "") || "/"
  );
}

const segment = "(?!\\.{1,2}(?:/|$))[A-Za-z0-9._=@:+-]{1,200}";
const prefixPattern = new RegExp(`^(?:/|${segment}(?:/${segment}){0,20})$`);

/** Inputs for the place of the files of a backup, and the number of files to keep. */
export const placed = {
  prefix: field(
    z
      .string()
      .regex(
        prefixPattern,
        "is not a folder such as nightly or shop/nightly: letters, digits and . _ = @ : + -, without a slash " +
          "at either end; use / for no folder",
      ),
    { default: "/", read: canonical },
  ),
  keepLatestCount: field(z.number().int().min(1), {
    default: null,
    // The web interface saves 0 for no limit.
    read: (count: number) => (count === 0 ? undefined : count),
  }),
};

/** Inputs that say where the files of a backup are. */
export interface Folder {
  readonly destinationId?: unknown;
  readonly prefix?: unknown;
  readonly serviceName?: unknown;
}

/** True if two backups write their files to one folder. */
export function isSameFolder(one: Folder, other: Folder): boolean {
  const place = ({ destinationId, prefix = "/", serviceName }: Folder) => [
    destinationId,
    prefix,
    serviceName,
  ];
  return place(one).every((value, n) => !isUnknown(value) && value === place(other)[n]);
}

/** Reason why two backups cannot share a folder. */
export const SAME_FOLDER =
  "two would put their files into one folder, where each deletes files of the other that it counts as too old";
