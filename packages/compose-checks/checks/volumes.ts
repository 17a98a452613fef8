import { type Entry, entriesOf, entryAt, isOpen, settledAt, textAt } from "../yaml";
import { readDocument } from "./document";
import { resolved } from "./resolved";
import { ComposeVariables } from "./subject";

/** The owner of volumes: a compose service as Dokploy returns it, or its inputs with its name inside Docker. */
export interface VolumeOwner {
  readonly appName: string;
  readonly command?: unknown;
  readonly randomize?: unknown;
  readonly suffix?: unknown;
  readonly isolatedDeployment?: unknown;
  readonly isolatedDeploymentsVolume?: unknown;
  /** Variables of the service, undefined for a value that is not known. Without them, no variable is known. */
  readonly variables?: Readonly<Record<string, string | undefined>> | undefined;
}

/** A volume that a compose file names. */
export interface NamedVolume {
  /** Name on the server. */
  readonly name: string;
  /**
   * Scope of its data. `service`: its name follows that of the service, so that a new service gets another volume.
   * `file`: the file names it, so that every service with this file on the server shares it. `others`: Dokploy never
   * deletes it, or it contains no data itself.
   */
  readonly keptBy: "service" | "file" | "others";
}

/** Lists the volumes that a compose file names, and that Compose requires; empty for a text that is not such a file. */
export function namedVolumes(composeFile: string, owner: VolumeOwner): NamedVolume[] {
  const document = readDocument(composeFile.replace(/^\uFEFF/, ""));
  if ("problems" in document) return [];
  const project = projectIn(owner.command);
  const root = resolved(document.root, new ComposeVariables(owner.variables), false);
  return entriesOf(entryAt(root, "volumes")?.value).map(({ key, value }): NamedVolume => {
    const given = entryAt(value, "external", "name") ?? entryAt(value, "name");
    // Compose reads an empty name as none.
    const written = given?.value.kind === "scalar" ? given.value.text : "";
    const name = written || `${project ?? owner.appName}_${key}${suffixOf(owner)}`;
    if (isExternal(value) || isElsewhere(value)) return { name, keptBy: "others" };
    if (written !== "") return { name, keptBy: isOpen(given?.value) ? "service" : "file" };
    return { name, keptBy: project === undefined ? "service" : "others" };
  });
}

function isExternal(volume: Entry["value"]): boolean {
  return textAt(volume, "external") === "true" || entryAt(volume, "external", "name") !== undefined;
}

/** True for a volume that is a folder of the server, or for a network share. */
function isElsewhere(volume: Entry["value"]): boolean {
  return /^(?:\/|:)/.test(settledAt(volume, "driver_opts", "device") ?? "");
}

/** Returns the project that a custom command names; Dokploy does not look there for volumes to delete. */
function projectIn(command: unknown): string | undefined {
  return /(?:^|\s)(?:-p|--project-name)[=\s]\s*([\w-]+)/.exec(String(command ?? ""))?.[1];
}

/** Returns the suffix that Dokploy adds to the names in the file. */
function suffixOf(owner: VolumeOwner): string {
  const { appName, suffix, randomize, isolatedDeployment, isolatedDeploymentsVolume } = owner;
  const added = isolatedDeployment === true ? suffix || appName : suffix;
  const isAdded = isolatedDeployment === true ? isolatedDeploymentsVolume : randomize;
  return isAdded === true && added ? `-${String(added)}` : "";
}
