import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { runCheck, runContract } from "../../../../cli/env";
import { UsageError } from "../../../../cli/terminal";
import { FileError } from "../../../../sdk/files";
import { EnvFolder } from "../../sdk/env-files/env-folder";

const pulumi = async () => ({ code: 0, stdout: '{"shop:S": {"value": "canary"}}', stderr: "" });

describe("env contract --infer", () => {
  let folder: EnvFolder;
  beforeEach(() => {
    folder = new EnvFolder();
    folder.write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
  });
  afterEach(() => folder.remove());

  it("finds types, secrets and the stages that have a variable, and no value", () => {
    folder.write(
      "envs/base/api.yaml",
      "PORT: 80\nRATIO: 0.5\nURL: https://canary\nDATA: '[\"canary\"]'\nTZ: canary\n",
    );
    folder.write(
      "envs/test/api.yaml",
      "TOKEN: !secret\nDEBUG: true\nLEVEL: canary\nREF: !ref project.X\nAPI_KEY: '17'\n",
    );
    folder.write(
      "envs/prod/api.yaml",
      "TOKEN: !secret other\nPORT: 443\nRATIO: 2\nLEVEL: 1\nREF: !secret x\n007: a\n",
    );
    folder.write("envs/prod/worker.env", "CACHED=true\n");
    folder.write("envs/test/shared.yaml", "REGION: null\n");
    folder.write("envs/prod/shared.yaml", "REGION: ''\n");
    const expected = [
      "# yaml-language-server: $schema=../node_modules/pulumi-dokploy/schemas/dokploy-env.schema.json",
      "services:",
      "  api:",
      "    PORT: { type: integer }",
      "    RATIO: { type: number }",
      "    URL: { type: url }",
      "    DATA: { type: json }",
      "    TZ: {}",
      "    TOKEN: { secret: true }",
      "    LEVEL: {}",
      "    REF: { secret: true }",
      '    "007": { required: [prod] }',
      "    DEBUG: { type: boolean, required: [test] }",
      "    API_KEY: { required: [test] }",
      "  worker:",
      "    CACHED: { type: boolean, required: [prod] }",
      "shared:",
      "  REGION: {}",
      "",
    ].join("\n");
    assert.equal(runContract(["--infer"]), expected);
    assert.equal(runContract(["--infer", "--write"]), "envs/schema.yaml: written");
    assert.equal(readFileSync("envs/schema.yaml", "utf8"), expected);
  });

  it("overwrites a contract only with --force", () => {
    folder.write("envs/prod/api.yaml", "A: 1\n");
    folder.write("envs/schema.yaml", "# mine\n");
    assert.throws(() => runContract(["--infer", "--write"]), /^Error: envs\/schema\.yaml exists\. /);
    assert.equal(readFileSync("envs/schema.yaml", "utf8"), "# mine\n");
    runContract(["--infer", "--write", "--force"]);
    assert.match(readFileSync("envs/schema.yaml", "utf8"), /A: \{ type: integer \}/);
  });

  it("refuses a folder without stages, a call without --infer, and files that cannot be read", () => {
    assert.throws(
      () => runContract([]),
      new UsageError("env contract needs --infer. See env contract --help."),
    );
    assert.throws(
      () => runContract(["--infer"]),
      /^Error: envs has no folders of stages, such as envs\/prod; /,
    );
    folder.write("envs/prod/api.yaml", "A: [canary]\n");
    folder.write("envs/test/api.yaml", "B: {}\n");
    assert.throws(
      () => runContract(["--infer"]),
      (error) =>
        error instanceof FileError &&
        /^envs\/prod\/api\.yaml:1:4: .*\nenvs\/test\/api\.yaml:1:4: /.test(error.message),
    );
  });

  it("gives a contract that the files meet, for any files", async () => {
    const value = fc.oneof(
      fc.constantFrom(
        "!secret S",
        "!secret",
        "!env HOME",
        "!ref project.X",
        "!plain 1",
        "12",
        "-1",
        "1.5",
        "true",
        "''",
      ),
      fc.constantFrom(
        "https://a",
        "'{}'",
        "'[1]'",
        "'null'",
        "a b",
        "'${{project.A}}'",
        "ghp_canary",
        "007",
        "1e400",
      ),
      fc.stringMatching(/^[a-z0-9+:/. -]{0,12}$/).map((text) => JSON.stringify(text)),
    );
    const variables = fc.dictionary(
      fc.constantFrom("A", "B", "API_TOKEN", "c.d", "007", "null", "1e3", "__x"),
      value,
    );
    const services = fc.dictionary(fc.constantFrom("api", "web", "shared", "null", "1"), variables, {
      minKeys: 1,
    });
    const stages = fc.dictionary(fc.constantFrom("base", "test", "prod", "no"), services);
    await fc.assert(
      fc.asyncProperty(stages, async (made) => {
        const own = new EnvFolder();
        try {
          own.write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
          own.write("envs/some/api.yaml", "A: 1\n");
          for (const [stage, files] of Object.entries(made))
            for (const [service, entries] of Object.entries(files)) {
              const lines = Object.entries(entries).map(([key, text]) => `${key}: ${text}\n`);
              own.write(`envs/${stage}/${service}.yaml`, lines.join(""));
            }
          runContract(["--infer", "--write"]);
          const { output, failed } = await runCheck([], { env: { HOME: "canary" }, pulumi });
          assert.equal(failed, false, `${output}\n${readFileSync("envs/schema.yaml", "utf8")}`);
          assert.doesNotMatch(readFileSync("envs/schema.yaml", "utf8"), /canary|ghp_/);
        } finally {
          own.remove();
        }
      }),
      { numRuns: 40 },
    );
  });
});
