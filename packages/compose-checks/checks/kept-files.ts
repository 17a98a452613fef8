import { posix } from "node:path";
import { entriesOf, entryAt, itemsOf } from "../yaml";
import { bindMount } from "./bind-mount";
import { readDocument } from "./document";

/**
 * Lists the paths below `../files` that the services of a compose file mount, e.g. `../files/database`. Dokploy
 * deletes them together with the compose service, regardless of the setting for volumes. Sorted; empty for a text that
 * is not a compose file.
 */
export function mountedFiles(composeFile: string): string[] {
  const document = readDocument(composeFile.replace(/^\uFEFF/, ""));
  if ("problems" in document) return [];
  const sources = entriesOf(entryAt(document.root, "services")?.value).flatMap(({ value }) =>
    itemsOf(entryAt(value, "volumes")?.value).flatMap((item) => bindMount(item)?.source ?? []),
  );
  return [...new Set(sources.filter(isInFiles).map(normal))].sort();
}

/** True for a path in the folder that Dokploy keeps next to the code of a compose service. */
export function isInFiles(path: string): boolean {
  const clean = normal(path);
  return clean === "../files" || clean.startsWith("../files/");
}

function normal(path: string): string {
  return posix.normalize(path).replace(/\/$/, "");
}
