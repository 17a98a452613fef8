import { posix } from "node:path";
import { someOf } from "../../text/names";
import { visible } from "../../text/visible";
import { mountedFiles } from "./kept-files";
import { type NamedVolume, namedVolumes, type VolumeOwner } from "./volumes";

/** A compose service as Dokploy has it. */
interface ComposeService extends VolumeOwner {
  readonly sourceType: string;
  readonly composeType: string;
  readonly composeFile: string;
}

/**
 * What deleting a service before a new one is made in its place loses: sentences without the last full stop; undefined for
 * nothing.
 *
 * @param how `isMoved`: the new one is on another server. `written`: paths below `../files` that the program gives the new one
 *   as well
 */
export function ofReplacement(
  service: ComposeService,
  how: {
    readonly isMoved: boolean;
    readonly deleteVolumes: boolean;
    readonly written: readonly string[];
  },
): string | undefined {
  const lost = [...files(service, how.written), ...volumes(service, how)];
  return lost.length === 0 ? undefined : lost.join(". ");
}

/** The volumes that belong to a service: Dokploy deletes them with it, when it is told to. */
export function volumesOf(owner: VolumeOwner, composeFile: string): NamedVolume[] {
  return namedVolumes(composeFile, owner).filter(({ keptBy }) => keptBy !== "others");
}

/** What becomes of the volumes of a service that is deleted; undefined where it has none, or they are not known. */
export function ofDeletion(service: ComposeService, deleteVolumes: boolean): string | undefined {
  if (service.sourceType !== "raw") return undefined;
  const all = volumesOf(service, service.composeFile);
  if (all.length === 0) return undefined;
  return isDeleting(service, deleteVolumes)
    ? `what was in its volumes with it: ${names(all)}`
    : `its volumes stay on the server with their data: ${names(all)}. Remove them with \`docker volume rm\` once nobody needs them`;
}

/** What Dokploy deletes with the folder of the service. */
function files({ sourceType, composeFile }: ComposeService, written: readonly string[]): string[] {
  const kept = new Set(written.map((path) => posix.join("../files", path)));
  const paths =
    sourceType === "raw" ? mountedFiles(composeFile).filter((path) => !kept.has(path)) : undefined;
  if (paths?.length === 0) return [];
  const what =
    paths === undefined
      ? "what it keeps in ../files is lost, if it mounts that folder (its compose file is not at hand)"
      : `what is in ${paths.join(", ")} is lost`;
  return [
    `Dokploy deletes the folder of a compose service together with it, whatever deleteVolumes says: ${what}`,
  ];
}

/** The volumes that the new service does not have. */
function volumes(
  service: ComposeService,
  { isMoved, deleteVolumes }: { isMoved: boolean; deleteVolumes: boolean },
): string[] {
  const begins = "The new service begins with empty volumes";
  if (service.sourceType !== "raw") return [`${begins}, if that file names some`];
  const isDeleted = isDeleting(service, deleteVolumes);
  const isGone = ({ keptBy }: NamedVolume) => isDeleted && keptBy !== "others";
  const lost = namedVolumes(service.composeFile, service).filter(
    (volume) => isMoved || volume.keptBy === "service" || isGone(volume),
  );
  const gone = lost.filter(isGone);
  const left = lost.filter((volume) => !isGone(volume));
  const where = isMoved ? "the former server" : "the server, where nothing uses it any more";
  const fates = [
    ...(gone.length > 0 ? [`what is in ${names(gone)} is deleted, as deleteVolumes says`] : []),
    ...(left.length > 0 ? [`what is in ${names(left)} stays on ${where}`] : []),
  ];
  return fates.length === 0 ? [] : [`${begins}: ${fates.join("; ")}`];
}

/** Of a stack Dokploy deletes no volume, whatever it is told. */
function isDeleting({ composeType }: ComposeService, deleteVolumes: boolean): boolean {
  return deleteVolumes && composeType !== "stack";
}

function names(all: readonly NamedVolume[]): string {
  return someOf(all.map(({ name }) => visible(name)));
}
