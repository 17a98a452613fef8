import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { composeRules } from "../../../../packages/compose-checks/checks";
import { check } from "../../../../packages/compose-checks/tests/found";
import { planChecks, serverChecks } from "../../../../provider/dokploy";
import { composeFile, FileError } from "../../../../sdk/files";

const root = resolve(__dirname, "..", "..", "..", "..");

describe("a compose file as a source", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "compose-file-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("holds the text and the name that the program gave", () => {
    const path = join(folder, "compose.yaml");
    writeFileSync(path, "\uFEFFservices: {}\n");
    assert.deepEqual(composeFile(path, { root: folder }), {
      type: "raw",
      composeFile: "services: {}\n",
      file: path,
    });
  });

  it("is an error with its name when it does not exist", () => {
    const path = join(folder, "nothing.yaml");
    assert.throws(
      () => composeFile(path, { root: folder }),
      (error) => error instanceof FileError && error.message.startsWith(`${path}: there is no such file`),
    );
  });
});

describe("checks of compose files and programs", () => {
  it("are in the documentation with their defaults", () => {
    const text = readFileSync(join(root, "docs", "everyday", "compose-checks.md"), "utf8");
    const documented = [...text.matchAll(/^\| `([\w-]+)` \| (\w+) \|/gm)].map(([, rule, level]) => [
      rule,
      level,
    ]);
    assert.deepEqual(Object.fromEntries(documented), {
      ...composeRules,
      ...planChecks,
      ...serverChecks,
    });
  });

  it("find nothing in the examples", () => {
    const text = readFileSync(
      join(root, "examples/deployment-repository/services/cache/compose.yaml"),
      "utf8",
    );
    const variables = { CACHE_MEMORY: undefined, CACHE_PASSWORD: undefined, CACHE_HOST: undefined };
    assert.deepEqual(check(text, { variables }), []);
  });

  it("load the YAML library and the schema only for a compose file", function () {
    this.timeout(30_000);
    const loaded = execFileSync(
      process.execPath,
      [
        "-r",
        "ts-node/register",
        "-e",
        `require("./provider/resources/compose");
        console.log(Object.keys(require.cache).filter((file) => /node_modules.(ajv|yaml).|compose-spec\\.json$/.test(file)).length);`,
      ],
      { cwd: root, encoding: "utf8", env: { ...process.env, TS_NODE_TRANSPILE_ONLY: "1" } },
    );
    assert.equal(loaded.trim(), "0");
  });
});
