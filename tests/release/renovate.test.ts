import * as assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import Ajv, { type ValidateFunction } from "ajv";

const execute = promisify(execFile);
const root = path.join(__dirname, "..", "..");
/** The package has the schema of its configuration. */
const renovate = "renovate@44.121.2";

describe("the configuration of Renovate", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(path.join(tmpdir(), "renovate-"));
  const config = JSON.parse(readFileSync(path.join(root, "renovate.json"), "utf8")) as Record<
    string,
    unknown
  >;
  let validate: ValidateFunction;

  before(async function () {
    try {
      const npm = process.platform === "win32" ? "npm.cmd" : "npm";
      const shell = process.platform === "win32";
      const args = ["pack", renovate, "--prefer-offline", "--pack-destination", folder];
      await execute(npm, args, { shell, maxBuffer: 2 ** 26 });
    } catch {
      console.log("      Its schema is not checked here: npm reaches no registry.");
      this.skip();
    }
    const name = "package/renovate-schema.json";
    await execute("tar", ["-xzf", `${renovate.replace("@", "-")}.tgz`, name], { cwd: folder });
    const { $schema: _, ...schema } = JSON.parse(readFileSync(path.join(folder, name), "utf8")) as {
      $schema: string;
    };
    validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is one by its schema, which refuses mistakes", () => {
    assert.equal(validate(config), true, JSON.stringify(validate.errors));
    assert.equal(validate({ ...config, lockFileMaintenance: { enabled: "yes" } }), false);
    assert.equal(validate({ ...config, packageRules: "none" }), false);
  });
});
