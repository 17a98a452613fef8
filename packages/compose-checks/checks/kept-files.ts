import { posix } from "node:path";
import { entriesOf, entryAt, itemsOf } from "../yaml";
import { readDocument } from "./document";
import { resolved } from "./resolved";
import { ComposeVariables, quotedFrom } from "./subject";
import { bindMount } from "./volume-entry";

/** A path below `../files` that a service of a compose file mounts. */
export interface KeptFile {
  /** The path, e.g. `../files/database`. */
  readonly path: string;
  /** The path for messages: as the file writes it where it has a variable. */
  readonly shown: string;
}

/**
 * Lists the paths below `../files` that the services of a compose file mount. Dokploy deletes them together with the
 * compose service, regardless of the setting for volumes. Sorted; empty for a text that is not a compose file.
 *
 * @param variables undefined for a value that is not known; without them, a path with a variable is not known either
 */
export function mountedFiles(
  composeFile: string,
  variables?: Readonly<Record<string, string | undefined>>,
): KeptFile[] {
  const document = readDocument(composeFile.replace(/^\uFEFF/, ""));
  if ("problems" in document) return [];
  const root = resolved(document.root, new ComposeVariables(variables), false);
  const files = entriesOf(entryAt(root, "services")?.value).flatMap(({ value }) =>
    itemsOf(entryAt(value, "volumes")?.value).flatMap((item): [string, string][] => {
      const mount = bindMount(item);
      if (mount === undefined || !isInFiles(mount.source)) return [];
      const source = item.kind === "map" ? entryAt(item, "source")?.value : item;
      const template = source?.kind === "scalar" ? source.template : undefined;
      const path = normal(mount.source);
      return [[path, template === undefined ? path : `../files ${quotedFrom(source ?? item, path)}`]];
    }),
  );
  return [...new Map(files)].sort().map(([path, shown]) => ({ path, shown }));
}

/** True for a path in the folder that Dokploy keeps next to the code of a compose service. */
export function isInFiles(path: string): boolean {
  const clean = normal(path);
  return clean === "../files" || clean.startsWith("../files/");
}

/** True for a file in that folder that a mount of the service writes. */
export function isWritten(path: string, writtenFiles: readonly { readonly path: string }[]): boolean {
  const clean = normal(path);
  return writtenFiles.some((file) => normal(`../files/${file.path}`) === clean);
}

function normal(path: string): string {
  return posix.normalize(path).replace(/\/$/, "");
}
