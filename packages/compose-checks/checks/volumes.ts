import { type Entry, entriesOf, entryAt, textAt } from "../yaml/nodes";
import { readDocument } from "./document";
import { hasVariable } from "./interpolation";

/** Whose volumes they are: a compose service as Dokploy has it, or its inputs with its name inside Docker. */
export interface VolumeOwner {
  readonly appName: string;
  readonly command?: unknown;
  readonly randomize?: unknown;
  readonly suffix?: unknown;
  readonly isolatedDeployment?: unknown;
  readonly isolatedDeploymentsVolume?: unknown;
}

export interface NamedVolume {
  /** Its name on the server. */
  readonly name: string;
  /**
   * What decides about its data. `service`: its name follows that of the service, so that a new service has another one.
   * `file`: the file names it, so that any service of this file on that server has the same. `others`: Dokploy never deletes
   * it, or nothing is in it itself.
   */
  readonly keptBy: "service" | "file" | "others";
}

/** The volumes that a compose file names, of which Compose needs every one there; none for a text that is no compose file. */
export function namedVolumes(composeFile: string, owner: VolumeOwner): NamedVolume[] {
  const document = readDocument(composeFile.replace(/^\uFEFF/, ""));
  if ("problems" in document) return [];
  const project = projectIn(owner.command);
  return entriesOf(entryAt(document.root, "volumes")?.value).map(({ key, value }): NamedVolume => {
    const given = textAt(value, "external", "name") ?? textAt(value, "name");
    const name = given ?? `${project ?? owner.appName}_${key}${suffixOf(owner)}`;
    if (isExternal(value) || isElsewhere(value)) return { name, keptBy: "others" };
    if (given !== undefined) return { name, keptBy: hasVariable(given) ? "service" : "file" };
    return { name, keptBy: project === undefined ? "service" : "others" };
  });
}

function isExternal(volume: Entry["value"]): boolean {
  return textAt(volume, "external") === "true" || entryAt(volume, "external", "name") !== undefined;
}

/** Of a folder of the server, or of a share in the network. */
function isElsewhere(volume: Entry["value"]): boolean {
  const device = textAt(volume, "driver_opts", "device");
  return device !== undefined && !hasVariable(device) && /^(?:\/|:)/.test(device);
}

/** The project that a command of the program's own names, in which Dokploy looks for nothing to delete. */
function projectIn(command: unknown): string | undefined {
  return /(?:^|\s)(?:-p|--project-name)[=\s]\s*([\w-]+)/.exec(String(command ?? ""))?.[1];
}

/** What Dokploy puts behind the names in the file. */
function suffixOf(owner: VolumeOwner): string {
  const { appName, suffix, randomize, isolatedDeployment, isolatedDeploymentsVolume } = owner;
  const added = isolatedDeployment === true ? suffix || appName : suffix;
  const isAdded = isolatedDeployment === true ? isolatedDeploymentsVolume : randomize;
  return isAdded === true && added ? `-${String(added)}` : "";
}
