import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { loadEnv, loadEnvs } from "../../../../sdk";
import { composeFile, FileError, isDirectory, listDirectory } from "../../../../sdk/files";

const config = '[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic canary-of-the-job\n';

describe("a path that leads into .git", () => {
  let root: string;
  const at = (...names: string[]) => path.join(root, ...names);
  const write = (name: string, text: string) => {
    fs.mkdirSync(path.dirname(at(name)), { recursive: true });
    fs.writeFileSync(at(name), text);
  };
  const link = (to: string, name: string) => {
    fs.mkdirSync(path.dirname(at(name)), { recursive: true });
    fs.symlinkSync(to, at(name));
  };
  const refused = (read: () => unknown) =>
    assert.throws(read, (error) => {
      assert.ok(error instanceof FileError, String(error));
      assert.match(error.message, /: leads into \.git, .* are never read/);
      assert.doesNotMatch(error.message, /canary/);
      return true;
    });

  beforeEach(() => {
    root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-git-")));
    write(".git/config", config);
    write(".git/modules/lib/vars.env", "TOKEN=canary-of-the-job\n");
  });
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

  it("is read by no function, in no spelling", () => {
    for (const name of [".git/config", "services/../.git/config", "./.git/../.git/config"])
      refused(() => composeFile(at(name), { root }));
    refused(() => loadEnv(at(".git/modules/lib/vars.env"), { root }));
    refused(() => loadEnvs(at(".git/modules/lib"), { root }));
    refused(() => listDirectory(at(".git"), { root }));
    refused(() => isDirectory(at(".git"), { root }));
    for (const name of [
      ".GIT",
      ".Git",
      ".git.",
      ".git ",
      "git~1",
      "GIT~2",
      ".g\u200cit",
      ".git::$INDEX_ALLOCATION",
    ]) {
      write(`${name}/vars.env`, "TOKEN=canary-of-the-job\n");
      refused(() => loadEnv(at(name, "vars.env"), { root }));
    }
  });

  it("is read by no link", () => {
    link("../.git/config", "links/file.yaml");
    link("../.git", "links/folder");
    link("links/folder", "links-to-links");
    refused(() => composeFile(at("links/file.yaml"), { root }));
    refused(() => composeFile(at("links/folder/config"), { root }));
    refused(() => loadEnv(at("links-to-links/modules/lib/vars.env"), { root }));
    refused(() => loadEnvs(at("links/folder/modules/lib"), { root }));
  });

  it("is one only where a folder has that name", () => {
    for (const name of [
      ".github/vars.env",
      ".gitlab/vars.env",
      "x.git/vars.env",
      "git/vars.env",
      ".git.env",
    ]) {
      write(name, "A=1\n");
      assert.deepEqual(loadEnv(at(name), { root }), { A: "1" });
    }
    // The folder that the repository is in is no part of it.
    write("outer/.git/checkout/a.env", "A=1\n");
    assert.deepEqual(loadEnv(at("outer/.git/checkout/a.env"), { root: at("outer/.git/checkout") }), {
      A: "1",
    });
  });
});
