import { lstatSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { LineIndex } from "../../packages/compose-checks/yaml";
import { visible } from "../../packages/text";
import { ProgramError } from "../run";

/**
 * An error for a file that cannot be used as it is. The message has a line `path:line:col: …` per problem, and no
 * value of a variable. Pulumi prints it without a stack trace.
 */
export class FileError extends ProgramError {
  override readonly name = "FileError";
}

/** Text of a file, with the path for messages. */
export interface Source {
  /** Path as the program gave it, for messages. */
  readonly path: string;
  readonly text: string;
}

/** A problem at an offset of the text; `undefined` means the whole file. */
export interface FileProblem {
  readonly offset: number | undefined;
  readonly reason: string;
}

export interface ReadOptions {
  /**
   * Folder that the file must be in, after symbolic links are followed. Default: the repository around the working
   * directory (the nearest folder with `.git`, else the nearest with a `Pulumi.yaml`, else the working directory).
   */
  readonly root?: string | undefined;
}

/** Options for reading files that others wrote. */
export interface Reading extends ReadOptions {
  /** True to refuse a path through a symbolic link inside the folder. Default: false. */
  readonly withoutLinks?: boolean | undefined;
}

/** Far more than any file of variables or services needs; a larger file is the wrong one. */
export const maxBytes = 1024 * 1024;

/**
 * Reads a text file of the repository.
 *
 * @param path relative to the working directory, which in a Pulumi program is the folder of its `main`
 * @throws FileError when it is missing, not a file, outside the repository, in `.git`, over 1 MiB or not UTF-8
 */
export function readSource(path: string, options: Reading = {}): Source {
  return sourceOf(path, readBytes(path, options));
}

/**
 * Reads a file of the repository.
 *
 * @param limit bytes that it has at most
 * @throws FileError when it is missing, not a file, outside the repository, in `.git`, or longer
 */
export function readBytes(path: string, options: Reading, limit = maxBytes): Buffer {
  const stats = statsInside(path, options);
  if (stats.isDirectory()) throw new FileError(`${visible(path)}: is a directory; name a file in it`);
  // Reading a pipe or device might never end.
  if (!stats.isFile()) throw new FileError(`${visible(path)}: is not a regular file; give the path of one`);
  if (stats.size > limit) {
    throw new FileError(
      `${visible(path)}: is ${Math.ceil(stats.size / 1024)} KiB long, and ${limit / 1024} KiB is the limit; is it the right file?`,
    );
  }
  return readable(path, () => readFileSync(path));
}

/**
 * Decodes the bytes of a file.
 *
 * @throws FileError when they are not UTF-8
 */
export function sourceOf(path: string, bytes: Uint8Array): Source {
  let text: string;
  try {
    // This also removes a byte order mark.
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new FileError(`${visible(path)}: is not UTF-8; save it in that encoding`);
  }
  const nul = text.indexOf("\0");
  if (nul !== -1) {
    const reason = "contains a NUL character, so it is not text, or not UTF-8; save it in that encoding";
    throw fileError({ path, text }, [{ offset: nul, reason }]);
  }
  return { path, text };
}

/**
 * Lists the entries of a directory of the repository by name, sorted, without hidden ones.
 *
 * @throws FileError when it is missing, not a directory, or outside the repository
 */
export function listDirectory(path: string, options: Reading = {}): string[] {
  const stats = statsInside(path, options);
  if (!stats.isDirectory()) throw new FileError(`${visible(path)}: is not a directory; give the path of one`);
  return readable(path, () => readdirSync(path))
    .filter((name) => !name.startsWith("."))
    .sort();
}

/** True for a directory of the repository. Throws a FileError when it is missing or outside the repository. */
export function isDirectory(path: string, options: Reading = {}): boolean {
  return statsInside(path, options).isDirectory();
}

/** True when something exists at a path of the repository, including a broken link and one that leads outside. */
export function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** True for a folder of the repository; false for one that is missing or outside. */
export function isInside(
  folder: string,
  { root = repositoryAround(process.cwd()) }: ReadOptions = {},
): boolean {
  try {
    return !leadsOut(relative(realpathSync(root), realpathSync(folder)));
  } catch {
    return false;
  }
}

function leadsOut(inside: string): boolean {
  return inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside);
}

/** More problems than this are one mistake that shows on every line. */
const maxFindings = 20;

/** Combines the problems of one file, in their order, into one error. */
export function fileError(source: Source, findings: readonly FileProblem[]): FileError {
  const sorted = [...findings].sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0));
  const lines = sorted
    .slice(0, maxFindings)
    .map(({ offset, reason }) => `${placeName(source, offset)}: ${reason}`);
  const more = sorted.length - maxFindings;
  if (more > 0) lines.push(`${visible(source.path)}: and ${more} more problems`);
  return new FileError(lines.join("\n"));
}

/** Problems of several files, which end in one error. */
export class Findings {
  readonly #bySource = new Map<Source, FileProblem[]>();

  add(source: Source, finding: FileProblem): void {
    this.#bySource.set(source, [...(this.#bySource.get(source) ?? []), finding]);
  }

  /** Returns the problems of all files as one error; undefined when there are none. */
  error(): FileError | undefined {
    if (this.#bySource.size === 0) return undefined;
    const messages = [...this.#bySource].map(([source, found]) => fileError(source, found).message);
    return new FileError(messages.join("\n"));
  }
}

/** Reads each item, and ends with one FileError that has the lines of those of all items. */
export function collect<Item, Result>(items: Iterable<Item>, read: (item: Item) => Result): Result[] {
  const results: Result[] = [];
  const problems: string[] = [];
  for (const item of items) {
    try {
      results.push(read(item));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      problems.push(error.message);
    }
  }
  if (problems.length > 0) throw new FileError(problems.join("\n"));
  return results;
}

/** Runs several reads like `collect`, and returns their different results in the given order. */
export function collectAll<Reads extends readonly (() => unknown)[]>(
  ...reads: Reads
): { [Index in keyof Reads]: ReturnType<Reads[Index]> } {
  return collect(reads, (read) => read()) as { [Index in keyof Reads]: ReturnType<Reads[Index]> };
}

/** Returns `path:line:column`, as editors understand it; only the path where there is no offset. */
export function placeName(source: Source, offset: number | undefined): string {
  if (offset === undefined) return visible(source.path);
  const { line, column } = locationOf(source.text, offset);
  return `${visible(source.path)}:${line}:${column}`;
}

/** Returns line and column, both from 1. */
export function locationOf(text: string, offset: number): { line: number; column: number } {
  if (latest?.text !== text) latest = { text, lines: new LineIndex(text) };
  return latest.lines.at(offset);
}

/** Lines of the text that was used last, because one message often needs the same text again. */
let latest: { readonly text: string; readonly lines: LineIndex } | undefined;

function statsInside(
  path: string,
  { root = repositoryAround(process.cwd()), withoutLinks = false }: Reading,
): Stats {
  if (typeof path !== "string" || path === "")
    throw new FileError("The name of a file is missing; give one.");
  const stats = readable(path, () => statSync(path));
  const inside = relative(realpathSync(root), realpathSync(path));
  if (leadsIntoGit(relative(root, path)) || leadsIntoGit(inside)) {
    throw new FileError(
      `${visible(path)}: leads into .git, where git keeps its own data, such as the token that a CI job checks out ` +
        "with; files in it are never read: name a file of the repository",
    );
  }
  if (leadsOut(inside)) {
    throw new FileError(
      `${visible(path)}: is outside of ${visible(root)}, and only files of the repository are read; move it there, or give the option root`,
    );
  }
  if (withoutLinks && inside !== relative(resolve(root), resolve(path))) {
    throw new FileError(
      `${visible(path)}: is a symbolic link, or in a folder that is one, maybe to files of another stage, and no link is ` +
        "followed here: copy the file, or name its real path",
    );
  }
  return stats;
}

/** True for a path through `.git`, in any spelling that some file system accepts for it. */
function leadsIntoGit(path: string): boolean {
  return path.split(/[/\\]/).some((step) => {
    // Windows ignores spaces and dots at the end, and a stream after a colon; macOS characters without a width.
    const [name = ""] = step
      .replaceAll(/\p{Cf}/gu, "")
      .toLowerCase()
      .split(":");
    let end = name.length;
    while (name[end - 1] === "." || name[end - 1] === " ") end -= 1;
    const plain = name.slice(0, end);
    return plain === ".git" || /^git~\d$/.test(plain);
  });
}

/** @throws FileError for the errors of the file system */
function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new FileError(
        `${visible(path)}: there is no such file (looked for ${visible(resolve(path))}); create it or correct the path`,
      );
    }
    if (code === "ELOOP")
      throw new FileError(`${visible(path)}: is a symbolic link that leads to itself; correct it`);
    if (code === "ERR_INVALID_ARG_VALUE") {
      throw new FileError(
        `${JSON.stringify(path)}: the name of a file must not contain a NUL character; remove it`,
      );
    }
    throw new FileError(
      `${visible(path)}: cannot be read (${code ?? "unknown error"}); check its permissions`,
    );
  }
}

function repositoryAround(folder: string): string {
  return nearestWith(folder, [".git"]) ?? nearestWith(folder, ["Pulumi.yaml", "Pulumi.yml"]) ?? folder;
}

function nearestWith(folder: string, names: readonly string[]): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (names.some((name) => isThere(join(at, name)))) return at;
    if (dirname(at) === at) return undefined;
  }
}
