import { type ReadOptions, readSource } from "./source";

/** The source of a compose service whose file is in this repository. */
export interface ComposeFileSource {
  type: "raw";
  composeFile: string;
  /** Path as the program gave it; messages about the file begin with it. */
  file: string;
}

/**
 * Reads a compose file of the repository as the source of a {@link Compose}. Messages of the preview about it then have
 * file, line and column.
 *
 * @param path relative to the working directory, which in a Pulumi program is the folder of its `main`
 * @throws FileError when it is missing, not a file, outside the repository, over 1 MiB or not UTF-8
 * @example
 * ```ts
 * new dokploy.Compose("cache", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "cache",
 *   source: dokploy.composeFile("services/cache/compose.yaml"),
 * });
 * ```
 */
export function composeFile(path: string, options?: ReadOptions): ComposeFileSource {
  const { text } = readSource(path, options);
  return { type: "raw", composeFile: text, file: path };
}
