import type { Output } from "@pulumi/pulumi";
import { visible } from "../../packages/text/visible";
import type { InputsOf } from "./arguments";
import { LookupError } from "./error";
import { type Lookup, type LookupOptions, later, now } from "./lookup";

interface InDestination {
  /** Id of the destination. */
  readonly destinationId: string;
  /**
   * Where to look: a folder with a slash at its end, and perhaps what the names in it have to contain:
   * `postgres-orders-x1y2z3/nightly/2026-11`. Default: the bucket itself.
   */
  readonly path?: string;
}

/** Which files. */
export type GetBackupFilesArgs = InDestination;
/** The same with outputs. */
export type GetBackupFilesOutputArgs = InputsOf<InDestination>;

/** A file or a folder in a bucket. */
export interface BackupFile {
  /** Where it is in the bucket; a restoration asks for that. */
  readonly path: string;
  readonly name: string;
  /** Size in bytes; 0 of a folder. */
  readonly sizeBytes: number;
  readonly isFolder: boolean;
}

/** What Dokploy gives of a file; it gives 100 at most. */
interface Listed {
  readonly Path: string;
  readonly Name: string;
  readonly Size: number;
  readonly IsDir: boolean;
}

const lookup: Lookup<GetBackupFilesArgs, readonly BackupFile[]> = {
  caller: "getBackupFiles",
  sets: [["destinationId", "path?"]],
  secrets: [],
  async find({ destinationId, path = "" }, reader) {
    const { isId, notAnId } =
      require("../../provider/schema/ids") as typeof import("../../provider/schema/ids");
    const { DokployError } =
      require("../../provider/dokploy/errors") as typeof import("../../provider/dokploy/errors");
    if (!isId(destinationId))
      throw new LookupError(`destinationId ${notAnId}. getDestinations tells what there is.`);
    try {
      // Dokploy counts an empty value as none.
      const search = path === "" ? "/" : path;
      const files = (await reader.call("backup.listBackupFiles", { destinationId, search })) as Listed[];
      const result = files.map(({ Path, Name, Size, IsDir }) => ({
        path: Path,
        name: Name,
        sizeBytes: IsDir ? 0 : Size,
        isFolder: IsDir,
      }));
      return { result: result.sort((a, b) => (a.path < b.path ? -1 : 1)), secrets: {} };
    } catch (error) {
      if (!(error instanceof DokployError) || error.kind !== "invalid") throw error;
      const where = path === "" ? "the bucket" : `"${visible(path)}" in the bucket`;
      throw new LookupError(
        `Dokploy could not list ${where} of destination ${destinationId}: the folder is not there, or the destination does ` +
          "not work (a plan that makes or changes a Destination tells why).",
      );
    }
  },
};

/**
 * The files that backups have written to a destination, by their paths: those of one folder, and the folders in it; 100 at
 * most, so give the beginning of their names where there are more.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when the bucket cannot be listed, or has no such folder
 *
 * @example
 * ```ts
 * const files = await dokploy.getBackupFiles({ destinationId, path: `${appName}/nightly/` });
 * ```
 */
export function getBackupFiles(
  args: GetBackupFilesArgs,
  options?: LookupOptions,
): Promise<readonly BackupFile[]> {
  return now(lookup, args, options);
}

/**
 * The files that backups have written to a destination, as an output. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when the bucket cannot be listed, or has no such folder
 */
export function getBackupFilesOutput(
  args: GetBackupFilesOutputArgs,
  options?: LookupOptions,
): Output<readonly BackupFile[]> {
  return later(lookup, args, options);
}
