import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "..", "..");

/**
 * What a process loads beside Pulumi's SDK: modules of this package by their paths, and of others the package's name.
 *
 * @param script where `entry` stands for what is loaded
 */
function loadedBy(entry: string, script = "entry"): string[] {
  const output = execFileSync(
    process.execPath,
    [
      "-e",
      `require("ts-node/register"); require("@pulumi/pulumi");
      const before = new Set(Object.keys(require.cache));
      const entry = require(${JSON.stringify(join(root, entry))}); ${script};
      console.log(JSON.stringify(Object.keys(require.cache).filter((file) => !before.has(file))));`,
    ],
    { cwd: root, env: { ...process.env, TS_NODE_TRANSPILE_ONLY: "1" }, encoding: "utf8" },
  );
  const names = (JSON.parse(output) as string[]).map((file) => {
    const name = file.slice(root.length + 1).replaceAll("\\", "/");
    const [, other] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name) ?? [];
    return other ?? name.replace(/\.ts$/, "");
  });
  // Doors pass names on, and load what has them later.
  return [...new Set(names)].filter((name) => !name.endsWith("/index")).sort();
}

/** The classes, and what they share. */
const isClass = (name: string) => /^sdk(?:$|\/(?:(?:classes|resource|run|program-checks)\/))/.test(name);

describe("the import of the package", () => {
  it("loads what every resource needs, and what only some programs use when they do", () => {
    const loaded = loadedBy("sdk");
    assert.ok(loaded.includes("sdk/classes/generated/classes"), "the classes are there");
    // One more here is time in the start of every program: files, lookups and repositories load their parts themselves.
    assert.deepEqual(
      loaded.filter((name) => !isClass(name)),
      [
        "packages/values/keyed-hash",
        "packages/values/path",
        "packages/values/record",
        "packages/values/unknown",
        "provider/dokploy/kinds",
        "provider/pulumi/urn",
        "provider/resources/generated/kinds",
        "provider/resources/types/image-tag",
        "sdk/env-files/config-secret",
        "sdk/env-files/exported-secrets",
        "sdk/env-files/load-env",
        "sdk/env-files/process-value",
        "sdk/env-files/select",
        "sdk/env-files/values",
        "sdk/files/compose-file",
        "sdk/files/image-file",
        "sdk/files/source",
        "sdk/files/text-file",
        "sdk/lookups/arguments",
        "sdk/lookups/error",
        "sdk/lookups/generated/databases",
        "sdk/lookups/generated/forms",
        "sdk/lookups/generated/git-hosts",
        "sdk/lookups/generated/simple",
        "sdk/lookups/lookup",
        "sdk/repository/deployment-repository",
        "sdk/repository/image-tag",
        "sdk/repository/selection",
      ],
    );
  });
});

describe("the handlers of one kind", () => {
  it("load nothing that calls Dokploy or follows a deployment until they do, and of packages only zod", () => {
    const loaded = loadedBy("provider/runtime", 'entry.provider("Domain")');
    assert.ok(loaded.includes("provider/resources/domain"), "the definition is there");
    assert.deepEqual(
      loaded.filter((name) =>
        /^provider\/(?:dokploy\/(?!settings\/)|deploy\/)|^(?!provider\/|packages\/)/.test(name),
      ),
      [
        "provider/dokploy/dialect",
        "provider/dokploy/generated/facts",
        "provider/dokploy/kinds",
        "provider/dokploy/nouns",
        "zod",
      ],
    );
  });
});
