import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { FileError } from "../../../../sdk/files";
import { adoptedByFile } from "../../../../sdk/resource";

describe("the adoption file", () => {
  const former = { cwd: process.cwd(), adopt: process.env["DOKPLOY_ADOPT"] };
  let folder: string;
  before(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "adoption-file-")));
    process.chdir(folder);
  });
  after(() => {
    process.chdir(former.cwd);
    if (former.adopt === undefined) delete process.env["DOKPLOY_ADOPT"];
    else process.env["DOKPLOY_ADOPT"] = former.adopt;
    fs.rmSync(folder, { recursive: true });
  });

  let files = 0;
  /** Each test has another file, since a run reads one only once. */
  const idIn = (text: string, name = "api") => {
    files += 1;
    process.env["DOKPLOY_ADOPT"] = `${files}.json`;
    fs.writeFileSync(`${files}.json`, text);
    return adoptedByFile("Application", name, undefined);
  };

  it("gives the id of a resource by its type and name", () => {
    const text = JSON.stringify({ Application: { api: "id-1" }, Postgres: { web: "id-2" } });
    assert.equal(idIn(text), "id-1");
    assert.equal(idIn(text, "web"), undefined);
    assert.equal(idIn(text, "constructor"), undefined);
    assert.equal(idIn("{}"), undefined);
  });

  it("is read only if a setting names it", () => {
    delete process.env["DOKPLOY_ADOPT"];
    assert.equal(adoptedByFile("Application", "api", undefined), undefined);
    process.env["DOKPLOY_ADOPT"] = "";
    assert.equal(adoptedByFile("Application", "api", undefined), undefined);
  });

  it("is refused in another form, and where it is missing or outside of the project", () => {
    for (const text of [
      "",
      "[]",
      '{"Application":[]}',
      '{"Application":{"api":1}}',
      '{"Application":{"api":""}}',
    ])
      assert.throws(() => idIn(text), FileError);
    for (const file of ["none.json", "/etc/hostname", "../x.json"]) {
      process.env["DOKPLOY_ADOPT"] = file;
      assert.throws(() => adoptedByFile("Application", "api", undefined), FileError);
    }
  });
});
