import * as assert from "node:assert/strict";
import { runCheck } from "../../../../cli/env";
import type { RunPulumi } from "../../../../cli/stack";
import { UsageError } from "../../../../cli/terminal";
import { EnvFolder } from "../../sdk/env-files/env-folder";

describe("env check", () => {
  let folder: EnvFolder;
  let secrets: Record<string, Record<string, string>>;
  let calls: number;
  beforeEach(() => {
    folder = new EnvFolder();
    folder.write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    folder.write(
      "envs/schema.yaml",
      [
        "services:",
        "  api:",
        "    LEVEL: { values: [debug, info] }",
        "    TOKEN: { secret: true, pattern: 'tok_.*' }",
        "    URL: { type: url, required: [prod] }",
        "    OLD: { deprecated: use LEVEL }",
        "shared:",
        "  REGION: { values: [eu, us], required: false }",
        "",
      ].join("\n"),
    );
    folder.write("envs/base/api.yaml", "LEVEL: info\nTOKEN: !secret\n");
    folder.write("envs/test/api.yaml", "");
    folder.write("envs/prod/api.yaml", "URL: !env API_URL\n");
    secrets = { test: { TOKEN: "tok_canary" }, prod: { TOKEN: "tok_canary" } };
    calls = 0;
  });
  afterEach(() => folder.remove());

  const pulumi: RunPulumi = async (args) => {
    calls += 1;
    const found = secrets[args[args.indexOf("--stack") + 1] ?? ""];
    if (found === undefined) return { code: 255, stdout: "", stderr: "error: passphrase must be set\n" };
    const values = Object.entries(found).map(([name, value]) => [`shop:${name}`, { value, secret: true }]);
    return { code: 0, stdout: JSON.stringify(Object.fromEntries(values)), stderr: "" };
  };

  async function check(args: string, env: NodeJS.ProcessEnv = { API_URL: "https://canary" }) {
    const words = args.split(" ").filter((word) => word !== "");
    const result = await runCheck(words, { env, pulumi });
    assert.doesNotMatch(result.output, /canary/);
    return result;
  }

  it("finds nothing wrong in files that meet the contract, and reads each stack once", async () => {
    assert.deepEqual(await check(""), { output: "2 stages, 1 service: no problems", failed: false });
    assert.equal(calls, 2);
  });

  it("reports an address of a service that is not there, and checks no value of one that is", async () => {
    folder.write(
      "services/api/dokploy-app.yaml",
      "kind: application\nimage: a:1\ndatabaseUrls: { DB: orders }\n",
    );
    folder.write("services/orders/dokploy-app.yaml", "kind: postgres\n");
    folder.write(
      "envs/schema.yaml",
      "services: { api: { A: { type: url }, B: , C: , D: , E: { required: false } } }\n",
    );
    folder.write("envs/base/api.yaml", "A: !ref orders\nB: !ref DB\nC: !ref IMAGE_TAG\nD: !ref C\n");
    folder.write("envs/prod/api.yaml", "");
    const { output, failed } = await check("");
    assert.match(
      output,
      /^not checked: prod\/api A, test\/api A: is the address of orders, which only Dokploy knows$/m,
    );
    assert.equal(failed, false);
    folder.write("envs/test/api.yaml", "E: !ref oders\n");
    assert.match(
      (await check("")).output,
      /^envs\/test\/api\.yaml:1:1: E: !ref oders is neither a variable of this service nor a service of the repository; did you mean orders\?$/m,
    );
  });

  it("reports each problem once with its place, also one in the files of all stages, and warnings", async () => {
    folder.write("envs/base/api.yaml", "LEVEL: canary\nTOKEN: !secret\nOLD: 1\n");
    folder.write("envs/test/api.yaml", "LEVLE: debug\nTOKEN: canary\n");
    folder.write("envs/prod/api.yaml", "A: [1]\n");
    folder.write("envs/test/shared.yaml", "REGION: canary\n");
    folder.write("envs/test/web.yaml", "X: 1\n");
    secrets["prod"] = { TOKEN: "canary" };
    const { output, failed } = await check("");
    assert.deepEqual(output.split("\n"), [
      "envs/prod/api.yaml:1:4: A: has a nested value, and a variable is text; put it in quotes, for example as JSON",
      "envs/base/api.yaml:1:1: LEVEL: is not one of debug, info (envs/schema.yaml:3:5)",
      "envs/test/api.yaml:2:1: TOKEN: is secret (envs/schema.yaml:4:5), and its value is in the file; write !secret or !env",
      "envs/test/api.yaml:1:1: LEVLE: is not in envs/schema.yaml; did you mean LEVEL?",
      "envs/test/shared.yaml:1:1: REGION: is not one of eu, us (envs/schema.yaml:8:3)",
      "warning: envs/base/api.yaml:3:1: OLD: is deprecated (envs/schema.yaml:6:5): use LEVEL",
      "not in envs/schema.yaml: web",
      "2 stages, 3 services: 5 problems, 1 warning",
    ]);
    assert.equal(failed, true);
    folder.write("envs/prod/api.yaml", "LEVEL: info\n");
    const { problems, ...rest } = JSON.parse((await check("prod --json")).output) as { problems: object[] };
    assert.deepEqual(problems, [
      {
        stages: ["prod"],
        file: "envs/base/api.yaml",
        line: 2,
        column: 1,
        message: "TOKEN: does not match the pattern tok_.* (envs/schema.yaml:4:5)",
      },
      {
        stages: ["prod"],
        file: "envs/prod/api.yaml",
        message: "URL: is missing, and stage prod needs it (envs/schema.yaml:5:5)",
      },
    ]);
    assert.deepEqual(rest, {
      version: 1,
      failed: true,
      stages: ["prod"],
      warnings: [
        {
          stages: ["prod"],
          file: "envs/base/api.yaml",
          line: 3,
          column: 1,
          message: "OLD: is deprecated (envs/schema.yaml:6:5): use LEVEL",
        },
      ],
      notChecked: [],
      uncovered: [],
    });
  });

  it("says which values it could not check, and does not fail for them", async () => {
    secrets = {};
    const { output, failed } = await check("", {});
    assert.deepEqual(output.split("\n"), [
      "not checked: prod/api TOKEN: the secrets of stack prod cannot be read: passphrase must be set",
      "not checked: prod/api URL: the environment has no API_URL, which !env reads",
      "not checked: test/api TOKEN: the secrets of stack test cannot be read: passphrase must be set",
      "2 stages, 1 service: 3 values not checked",
    ]);
    assert.equal(failed, false);
  });

  it("knows what a deployment repository gives a service, and services that nobody has", async () => {
    folder.write(
      "services/api/dokploy-app.yaml",
      "kind: application\nimage: a:1\ndatabaseUrls: { URL: db }\n",
    );
    folder.write("envs/prod/api.yaml", "");
    assert.equal((await check("")).failed, false);
    folder.write("envs/schema.yaml", "services:\n  ap: { X: { required: false } }\n");
    const { output } = await check("");
    assert.match(
      output,
      /^envs\/schema\.yaml:2:3: ap: no stage has a file of this service; correct its name$/m,
    );
    assert.doesNotMatch((await check("test")).output, /no stage/);
  });

  it("refuses a stage or a folder that does not exist, and reports a contract with mistakes", async () => {
    await assert.rejects(check("tset"), new UsageError("There is no stage tset in envs; it has prod, test."));
    await assert.rejects(check("--dir nowhere"), /^Error: There is no nowhere\/schema\.yaml; /);
    folder.write("envs/schema.yaml", "service: {}\n");
    const { output, failed } = await check("");
    assert.equal(failed, true);
    assert.match(
      output,
      /^envs\/schema\.yaml:1:1: service: is not an input of a contract: did you mean services\?$/m,
    );
  });
});
