import { UserError } from "../../provider/errors";
import {
  contentOfListed,
  type FilePlace,
  idOf,
  pathProblem,
  pathsIn,
  placeOf,
  settingsOf,
  type WebServerSettingsInputs,
} from "../../provider/resources";
import { checkTexts, type OneOf } from "./arguments";
import { LookupError, theOne } from "./error";
import { type Lookup, openLookup } from "./lookup";
import type { Shown } from "./object";

/** Settings of Dokploy's web server, with the names that {@link WebServerSettings} uses. */
export interface GetWebServerSettingsResult
  extends Shown<
    WebServerSettingsInputs,
    "https" | "certificateType" | "enableDockerCleanup" | "logCleanupCron" | "buildsConcurrency",
    "host" | "letsEncryptEmail" | "serverIp"
  > {}

interface OnServer {
  /** Id of the server. Default: Dokploy's own machine. */
  readonly serverId?: string;
}
interface AtPath extends OnServer {
  /** Path in Traefik's folder: `dynamic/headers.yml`. */
  readonly path: string;
}
interface OfId {
  /** Id that `getTraefikFiles` returns: the path, or on another server `<serverId>:<path>`. */
  readonly id: string;
}
type OneFile = OfId | AtPath;

/** Argument that names a machine: a server, or by default Dokploy's own machine. */
export interface GetTraefikFilesArgs extends OnServer {}

/** Arguments that name a file: its id, or its path. */
export type GetTraefikFileArgs = OneOf<OneFile>;

/** A file in Traefik's folder. */
export interface GetTraefikFileResult {
  /** Id, which the option `import` of a {@link TraefikFile} takes. */
  readonly id: string;
  /** Path in Traefik's folder: `dynamic/headers.yml`. */
  readonly path: string;
  /** Id of the server that the file is on; undefined for Dokploy's own machine. */
  readonly serverId: string | undefined;
  /**
   * True when a {@link TraefikFile} may have it; false for a file that Dokploy writes or that Traefik does not read.
   */
  readonly canBeManaged: boolean;
}

/** Secret part of a file. */
export interface TraefikFileSecrets {
  /** Content of the file. */
  readonly content: string;
}

/**
 * Returns the settings of Dokploy's own web server: host name, certificate, cleanup and the number of builds at the
 * same time.
 *
 * They are read in every run, including previews. For settings that the same program sets, use the outputs of that
 * resource.
 *
 * @throws LookupError when Dokploy has no own web server, as in Dokploy Cloud
 *
 * @example
 * ```ts
 * const { host, https } = await dokploy.getWebServerSettings();
 * ```
 */
export const settings = openLookup<object, GetWebServerSettingsResult>(
  "getWebServerSettings",
  [[]],
  async (_, reader) => {
    const row = await settingsOf(reader).catch((error) => {
      throw error instanceof UserError ? new LookupError(error.message) : error;
    });
    // A value that was never set is null, and one that was removed is an empty text.
    const shown = Object.entries(row).map(([column, value]) => [
      column.slice("as:".length),
      value === null || value === "" ? undefined : value,
    ]);
    return Object.fromEntries(shown) as GetWebServerSettingsResult;
  },
);

/**
 * Returns all files in Traefik's folder, sorted by path, including Dokploy's own files and the remains of deleted ones.
 *
 * They are read in every run, including previews. The API key needs access to Traefik's files.
 *
 * @throws LookupError when no such server exists, or the key cannot see them
 *
 * @example
 * ```ts
 * const byHand = (await dokploy.getTraefikFiles()).filter(({ canBeManaged }) => canBeManaged);
 * ```
 */
export const files = openLookup<GetTraefikFilesArgs, readonly GetTraefikFileResult[]>(
  "getTraefikFiles",
  [["serverId?"]],
  async ({ serverId }, reader) => {
    const tree = await reader.read("settings.readDirectories", on(serverId), "server");
    return filesIn(tree, serverId);
  },
);

/**
 * Returns a file in Traefik's folder, found by its id or its path. Without `serverId`, a path is on Dokploy's own
 * machine.
 *
 * It is read in every run, including previews. For a file that the same program creates, use the outputs of that
 * resource. To pass outputs as arguments use `getTraefikFileOutput`. Only its result has the `content`, which may hold
 * secrets. The API key needs access to Traefik's files.
 *
 * @throws LookupError when no such file exists (the message lists the others), or it is empty
 *
 * @example
 * ```ts
 * const { content } = dokploy.getTraefikFileOutput({ path: "dynamic/headers.yml" });
 * ```
 */
export const file: Lookup<GetTraefikFileArgs, GetTraefikFileResult, TraefikFileSecrets> = {
  caller: "getTraefikFile",
  sets: [["id"], ["path", "serverId?"]],
  secrets: ["content"],
  async find(args, reader) {
    checkTexts(args);
    const { path, serverId } = args.id === undefined ? args : placeOf(args.id);
    // The list shows first whether it exists: Dokploy fails without a reason for a folder, or a missing file on a server.
    const { answer } = await reader.find("settings.readDirectories", on(serverId), "server", (tree) =>
      pathsIn(tree).includes(path) ? path : undefined,
    );
    const candidates = filesIn(answer, serverId).map((file) => ({ id: file.id, name: file.path, file }));
    const where = `Traefik's folder${serverId === undefined ? "" : ` on the server ${serverId}`}`;
    const advice = "Give its path.";
    const { file } = theOne(path, candidates, { where, noun: "file", advice });
    const content = await contentOfListed(file, reader);
    if (content !== undefined) return { result: file, secrets: { content } };
    throw new LookupError(
      `${JSON.stringify(path)} in ${where} has no content: it is empty, or left over from a deleted file, since ` +
        "Dokploy does not remove files.",
    );
  },
};

function filesIn(tree: unknown, serverId: string | undefined): GetTraefikFileResult[] {
  return pathsIn(tree)
    .sort()
    .map((path) => {
      const place: FilePlace = { path, serverId };
      return { id: idOf(place), path, serverId, canBeManaged: pathProblem(path) === undefined };
    });
}

function on(serverId: string | undefined): { serverId?: string } {
  return serverId === undefined ? {} : { serverId };
}
