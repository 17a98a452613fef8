import * as assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runGit } from "../../../../cli/env-history/git";
import { Committing, type NewText } from "../../../../cli/rollback/commit";
import { Refused } from "../../../../cli/rollback/refused";
import { EnvFolder } from "../../env-files/env-folder";

describe("a commit that goes back", () => {
  let folder: EnvFolder;
  const who = {
    ...{ GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@example.com" },
    ...{ GIT_COMMITTER_NAME: "Ada", GIT_COMMITTER_EMAIL: "ada@example.com" },
    ...{ GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
  };
  const committing = new Committing((args, input, env) => runGit(args, input, { ...who, ...env }));
  const textOf = (path: string, text: string): NewText => ({ path, gitPath: path, text });

  async function git(...args: readonly string[]): Promise<string> {
    const ended = await runGit(args, "", who);
    assert.equal(ended?.code, 0, ended?.stderr);
    return ended?.stdout ?? "";
  }

  beforeEach(async () => {
    folder = new EnvFolder();
    await git("init", "-q", "-b", "main");
    folder.write("a.yaml", "A: 1\n");
    folder.write("run.yaml", "R: 1\n");
    folder.write(".gitignore", "*.env\n");
    await git("update-index", "--add", "--chmod=+x", "run.yaml");
    await git("add", "-A");
    await git("update-index", "--chmod=+x", "run.yaml");
    await git("commit", "-q", "-m", "First");
    await git("checkout", "-q", "-f", "HEAD");
  });
  afterEach(() => folder.remove());

  it("has the new texts and the modes of the files, while the working tree and its branch stay", async () => {
    folder.write("other.yaml", "not committed\n");
    const files = [textOf("a.yaml", "A: ä\n"), textOf("run.yaml", "R: 2\n"), textOf("new/b.yaml", "B: 1\n")];
    await committing.assertClean(files);
    const before = [await git("rev-parse", "HEAD"), await git("status", "--porcelain")];
    const commit = await committing.commit("rollback-api", "Roll back\n\nü\n", files);
    assert.deepEqual([await git("rev-parse", "HEAD"), await git("status", "--porcelain")], before);
    assert.equal((await git("rev-parse", "rollback-api")).trim(), commit);
    assert.equal(await git("rev-parse", "rollback-api^"), before[0]);
    const shown = async (path: string) =>
      Buffer.from(await git("show", `rollback-api:${path}`), "latin1").toString();
    assert.equal(await shown("a.yaml"), "A: ä\n");
    assert.equal(await shown("new/b.yaml"), "B: 1\n");
    assert.match(await git("ls-tree", "rollback-api", "run.yaml"), /^100755 /);
    assert.equal(await git("diff", "--name-only", "HEAD", "rollback-api"), "a.yaml\nnew/b.yaml\nrun.yaml\n");
  });

  it("leaves no file behind outside of the repository, also after a failure", async () => {
    const former = { ...process.env };
    const temporary = mkdtempSync(join(tmpdir(), "rollback-commit-"));
    try {
      for (const name of ["TMPDIR", "TEMP", "TMP"]) process.env[name] = temporary;
      await committing.commit("done", "x", [textOf("a.yaml", "A: 2\n")]);
      await assert.rejects(committing.commit("failed", "x", [textOf("../outside.yaml", "A: 2\n")]));
      assert.deepEqual(readdirSync(temporary), []);
    } finally {
      for (const name of ["TMPDIR", "TEMP", "TMP"]) {
        const value = former[name];
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      rmSync(temporary, { recursive: true });
    }
  });

  it("keeps a byte order mark", async () => {
    folder.write("a.yaml", "\uFEFFA: 1\n");
    await git("commit", "-q", "-a", "-m", "Mark");
    await committing.commit("marked", "x", [textOf("a.yaml", "A: 2\n")]);
    assert.equal(await git("show", "marked:a.yaml"), Buffer.from("\uFEFFA: 2\n").toString("latin1"));
  });

  it("is refused for files with changes, for ignored ones and links, and for a branch that exists", async () => {
    const refused = async (path: string, message: RegExp) =>
      await assert.rejects(committing.assertClean([textOf(path, "x")]), (error: Error) => {
        assert.ok(error instanceof Refused);
        assert.match(error.message, message);
        return true;
      });
    folder.write("a.yaml", "A: changed\n");
    await refused("a.yaml", /^a\.yaml has changes that are not committed/);
    folder.write("new.yaml", "");
    await refused("new.yaml", /^new\.yaml has changes that are not committed/);
    folder.write("api.env", "");
    await refused("api.env", /^api\.env is ignored by git$/);
    symlinkSync("a.yaml", "link.yaml");
    await git("add", "link.yaml");
    await git("commit", "-q", "-m", "Link", "link.yaml");
    await refused("link.yaml", /^link\.yaml is a symbolic link/);
    await git("branch", "there");
    await assert.rejects(committing.commit("there", "x", []), /^Refused?: |the branch there exists already/);
  });

  it("is signed where git is set up to sign, and fails where it cannot", async () => {
    await git("config", "commit.gpgSign", "true");
    await git("config", "gpg.program", "/no/such/program");
    await assert.rejects(
      committing.commit("signed", "x", [textOf("a.yaml", "A: 2\n")]),
      /^UserError: The commit cannot be written: git says/,
    );
    assert.equal((await git("branch", "--list", "signed")).trim(), "");
  });

  it("says what git says when it has no author", async () => {
    const nobody = {
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_AUTHOR_EMAIL: "",
      GIT_AUTHOR_NAME: "",
    };
    const unknown = new Committing((args, input, env) => runGit(args, input, { ...nobody, ...env }));
    await assert.rejects(
      unknown.commit("x", "x", [textOf("a.yaml", "A: 2\n")]),
      /^UserError: The commit cannot be written: git says "fatal: /,
    );
  });
});
