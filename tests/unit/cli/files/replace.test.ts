import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { replaceFiles } from "../../../../cli/files";

describe("replaced files", () => {
  let folder: string;
  const at = (name: string) => path.join(folder, name);
  const read = (name: string) => fs.readFileSync(at(name), "utf8");

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-replace-"));
    fs.writeFileSync(at("a.yaml"), "a");
    fs.writeFileSync(at("b.yaml"), "\uFEFFb");
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  it("keep their permissions, their byte order mark and the links to them", () => {
    fs.chmodSync(at("a.yaml"), 0o640);
    const { mode } = fs.statSync(at("a.yaml"));
    fs.symlinkSync("a.yaml", at("link.yaml"));
    replaceFiles(
      new Map([
        [at("link.yaml"), "new a"],
        [at("b.yaml"), "new b"],
      ]),
    );
    assert.deepEqual([read("a.yaml"), read("b.yaml")], ["new a", "\uFEFFnew b"]);
    assert.equal(fs.statSync(at("a.yaml")).mode, mode);
    assert.ok(fs.lstatSync(at("link.yaml")).isSymbolicLink());
    assert.deepEqual(fs.readdirSync(folder).sort(), ["a.yaml", "b.yaml", "link.yaml"]);
  });

  it("all stay as they are when one cannot be written, and no new file is left", () => {
    const texts = new Map([
      [at("a.yaml"), "new a"],
      [at("missing/c.yaml"), "new"],
    ]);
    assert.throws(() => replaceFiles(texts), /ENOENT/);
    assert.equal(read("a.yaml"), "a");
    assert.deepEqual(fs.readdirSync(folder).sort(), ["a.yaml", "b.yaml"]);
  });

  it("are created where there are none", () => {
    replaceFiles(new Map([[at("c.yaml"), "c"]]));
    assert.equal(read("c.yaml"), "c");
    assert.deepEqual(fs.readdirSync(folder).sort(), ["a.yaml", "b.yaml", "c.yaml"]);
  });
});
