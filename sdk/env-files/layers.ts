import { extname, join } from "node:path";
import { visible } from "../../packages/text";
import {
  collect,
  FileError,
  fileError,
  isDirectory,
  isThere,
  listDirectory,
  placeName,
  type ReadOptions,
} from "../files";
import type { FileVariable } from "./entry";
import { formatOf, readEnvFile } from "./read";
import { overlaid } from "./rotation";

/** A file or directory of variables, which may be missing if it is `optional`. */
export type EnvPath = string | { readonly path: string; readonly optional?: boolean };

/** Variables by their names. */
export type FileVariables = ReadonlyMap<string, FileVariable>;

/**
 * Reads the variables of files and directories; later ones override earlier ones.
 *
 * @throws FileError with all problems of all files
 */
export function readLayers(paths: readonly EnvPath[], options: ReadOptions): FileVariables {
  const layers = collect(present(paths), (path) =>
    isDirectory(path, options) ? readDirectory(path, options) : readEnvFile(path, options),
  );
  return overlaid(layers);
}

/**
 * Reads the variables of each file in directories, by the file's name without its extension. A file in a later
 * directory overrides one with the same name in an earlier directory.
 *
 * @throws FileError with all problems of all files
 */
export function readLayersByName(
  directories: readonly EnvPath[],
  options: ReadOptions,
): ReadonlyMap<string, FileVariables> {
  const byName = new Map<string, FileVariable[][]>();
  const files = collect(present(directories), (directory) => envFilesByName(directory, options)).flat();
  collect(files, ({ name, path }) => {
    const layers = byName.get(name) ?? [];
    byName.set(name, layers);
    layers.push(readEnvFile(path, options));
  });
  return new Map(collect(byName, ([name, layers]) => [name, overlaid(layers)] as const));
}

/** Lists the files that paths name, also those of directories; with the optional files that are missing. */
export function filesOf(paths: readonly EnvPath[], options: ReadOptions): string[] {
  return paths.flatMap((entry) => {
    const path = typeof entry === "object" ? entry.path : entry;
    if (isThere(path) && isDirectory(path, options)) return envFiles(path, options);
    return formatOf(path) === undefined ? [] : [path];
  });
}

/** Lists the files of a service in several directories; each is YAML where it is missing. */
export function filesNamed(name: string, directories: readonly EnvPath[], options: ReadOptions): string[] {
  return directories.map((entry) => {
    const directory = typeof entry === "object" ? entry.path : entry;
    const files = isThere(directory) ? envFiles(directory, options) : [];
    return (
      files.find((path) => serviceOf(path) === name) ?? join(directory, `${name}.yaml`).replaceAll("\\", "/")
    );
  });
}

function present(paths: readonly EnvPath[]): string[] {
  if (paths.length === 0) throw new FileError("The list of files is empty; name one.");
  return paths
    .map((entry) => (typeof entry === "object" ? entry : { path: entry, optional: false }))
    .filter(({ path, optional }) => !(optional && path !== "" && !isThere(path)))
    .map(({ path }) => path);
}

/** Reads all variables of a directory. None may be in two of its files, since their order has no meaning. */
function readDirectory(directory: string, options: ReadOptions): FileVariable[] {
  const entries = collect(envFiles(directory, options), (path) => readEnvFile(path, options)).flat();
  const first = new Map<string, FileVariable>();
  return collect(entries, (entry) => {
    const { key, source, offset } = entry;
    const before = first.get(key);
    first.set(key, before ?? entry);
    if (before === undefined) return entry;
    const place = placeName(before.source, before.offset);
    throw fileError(source, [{ offset, reason: `${key}: is also in ${place}; remove one` }]);
  });
}

/**
 * Lists the files of variables in a directory, with their names without the extension.
 *
 * @param empty words of the error for a directory without files
 * @throws FileError when there are no files, a name is repeated, or the directory contains anything else
 */
export function envFilesByName(
  directory: string,
  options: ReadOptions,
  empty?: string,
): { name: string; path: string }[] {
  if (!isDirectory(directory, options)) {
    throw new FileError(
      `${visible(directory)}: is not a directory; name the directory that has one file for each service`,
    );
  }
  const first = new Map<string, string>();
  return collect(envFiles(directory, options, empty), (path) => {
    const name = serviceOf(path);
    const before = first.get(name);
    if (before !== undefined) {
      throw new FileError(
        `${visible(path)}: has the same name as ${visible(before)}, and ${visible(name)} can have only one ` +
          `file; merge them`,
      );
    }
    first.set(name, path);
    return { name, path };
  });
}

/** Returns the name of the service that a file of variables belongs to. */
export function serviceOf(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return name.slice(0, name.length - extname(name).length);
}

/** Documents that may lie next to the files. */
const notes = /\.(?:md|txt)$|^(?:README|CODEOWNERS)$/i;

function envFiles(
  directory: string,
  options: ReadOptions,
  empty = "contains no files with variables; put .yaml or .env files there",
): string[] {
  const names = listDirectory(directory, options).filter((name) => !notes.test(name));
  if (names.length === 0) {
    throw new FileError(`${visible(directory)}: ${empty}`);
  }
  return collect(names, (name) => {
    // People write paths with slashes, on every system.
    const path = join(directory, name).replaceAll("\\", "/");
    if (isDirectory(path, options)) {
      throw new FileError(
        `${visible(path)}: is a directory inside one with variables; load it separately, by its own path`,
      );
    }
    if (formatOf(name) === undefined) {
      throw new FileError(
        `${visible(path)}: is neither YAML nor dotenv by its name; call it .yaml, .yml or .env, or move it away`,
      );
    }
    return path;
  });
}
