import type { Output } from "@pulumi/pulumi";
import { type ReadOptions, readSource } from "./source";
import { type FileValues, filled, type TextFileOptions } from "./text-file";

/** The source of a compose service whose file is in this repository. */
export interface ComposeFileSource {
  type: "raw";
  composeFile: string;
  /** Path as the program gave it; messages about the file begin with it. */
  file: string;
}

/** The source of a compose service whose file is in this repository, apart from texts that come from elsewhere. */
export interface FilledComposeFileSource extends Omit<ComposeFileSource, "composeFile"> {
  composeFile: Output<string>;
}

/**
 * Reads a compose file of the repository as the source of a {@link Compose}. Messages of the preview about it then have
 * file, line and column.
 *
 * `${NAME}` in the file is a variable of the service, to be set in its `env`. With `values`, it is replaced before the file
 * reaches Dokploy.
 *
 * @param path relative to the working directory, which in a Pulumi program is the folder of its `main`
 * @throws FileError when it is missing, not a file, outside the repository, over 1 MiB or not UTF-8, or has no place
 * for a value
 * @example
 * ```ts
 * new dokploy.Compose("cache", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "cache",
 *   source: dokploy.composeFile("services/cache/compose.yaml"),
 * });
 * ```
 */
export function composeFile(path: string, options: TextFileOptions): FilledComposeFileSource;
export function composeFile(path: string, options?: ReadOptions): ComposeFileSource;
export function composeFile(
  path: string,
  { values, ...options }: ReadOptions & { readonly values?: FileValues | undefined } = {},
): ComposeFileSource | FilledComposeFileSource {
  const source = readSource(path, options);
  if (values === undefined) return { type: "raw", composeFile: source.text, file: path };
  return { type: "raw", composeFile: filled(source, values), file: path };
}
