import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { pages } from "./recipes";

const root = path.join(__dirname, "..", "..", "..");
const read = (file: string) => fs.readFileSync(path.join(root, file), "utf8");
const { version } = JSON.parse(read("package.json")) as { version: string };
const archive = `pulumi-dokploy-${version}.tgz`;

/** The files that a page's commands install, each as the command names it, with the text before the command. */
function installed(text: string): { file: string; before: string }[] {
  return [...text.matchAll(/\bnpm (?:install|i|add) ([^\n&|;`]*)/g)].flatMap(({ 1: words = "", index }) =>
    words
      .replace(/\s#.*/, "")
      .split(/\s+/)
      .filter((word) => /\.tgz$|^file:|^\.|^\//.test(word))
      .map((file) => ({ file, before: text.slice(0, index) })),
  );
}

/** The packages of a lock that another machine does not find: neither a registry nor the folder of the lock has them. */
function missingElsewhere(lock: string, folder: string): string[] {
  const { packages } = JSON.parse(lock) as { packages: Record<string, { resolved?: string }> };
  return Object.entries(packages).flatMap(([name, { resolved = "https:" }]) => {
    if (resolved.startsWith("https:")) return [];
    const file = path.posix.normalize(resolved.replace(/^file:/, ""));
    const isInside = !file.startsWith("..") && !path.isAbsolute(file);
    return isInside && fs.existsSync(path.join(folder, file)) ? [] : [name];
  });
}

describe("the installation that pages describe", () => {
  it("takes the archive from the project's own folder, so that `npm ci` finds it on every machine", () => {
    const examples = fs.readdirSync(path.join(root, "examples")).map((name) => `examples/${name}/README.md`);
    const found = pages().flatMap((page) => installed(read(page)).map((one) => ({ page, ...one })));
    assert.ok(found.length >= examples.length + 1, "README and each example have one");
    for (const example of examples)
      assert.ok(
        found.some(({ page }) => page === example),
        example,
      );
    for (const { page, file, before } of found) {
      assert.equal(file, `./${archive}`, page);
      assert.match(before, new RegExp(`cp \\S*/${archive.replaceAll(".", "\\.")} \\.(?= )`), page);
    }
  });

  it("is found where a command names a file in any way", () => {
    const text = "npm install ../a.tgz b # c.tgz\nnpm i file:d && npm add ./e /f";
    assert.deepEqual(
      installed(text).map(({ file }) => file),
      ["../a.tgz", "file:d", "./e", "/f"],
    );
  });

  it("is committed: no example ignores the archive or the lock", () => {
    for (const name of fs.readdirSync(path.join(root, "examples")))
      assert.equal(read(`examples/${name}/.gitignore`), "node_modules/\n", name);
  });
});

describe("each lock of npm", () => {
  it("names packages of registries and of its own folder alone", () => {
    const inExamples = fs
      .readdirSync(path.join(root, "examples"), { recursive: true, encoding: "utf8" })
      .filter((name) => path.basename(name) === "package-lock.json" && !name.includes("node_modules"));
    const locks = [
      "package-lock.json",
      "site/package-lock.json",
      ...inExamples.map((name) => `examples/${name}`),
    ];
    for (const lock of locks)
      assert.deepEqual(missingElsewhere(read(lock), path.join(root, path.dirname(lock))), [], lock);
  });

  it("may not name a file outside of its folder, or one that is not there", () => {
    const resolved = (text: string) =>
      missingElsewhere(JSON.stringify({ packages: { p: { resolved: text } } }), root);
    for (const text of ["file:../p.tgz", "../p", "file:/p.tgz", "file:none.tgz", "file:a/../../p.tgz"])
      assert.deepEqual(resolved(text), ["p"], text);
    for (const text of ["https://registry.example/p.tgz", "packages/compose-checks", "file:package.json"])
      assert.deepEqual(resolved(text), [], text);
  });
});
