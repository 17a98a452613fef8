import { entriesOf, entryAt } from "../yaml/nodes";
import { readDocument } from "./document";

/**
 * The names of the services in a compose file, as Dokploy deploys it: those of files that it includes are not among them.
 * Undefined for a text that is no compose file.
 */
export function serviceNames(composeFile: string): string[] | undefined {
  const document = readDocument(composeFile.replace(/^\uFEFF/, ""));
  if ("problems" in document) return undefined;
  return entriesOf(entryAt(document.root, "services")?.value).map(({ key }) => key);
}
