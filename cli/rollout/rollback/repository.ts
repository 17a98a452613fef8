import { join, relative } from "node:path";
import { isThere, readSource, type Source, sourceOf } from "../../../sdk/files";
import type { GitRepository } from "../../stack";

/** Files of several commits, of which only those in the history of HEAD can be read. */
export interface PastFiles {
  /** Reads a file, by its path from the working directory; undefined where a commit does not have it. */
  readAt(commit: string, path: string): Source | undefined;
  /** Reason why a commit cannot be read; undefined where it can. */
  missing(commit: string): string | undefined;
  /** Lists files of the folders that have changed since a commit. */
  changedSince(commit: string): readonly string[];
}

/**
 * Reads files as they were at commits, all at once.
 *
 * @param folders folders whose changes are of interest too
 */
export async function readPast(
  repository: GitRepository,
  commits: readonly string[],
  paths: readonly string[],
  folders: readonly string[],
): Promise<PastFiles> {
  const here = await repository.pathOf(".");
  const gitPath = (path: string) => join(here, path).replaceAll("\\", "/");
  const isShallow = await repository.isShallow();
  const merged = new Set<string>();
  const others = new Set<string>();
  const changed = new Map<string, string[]>();
  for (const commit of new Set(commits)) {
    if (!(await repository.has(commit))) continue;
    if (!(await repository.isMerged(commit))) {
      others.add(commit);
      continue;
    }
    merged.add(commit);
    const names = await repository.changedSince(commit, folders.map(gitPath));
    changed.set(
      commit,
      names.map((name) => relative(here, name).replaceAll("\\", "/")),
    );
  }
  const names = [...merged].flatMap((commit) => paths.map((path) => `${commit}:${gitPath(path)}`));
  const contents = await repository.contents(names);
  return {
    readAt(commit, path) {
      const bytes = contents.get(`${commit}:${gitPath(path)}`);
      return bytes && sourceOf(path, bytes);
    },
    missing(commit) {
      if (merged.has(commit)) return undefined;
      const isHere = others.has(commit);
      const problem = `its commit ${commit.slice(0, 9)} is not ${isHere ? "in the history of this branch" : "here"}`;
      if (isShallow) {
        return `${problem}; this clone has only the latest commits: git fetch --unshallow, or fetch-depth: 0 in CI`;
      }
      if (!isHere) return `${problem}; run git fetch --all, or look for it in another clone`;
      return (
        `${problem}, so nobody may have agreed to its values: check out the branch that the stage is deployed from, or merge ` +
        "the commit first"
      );
    },
    changedSince: (commit) => changed.get(commit) ?? [],
  };
}

/** Reads a file of the working tree; undefined where there is none. */
export function readNow(path: string): Source | undefined {
  return isThere(path) ? readSource(path) : undefined;
}
