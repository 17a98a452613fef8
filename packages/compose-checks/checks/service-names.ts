import { closest, someOf, visible } from "../../text";
import { entriesOf, entryAt } from "../yaml";
import { readDocument } from "./document";

/**
 * Returns the reason why a compose file has no service of a name, as the end of a sentence. Undefined where it has
 * one, or where that is not known.
 *
 * @param isIncluded true when a service of an included file is enough
 */
export type LacksService = (name: string, isIncluded?: boolean) => string | undefined;

/**
 * Returns a function that finds services missing from a compose file as Dokploy deploys it. Services of included files
 * are not known.
 *
 * @param ending the suffix that Dokploy adds to each name
 * @param isSecret true when no part of the file may be shown
 */
export function lacksService(composeFile: string, ending: string, isSecret: boolean): LacksService {
  const document = readDocument(composeFile.replace(/^\uFEFF/, ""));
  // Mistakes in a text that is not a compose file are reported elsewhere.
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
    return `"${visible(name)}" is not a service of the compose file${has}${question}`;
  };
}
