import { relative, resolve } from "node:path";
import { visible } from "../../packages/text";
import { UserError } from "../../provider/errors";
import { UsageError } from "../terminal";
import type { RunGit } from "./process";

/** Returns a git that takes each object as it was committed: refs of `git replace`, which a clone may fetch, change none. */
export const withoutReplacements =
  (git: RunGit): RunGit =>
  (args, ...rest) =>
    git(["--no-replace-objects", ...args], ...rest);

/** A version of a file. */
export interface Version {
  /** Path from the top of the repository. */
  readonly path: string;
  readonly blob: string;
}

/** A change of one file; without `before` it is new, without `after` it is removed. */
export interface FileChange {
  readonly before: Version | undefined;
  readonly after: Version | undefined;
}

/** A commit with its files. */
export interface Commit {
  readonly id: string;
  /** Time of the author, as git writes it in ISO 8601. */
  readonly at: string;
  readonly who: string;
  readonly subject: string;
  readonly files: readonly FileChange[];
}

/** Files that may have variables. A whole folder may have been moved, so all of the repository is searched. */
const names = ["*.yaml", "*.yml", "*.env"].map((name) => `:(top,glob,icase)**/${name}`);

/** A repository, read through git. */
export class GitRepository {
  constructor(private readonly git: RunGit) {}

  /**
   * Returns the path of a folder from the top of the repository.
   *
   * @throws UsageError when it is outside
   */
  async pathOf(directory: string): Promise<string> {
    const top = text(await this.#run(["rev-parse", "--show-toplevel"])).replace(/\r?\n$/, "");
    const path = relative(top, resolve(directory)).replaceAll("\\", "/");
    if (path !== ".." && !path.startsWith("../")) return path;
    throw new UsageError(`${directory} is outside of the repository ${top}.`);
  }

  /** True when older commits are missing here. */
  async isShallow(): Promise<boolean> {
    return (await this.#run(["rev-parse", "--is-shallow-repository"])).startsWith("true");
  }

  /** Lists the commits that changed files with variables, each before its parents. Merges are left out. */
  async commits(): Promise<Commit[]> {
    const settings = ["-c", "i18n.logOutputEncoding=UTF-8", "-c", "log.showSignature=false"];
    const format = "--format=%x01%H%x02%aI%x02%aN%x02%s";
    const options = ["log", "-z", "--raw", "--no-abbrev", "-M", "--topo-order", format, "--"];
    return commitsIn(text(await this.#run([...settings, ...options, ...names])));
  }

  /** True when this clone has a commit. */
  async has(commit: string): Promise<boolean> {
    const ended = await this.git(["cat-file", "-e", `${commit}^{commit}`]);
    return ended?.code === 0;
  }

  /** True when a commit is part of the history of HEAD, as far as this clone has it. */
  async isMerged(commit: string): Promise<boolean> {
    const ended = await this.git(["merge-base", "--is-ancestor", commit, "HEAD"]);
    return ended?.code === 0;
  }

  /** Lists the files below folders, from the top of the repository, that differ between a commit and HEAD. */
  async changedSince(commit: string, folders: readonly string[]): Promise<string[]> {
    const options = ["diff", "--name-only", "--no-renames", "-z", commit, "HEAD", "--"];
    const paths = folders.map((folder) => `:(top,literal)${folder}`);
    const names = text(await this.#run([...options, ...paths]));
    return names.split("\0").filter((name) => name !== "");
  }

  /** Reads the contents of versions, by their blobs, or by names such as `<commit>:<path>`. */
  async contents(blobs: Iterable<string>): Promise<ReadonlyMap<string, Uint8Array>> {
    const list = [...new Set(blobs)];
    const output = await this.#run(["cat-file", "--batch"], list.map((blob) => `${blob}\n`).join(""));
    const contents = new Map<string, Uint8Array>();
    let at = 0;
    for (const blob of list) {
      const lineEnd = output.indexOf("\n", at);
      const [, type, size] = output.slice(at, lineEnd).split(" ");
      at = lineEnd + 1;
      // A missing blob has a line without a size: a partial clone does not have all.
      if (type !== "blob") continue;
      const end = at + Number(size);
      contents.set(blob, Buffer.from(output.slice(at, end), "latin1"));
      at = end + 1;
    }
    return contents;
  }

  /** @throws UserError when git is missing or fails */
  async #run(args: readonly string[], input = ""): Promise<string> {
    const ended = await this.git(args, input);
    if (ended === undefined) throw new UserError("The history cannot be read: git is not on the PATH.");
    if (ended.code === 0) return ended.stdout;
    const [reason = ""] = text(ended.stderr).trim().split("\n");
    throw new UserError(`The history cannot be read: git says "${visible(reason)}".`);
  }
}

/** Decodes output of {@link RunGit}. */
function text(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** Parses what `git log -z --raw` prints: a head for each commit, then a line and one or two paths for each file. */
function commitsIn(output: string): Commit[] {
  const commits: (Commit & { files: FileChange[] })[] = [];
  const parts = output.split("\0");
  for (let at = 0; at < parts.length; at++) {
    const part = (parts[at] ?? "").replace(/^\n/, "");
    if (part.startsWith("\u0001")) {
      const [id = "", time = "", who = "", ...subject] = part.slice(1).split("\u0002");
      commits.push({ id, at: time, who, subject: subject.join(" "), files: [] });
    } else if (part.startsWith(":")) {
      const [modeBefore = "", modeAfter = "", before = "", after = "", status = ""] = part
        .slice(1)
        .split(" ");
      const path = parts[++at] ?? "";
      const newPath = /^[RC]/.test(status) ? (parts[++at] ?? "") : path;
      commits.at(-1)?.files.push({
        before: versionOf(modeBefore, path, before),
        after: versionOf(modeAfter, newPath, after),
      });
    }
  }
  return commits;
}

/** Links and submodules have no variables. */
function versionOf(mode: string, path: string, blob: string): Version | undefined {
  return mode.startsWith("100") ? { path, blob } : undefined;
}
