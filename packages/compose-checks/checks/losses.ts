import { posix } from "node:path";
import { someOf, visible } from "../../text";
import { mountedFiles } from "./kept-files";
import { type NamedVolume, namedVolumes, type VolumeOwner } from "./volumes";

/** A compose service as Dokploy has it. */
interface ComposeService extends VolumeOwner {
  readonly sourceType: string;
  readonly composeType: string;
  readonly composeFile: string;
}

/**
 * Describes the data that is lost when a service is deleted before its replacement is created: sentences without the
 * last full stop; undefined when nothing is lost.
 *
 * @param how `isMoved`: the replacement is on another server. `written`: paths below `../files` that the program
 * writes for the replacement. `variables`: those of the service, undefined for a value that is not known
 */
export function ofReplacement(
  service: ComposeService,
  how: {
    readonly isMoved: boolean;
    readonly deleteVolumes: boolean;
    readonly written: readonly string[];
    readonly variables: Readonly<Record<string, string | undefined>>;
  },
): string | undefined {
  const lost = [...files(service, how), ...volumes(service, how)];
  return lost.length === 0 ? undefined : lost.join(". ");
}

/** Returns the volumes that belong to a service, which Dokploy deletes with it if asked to. */
export function volumesOf(owner: VolumeOwner, composeFile: string): NamedVolume[] {
  return namedVolumes(composeFile, owner).filter(({ keptBy }) => keptBy !== "others");
}

/** Says whether the volumes of a deleted service are deleted; undefined when it has none, or they are not known. */
export function ofDeletion(service: ComposeService, deleteVolumes: boolean): string | undefined {
  if (service.sourceType !== "raw") return undefined;
  const all = volumesOf(service, service.composeFile);
  if (all.length === 0) return undefined;
  return isDeleting(service, deleteVolumes)
    ? `the data in its volumes with it: ${names(all)}`
    : `its volumes stay on the server with their data: ${names(all)}. Remove them with \`docker volume rm\` once nobody needs them`;
}

/** Describes the files that Dokploy deletes with the folder of the service. */
function files(
  { sourceType, composeFile }: ComposeService,
  { written, variables }: Pick<Parameters<typeof ofReplacement>[1], "written" | "variables">,
): string[] {
  const kept = new Set(written.map((path) => posix.join("../files", path)));
  const paths =
    sourceType === "raw"
      ? mountedFiles(composeFile, variables).filter(({ path }) => !kept.has(path))
      : undefined;
  if (paths?.length === 0) return [];
  const what =
    paths === undefined
      ? "the data that it keeps in ../files is lost, if it mounts that folder (its compose file is not known here)"
      : `the data in ${paths.map(({ shown }) => shown).join(", ")} is lost`;
  return [
    `Dokploy deletes the folder of a compose service together with it, regardless of deleteVolumes: ${what}`,
  ];
}

/** Describes the volumes that the replacement does not get. */
function volumes(
  service: ComposeService,
  { isMoved, deleteVolumes }: { isMoved: boolean; deleteVolumes: boolean },
): string[] {
  const begins = "The new service starts with empty volumes";
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
    ...(gone.length > 0 ? [`the data in ${names(gone)} is deleted, as deleteVolumes says`] : []),
    ...(left.length > 0 ? [`the data in ${names(left)} stays on ${where}`] : []),
  ];
  return fates.length === 0 ? [] : [`${begins}: ${fates.join("; ")}`];
}

/** True when the volumes are deleted. Dokploy never deletes those of a stack, even if asked to. */
function isDeleting({ composeType }: ComposeService, deleteVolumes: boolean): boolean {
  return deleteVolumes && composeType !== "stack";
}

function names(all: readonly NamedVolume[]): string {
  return someOf(all.map(({ name }) => visible(name)));
}
