import { closest } from "../../text/closest";
import { someOf } from "../../text/names";
import { visible } from "../../text/visible";
import { entriesOf, entryAt } from "../yaml/nodes";
import { readDocument } from "./document";

/**
 * Returns the end of a sentence that says that a compose file has no such service; undefined where it has one, or where that
 * is not known.
 *
 * @param isIncluded whether a service of an included file is good enough
 */
export type LacksService = (name: string, isIncluded?: boolean) => string | undefined;

/**
 * Checks names against the services of a compose file, as Dokploy does before a deployment: services of included files are not
 * among them.
 *
 * @param ending text that Dokploy adds to the name of each service
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
