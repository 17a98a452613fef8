import { find, sourcesOf } from "../provider/dokploy";
import { idIn } from "../sdk/resource";
import type { Configuration } from "./configuration";
import type { Resource } from "./resources";

/**
 * Returns the id of the object that a new resource adopts, by the file in the setting `adopt`.
 *
 * @param name name of the resource in the program
 * @throws FileError when the file cannot be read, or has another form
 */
export function adoptedByFile(
  { kind }: Resource,
  name: string,
  configuration: Configuration,
): string | undefined {
  const path = find(sourcesOf(configuration, process.env), "adopt")?.value;
  if (path === undefined || path === "") return undefined;
  return idIn(path, kind, name);
}
