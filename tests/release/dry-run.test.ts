/** All that a release consists of is made, and nothing is published. */
import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { readWorkflows } from "../ci/workflow";

const root = path.join(__dirname, "..", "..");
const { installGenerator } = require("../../scripts/site.cjs") as { installGenerator(): Promise<void> };
const { buildRelease } = require("../../scripts/release/build.cjs") as {
  buildRelease(folder: string, version: string): Promise<string[]>;
};
const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };

describe("a dry run of a release", function () {
  this.timeout(900_000);
  const folder = mkdtempSync(path.join(tmpdir(), "release-"));
  const read = (...names: string[]) => readFileSync(path.join(folder, ...names));

  before(async function () {
    try {
      await installGenerator();
    } catch (error) {
      // Without a registry the generator of the site cannot be had.
      console.log(`      Nothing is built here: ${(error as Error).message.split("\n").at(-1)}`);
      this.skip();
    }
    await buildRelease(folder, version);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("makes the package that npm takes, and the archives that a GitHub release has, with their sums", () => {
    assert.deepEqual(readdirSync(path.join(folder, "npm")), [`pulumi-dokploy-${version}.tgz`]);
    const archives = readdirSync(path.join(folder, "archives"));
    assert.equal(archives.length, 1 + 3 * 2, "one for any platform, and one for each");
    const name = new RegExp(
      `^pulumi-resource-dokploy-native-v${version.replaceAll(".", "\\.")}(-\\w+)*\\.tar\\.gz$`,
    );
    for (const archive of archives) assert.match(archive, name);
    const sums = read("SHA256SUMS").toString().trimEnd().split("\n");
    assert.equal(sums.length, archives.length + 1);
    for (const line of sums) {
      const [sum = "", name = ""] = line.split("  ");
      const file = existsSync(path.join(folder, "npm", name)) ? read("npm", name) : read("archives", name);
      assert.equal(createHash("sha256").update(file).digest("hex"), sum, name);
    }
  });

  it("has the changelog of the version as notes", () => {
    const notes = read("notes.md").toString();
    assert.ok(notes.trim() !== "" && !/^## /m.test(notes), notes);
    assert.ok(readFileSync(path.join(root, "CHANGELOG.md"), "utf8").includes(notes.trim()));
  });

  it("has the site as GitHub Pages takes it, without a folder around it", () => {
    const names = execFileSync("tar", ["--list", "--file", path.join(folder, "artifact.tar")], {
      encoding: "utf8",
    });
    for (const name of ["./index.html", "./everyday/recipes.html", "./schemas/dokploy-app.schema.json"])
      assert.ok(names.split("\n").includes(name), name);
  });

  it("has every file that the workflow uploads", () => {
    const release = readWorkflows(root).find(({ name }) => name === "release.yml");
    const steps = release?.workflow.jobs["build"]?.steps ?? [];
    const paths = steps.flatMap((step) => String(step.with?.["path"] ?? "").match(/\S+/g) ?? []);
    assert.equal(paths.length, 5);
    for (const each of paths) {
      const [, name = ""] = /^release\/(.+)$/.exec(each) ?? [];
      assert.ok(existsSync(path.join(folder, name)), each);
    }
  });
});
