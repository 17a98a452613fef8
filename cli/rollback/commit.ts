import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { visible } from "../../packages/text/visible";
import { UserError } from "../../provider/errors/problem";
import { isThere } from "../../sdk/files/source";
import { type RunGit, text } from "../env-history/git";
import { withMark } from "../files/replace";
import { Refused } from "./refused";

/** A new text of a file that git knows by its path from the top of the repository. */
export interface NewText {
  /** Path from the working directory. */
  readonly path: string;
  readonly gitPath: string;
  readonly text: string;
}

/** Writes commits without a change of the working tree, the index or the current branch. */
export class Committing {
  constructor(private readonly git: RunGit) {}

  /** @throws Refused when a file has changes that are not committed, or does not belong to the repository */
  async assertClean(files: readonly NewText[]): Promise<void> {
    const paths = files.map(({ gitPath }) => `:(top,literal)${gitPath}`);
    const changed = await this.#run(["status", "--porcelain", "-z", "--untracked-files=all", "--", ...paths]);
    const [first] = changed.split("\0");
    if (first) {
      throw new Refused(
        `${visible(first.slice(3))} has changes that are not committed: commit them or take them back, and try again`,
      );
    }
    for (const { path, gitPath } of files) {
      const mode = await this.#modeOf(gitPath);
      if (mode === undefined && isThere(path)) throw new Refused(`${visible(path)} is ignored by git`);
      if (mode !== undefined && !mode.startsWith("100")) {
        throw new Refused(`${visible(path)} is a symbolic link, which this command does not follow`);
      }
    }
  }

  /**
   * Writes a commit on a new branch.
   *
   * @returns its hash
   * @throws Refused when the branch exists
   */
  async commit(branch: string, message: string, files: readonly NewText[]): Promise<string> {
    const head = await this.#line(["rev-parse", "--verify", "HEAD^{commit}"]);
    const there = await this.git(["show-ref", "--verify", "--quiet", `refs/heads/${branch}`]);
    if (there?.code === 0) {
      throw new Refused(`the branch ${branch} exists already: delete it with git branch -D, and try again`);
    }
    const folder = mkdtempSync(join(tmpdir(), "pulumi-dokploy-"));
    try {
      const index = { GIT_INDEX_FILE: join(folder, "index") };
      await this.#run(["read-tree", head], "", index);
      for (const { path, gitPath, text: contents } of files) {
        const mode = (await this.#modeOf(gitPath)) ?? "100644";
        const hash = ["hash-object", "-w", "--stdin", "--path", path];
        const blob = await this.#line(hash, withMark(path, contents));
        const update = ["update-index", "--add", "--cacheinfo", `${mode},${blob},${gitPath}`];
        await this.#run(update, "", index);
      }
      const tree = await this.#line(["write-tree"], "", index);
      const signs = (await this.git(["config", "--type=bool", "commit.gpgSign"]))?.stdout.trim() === "true";
      const made = ["commit-tree", ...(signs ? ["-S"] : []), tree, "-p", head];
      const commit = await this.#line(made, message);
      // The empty name means that the branch must not exist.
      await this.#run(["update-ref", `refs/heads/${branch}`, commit, ""]);
      return commit;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Returns the mode of a file in the index; undefined when git does not know the file. */
  async #modeOf(gitPath: string): Promise<string | undefined> {
    const entry = await this.#run(["ls-files", "-s", "-z", "--", `:(top,literal)${gitPath}`]);
    return /^\d{6}/.exec(entry)?.[0];
  }

  async #line(args: readonly string[], input = "", env: NodeJS.ProcessEnv = {}): Promise<string> {
    return (await this.#run(args, input, env)).trim();
  }

  /** @throws UserError when git fails */
  async #run(args: readonly string[], input = "", env: NodeJS.ProcessEnv = {}): Promise<string> {
    const ended = await this.git(args, input, env);
    if (ended?.code === 0) return text(ended.stdout);
    const lines = ended && text(ended.stderr).trim().split("\n");
    const reason =
      lines?.find((line) => /^(?:fatal|error):/.test(line)) ?? lines?.[0] ?? "it is not on the PATH";
    throw new UserError(`The commit cannot be written: git says "${visible(reason)}".`);
  }
}
