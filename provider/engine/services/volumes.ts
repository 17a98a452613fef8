import { mountedFiles, volumesOf as volumesOfFile } from "../../../packages/compose-checks/checks";
import { isRecord, isUnknown, type Values } from "../../../packages/values";
import { dataVolumeOf, type ServiceKind } from "../../dokploy";
import { isDatabase } from "../../schema";

/** A volume with data on the server. */
export interface ServiceVolume {
  readonly name: string;
  /** True when a replacement of the service begins with another, empty volume. */
  readonly isOwn: boolean;
}

/**
 * Lists the volumes of a service, as far as its inputs show them.
 *
 * @param appName its name inside Docker
 */
export function serviceVolumes(kind: ServiceKind, inputs: Values, appName: string): readonly ServiceVolume[] {
  if (kind === "compose") {
    const { source: _, ...others } = inputs;
    const all = volumesOfFile({ ...others, appName }, rawFile(inputs) ?? "");
    return all.map(({ name, keptBy }) => ({ name, isOwn: keptBy === "service" }));
  }
  const mounted = recordsIn(inputs["mounts"]).flatMap(mountedVolume);
  return isDatabase(kind) ? [{ name: dataVolumeOf(appName), isOwn: true }, ...mounted] : mounted;
}

/** Returns the volume of a mount, by its name in the program; none for another mount. */
export function mountedVolume({ type, volumeName: name }: Values): ServiceVolume[] {
  return type === "volume" && typeof name === "string" && !isUnknown(name) ? [{ name, isOwn: false }] : [];
}

/** Lists the paths below `../files` that a compose file mounts, without those that the program writes. */
export function serviceFiles(inputs: Values): string[] {
  const written = recordsIn(inputs["mounts"]).map(({ filePath }) => `../files/${String(filePath)}`);
  const mounted = mountedFiles(rawFile(inputs) ?? "").map(({ path }) => path);
  return mounted.filter((path) => !written.includes(path));
}

/** Returns the text of a compose file that the program gives; undefined for a file elsewhere. */
export function rawFile({ source }: Values): string | undefined {
  const { type, composeFile } = isRecord(source) ? source : {};
  return type === "raw" && typeof composeFile === "string" && !isUnknown(composeFile)
    ? composeFile
    : undefined;
}

function recordsIn(map: unknown): Values[] {
  return isRecord(map) ? Object.values(map).filter(isRecord) : [];
}
