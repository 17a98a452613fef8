import { dirname, join } from "node:path";
import { isDirectory, isThere, listDirectory } from "../../sdk/files";

/** Lists the services of a deployment repository, by the folders next to that of the variables. */
export function servicesNextTo(directory: string): string[] {
  const folder = join(dirname(directory), "services");
  if (!isThere(folder) || !isDirectory(folder)) return [];
  return listDirectory(folder).filter((name) => isDirectory(join(folder, name)));
}
