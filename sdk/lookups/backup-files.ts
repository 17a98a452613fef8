import { visible } from "../../packages/text";
import { DokployError } from "../../provider/dokploy";
import { isId, notAnId } from "../../provider/schema";
import { LookupError } from "./error";
import { openLookup } from "./lookup";

/** Arguments that name the files. */
export interface GetBackupFilesArgs {
  /** Id of the destination. */
  readonly destinationId: string;
  /**
   * Folder with a slash at its end, optionally followed by the beginning of the names to list:
   * `postgres-orders-x1y2z3/nightly/2026-11`. Default: the bucket itself.
   */
  readonly path?: string;
}

/** A file or a folder in a bucket. */
export interface BackupFile {
  /** Path in the bucket, which a restore takes. */
  readonly path: string;
  /** Name of the file or folder. */
  readonly name: string;
  /** Size in bytes; 0 for a folder. */
  readonly sizeBytes: number;
  /** True for a folder. */
  readonly isFolder: boolean;
}

/** An entry in the response of Dokploy, which lists at most 100. */
interface Listed {
  readonly Path: string;
  readonly Name: string;
  readonly Size: number;
  readonly IsDir: boolean;
}

/**
 * Returns the files that backups have written to a destination, sorted by path: the files and folders of one folder.
 * Dokploy lists at most 100, so give the beginning of their names when there are more. A folder that does not exist has none.
 *
 * They are read in every run, including previews.
 *
 * @throws LookupError when the bucket cannot be listed
 *
 * @example
 * ```ts
 * const files = await dokploy.getBackupFiles({ destinationId, path: `${appName}/nightly/` });
 * ```
 */
export const backupFiles = openLookup<GetBackupFilesArgs, readonly BackupFile[]>(
  "getBackupFiles",
  [["destinationId", "path?"]],
  async ({ destinationId, path = "" }, reader) => {
    if (!isId(destinationId))
      throw new LookupError(`destinationId ${notAnId}. getDestinations lists the ids.`);
    try {
      // Dokploy treats an empty value as missing.
      const search = path === "" ? "/" : path;
      const files = (await reader.call("backup.listBackupFiles", { destinationId, search })) as Listed[];
      const beginning = path.slice(path.lastIndexOf("/") + 1);
      // Dokploy also lists those whose path has the text elsewhere.
      const named = files.filter(({ Name }) => Name.startsWith(beginning));
      const result = named.map(({ Path, Name, Size, IsDir }) => ({
        path: Path,
        name: Name,
        sizeBytes: IsDir ? 0 : Size,
        isFolder: IsDir,
      }));
      return result.sort((a, b) => (a.path < b.path ? -1 : 1));
    } catch (error) {
      if (!(error instanceof DokployError) || error.kind !== "invalid") throw error;
      const where = path === "" ? "the bucket" : `"${visible(path)}" in the bucket`;
      throw new LookupError(
        `Dokploy could not list ${where} of destination ${destinationId}. A plan that creates or changes a Destination says ` +
          "why it does not work.",
      );
    }
  },
);
