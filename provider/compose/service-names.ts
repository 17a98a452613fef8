import { closest } from "../closest";
import { someOf } from "../names";
import { visible } from "../visible";
import { entriesOf, entryAt } from "../yaml/nodes";
import { readDocument } from "./document";

/**
 * Says why a compose file has no service of a name, as the end of a sentence; undefined where it has, or where nobody can tell.
 *
 * @param isIncluded whether one of a file that it includes would do
 */
export type LacksService = (name: string, isIncluded?: boolean) => string | undefined;

/**
 * Tells of services that are not in a compose file, as Dokploy deploys it: those of files that it includes are not among them.
 *
 * @param ending what Dokploy adds to the name of each
 * @param isSecret whether nothing of the file may be shown
 */
export function lacksService(composeFile: string, ending: string, isSecret: boolean): LacksService {
  const document = readDocument(composeFile.replace(/^\uFEFF/, ""));
  // What is wrong with a text that is no compose file is told elsewhere.
  if ("problems" in document) return () => undefined;
  const services = entriesOf(entryAt(document.root, "services")?.value);
  const names = services.map(({ key }) => `${key}${ending}`);
  const known = new Set(names);
  const includes = document.root.entries.has("include");
  return (name, isIncluded = false) => {
    if (known.has(name) || (isIncluded && includes)) return undefined;
    const meant = isSecret ? undefined : closest(name, names);
    const has = isSecret || names.length === 0 ? "" : `, which has ${someOf(names.map(visible))}`;
    const question = meant === undefined ? "" : `. Did you mean ${visible(meant)}?`;
    return `"${visible(name)}" is no service of the compose file${has}${question}`;
  };
}
