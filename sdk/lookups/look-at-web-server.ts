import { UserError } from "../../provider/errors/problem";
import {
  contentOfListed,
  idOf,
  type Place,
  pathProblem,
  pathsIn,
  placeOf,
} from "../../provider/platform/traefik-files";
import { settingsOf } from "../../provider/platform/web-server";
import type { WebServerSettingsInputs } from "../../provider/resources/web-server-settings";
import { checkTexts, type InputsOf, type OneOf } from "./arguments";
import { LookupError, theOne } from "./error";
import type { Found } from "./lookup";
import type { Shown } from "./object";
import type { Reader } from "./reader";

/** What Dokploy's web server is set to, in the words of a {@link WebServerSettings}. */
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
  /** The file, in Traefik's folder: `dynamic/headers.yml`. */
  readonly path: string;
}
interface OfId {
  /** What `getTraefikFiles` gives as `id`: the path, on another server `<serverId>:<path>`. */
  readonly id: string;
}
type OneFile = OfId | AtPath;

/** Of which machine: of a server, or without one of Dokploy's own. */
export interface GetTraefikFilesArgs extends OnServer {}
/** The same with outputs. */
export type GetTraefikFilesOutputArgs = InputsOf<GetTraefikFilesArgs>;

/** Which file: by its id, or by its path. */
export type GetTraefikFileArgs = OneOf<OneFile>;
/** The same with outputs. */
export type GetTraefikFileOutputArgs = OneOf<InputsOf<OneFile>>;

/** A file in Traefik's folder. */
export interface GetTraefikFileResult {
  /** What the option `import` of a {@link TraefikFile} takes. */
  readonly id: string;
  /** In Traefik's folder: `dynamic/headers.yml`. */
  readonly path: string;
  /** Id of the server that it is on; undefined on Dokploy's own machine. */
  readonly serverId: string | undefined;
  /** Whether a {@link TraefikFile} may have it: the others Dokploy writes anew, or Traefik does not read. */
  readonly canBeManaged: boolean;
}

/** What a file holds. */
export interface TraefikFileSecrets {
  readonly content: string;
}

export async function settingsShown(reader: Reader): Promise<GetWebServerSettingsResult> {
  const row = await settingsOf(reader).catch((error) => {
    throw error instanceof UserError ? new LookupError(error.message) : error;
  });
  // What was never set is null, and what was taken away an empty text.
  const shown = Object.entries(row).map(([column, value]) => [
    column.slice("as:".length),
    value === null || value === "" ? undefined : value,
  ]);
  return Object.fromEntries(shown) as GetWebServerSettingsResult;
}

export async function traefikFiles(
  { serverId }: GetTraefikFilesArgs,
  reader: Reader,
): Promise<GetTraefikFileResult[]> {
  const tree = await reader.read("settings.readDirectories", on(serverId), "server");
  return filesIn(tree, serverId);
}

/** The list says first whether there is such a file: a folder, or none on a server, fails in Dokploy without a reason. */
export async function traefikFile(
  args: GetTraefikFileArgs,
  reader: Reader,
): Promise<Found<GetTraefikFileResult, TraefikFileSecrets>> {
  checkTexts(args);
  const { path, serverId } = args.id === undefined ? args : placeOf(args.id);
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
    `${JSON.stringify(path)} in ${where} holds nothing: it is empty, or what is left of one that was deleted, since Dokploy ` +
      "removes none.",
  );
}

function filesIn(tree: unknown, serverId: string | undefined): GetTraefikFileResult[] {
  return pathsIn(tree)
    .sort()
    .map((path) => {
      const place: Place = { path, serverId };
      return { id: idOf(place), path, serverId, canBeManaged: pathProblem(path) === undefined };
    });
}

function on(serverId: string | undefined): { serverId?: string } {
  return serverId === undefined ? {} : { serverId };
}
