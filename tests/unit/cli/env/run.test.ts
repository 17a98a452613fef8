import * as assert from "node:assert/strict";
import { runWith } from "../../../../cli/env";
import { UsageError } from "../../../../cli/terminal";
import { UserError } from "../../../../provider/errors";
import { EnvFolder } from "../../sdk/env-files/env-folder";

const canary = "canary-77aa-90be";

describe("env run", () => {
  let folder: EnvFolder;
  let locked: boolean;
  let started: { command: string; args: readonly string[]; env: NodeJS.ProcessEnv }[];
  let warnings: string[];
  let printed: string;

  beforeEach(() => {
    folder = new EnvFolder();
    folder.write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    locked = false;
    started = [];
    warnings = [];
    printed = "";
  });
  afterEach(() => {
    folder.remove();
    assert.doesNotMatch(printed, /canary/);
  });

  async function run(line: string, env: NodeJS.ProcessEnv = {}): Promise<NodeJS.ProcessEnv> {
    const code = await runWith(line.split(" "), {
      env,
      pulumi: async (args) => {
        if (locked) return { code: 255, stdout: "", stderr: "error: passphrase must be set\n" };
        const stack = args[args.indexOf("--stack") + 1];
        if (args[1] === "export") {
          const secret = (name: string, value: string) => ({
            urn: `urn:pulumi:${stack}::shop::pulumi-nodejs:dynamic/dokploy:GeneratedSecret::${name}`,
            outputs: {
              value: { "4dabf18193072939515e22adb298388d": "1b47", plaintext: JSON.stringify(value) },
            },
          });
          const resources = ["api/KEY", "api/KEY/2", "shop-shared/COOKIE"].map((name) =>
            secret(name, `${canary}-${stack}-${name}`),
          );
          return { code: 0, stdout: JSON.stringify({ deployment: { resources } }), stderr: "" };
        }
        const config = { "shop:TOKEN": { value: `${canary}-${stack}`, secret: true } };
        return { code: 0, stdout: JSON.stringify(config), stderr: "" };
      },
      start: async (command, args, given) => {
        started.push({ command, args, env: given });
        return 7;
      },
      warn: (message) => {
        warnings.push(message);
        printed += message;
      },
    });
    assert.equal(code, 7);
    return started.at(-1)?.env ?? {};
  }

  async function refusal(line: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
    try {
      await run(line, env);
    } catch (error) {
      assert.ok(error instanceof UserError || error instanceof UsageError, String(error));
      printed += error.message;
      assert.deepEqual(started, []);
      return error.message;
    }
    throw new assert.AssertionError({ message: `${line} was carried out` });
  }

  it("gives generated values from the state, also those of a rotation and of shared variables", async () => {
    folder.write(
      "envs/test/api.yaml",
      "KEY: { rotate: { current: !generate , next: !generate { rotation: 2 } } }\nCOOKIE: !ref environment.COOKIE\n",
    );
    folder.write("envs/test/shared.yaml", "COOKIE: !generate\n");
    const { KEY, KEY_NEXT, COOKIE } = await run("--stage test --service api -- x");
    assert.deepEqual(
      [KEY, KEY_NEXT, COOKIE],
      ["api/KEY", "api/KEY/2", "shop-shared/COOKIE"].map((name) => `${canary}-test-${name}`),
    );
  });

  it("says why a generated value is missing", async () => {
    folder.write("envs/test/api.yaml", "OTHER: !generate\n");
    assert.match(
      await refusal("--stage test -- x"),
      /OTHER: !generate has no value in stack test yet: its first update makes one/,
    );
    locked = true;
    assert.match(
      await refusal("--stage test -- x"),
      /OTHER: the state of stack test cannot be read: passphrase must be set/,
    );
  });

  it("refuses variables that break the contract, as env check names them, but not those left out", async () => {
    folder.write(
      "envs/schema.yaml",
      "services:\n  api:\n    PORT: { type: integer }\n    URL: { required: [test] }\n    OLD: { deprecated: use PORT }\n",
    );
    folder.write("envs/test/api.yaml", `PORT: ${canary}\nOLD: x\n`);
    assert.equal(
      await refusal("--stage test -- x"),
      [
        "Variables of api in stage test break the contract, so the command did not run:",
        "  envs/test/api.yaml:1:1: PORT: is not an integer (envs/schema.yaml:3:5)",
        "  envs/test/api.yaml: URL: is missing, and stage test needs it (envs/schema.yaml:4:5)",
        "Correct that, or leave variables out with --skip.",
      ].join("\n"),
    );
    assert.deepEqual(await run("--stage test --skip PORT,URL -- x"), {
      OLD: "x",
      PULUMI_DOKPLOY_STAGE: "test",
    });
    assert.deepEqual(warnings, [
      "envs/test/api.yaml:2:1: OLD: is deprecated (envs/schema.yaml:5:5): use PORT",
    ]);
  });

  it("gives the command the variables of the service on top of its own, without a word on the command line", async () => {
    folder.write("envs/base/api.yaml", "A: base\nB: base\nTOKEN: !secret\n");
    folder.write("envs/test/api.yaml", "B: test\nHOOK: !env CI_HOOK\nTEXT: |-\n  two\n  lines\n");
    const env = { PATH: "/bin", A: "outside", CI_HOOK: `${canary}-hook` };
    assert.deepEqual(await run("--stage test -- npm run -- --stage x", env), {
      ...env,
      A: "base",
      B: "test",
      TOKEN: `${canary}-test`,
      HOOK: `${canary}-hook`,
      TEXT: "two\nlines",
      PULUMI_DOKPLOY_STAGE: "test",
    });
    assert.deepEqual(
      started.map(({ command, args }) => [command, ...args]),
      [["npm", "run", "--", "--stage", "x"]],
    );
    assert.equal((await run("--stage test --stack other -- x", env))["TOKEN"], `${canary}-other`);
    assert.deepEqual(warnings, []);
  });

  it("takes the only service, and lists them where there are several", async () => {
    folder.write("envs/test/api.yaml", "A: 1\n");
    folder.write("envs/test/shared.yaml", "A: 2\n");
    assert.equal((await run("--stage test -- x"))["A"], "1");
    started = [];
    folder.write("envs/base/web.yaml", "A: 3\n");
    assert.match(
      await refusal("--stage test -- x"),
      /several services; name one with --service: api, shared, web\.$/,
    );
    assert.equal((await run("--stage test --service web -- x"))["A"], "3");
    started = [];
    assert.match(await refusal("--stage test --service wbe -- x"), /no service wbe\. Did you mean web\?/);
  });

  it("resolves references from the files as Dokploy does", async () => {
    folder.write(
      "envs/base/shared.yaml",
      "HOST: example.com\nURL: https://${{environment.HOST}}\nKEY: !secret TOKEN\n",
    );
    folder.write(
      "envs/test/api.yaml",
      [
        "HOST: !ref environment.HOST",
        "URL: ${{environment.HOST}}:${{PORT}}/${{project.HOST}}",
        "PORT: 80",
        "KEY: !ref environment.KEY",
        "CI: ${{ github.ref }} {{ x }} $HOME ${HOME}",
      ].join("\n"),
    );
    const env = await run("--stage test -- x");
    assert.equal(env["HOST"], "example.com");
    assert.equal(env["URL"], "example.com:80/example.com");
    assert.equal(env["KEY"], `${canary}-test`);
    assert.equal(env["CI"], "${{ github.ref }} {{ x }} $HOME ${HOME}");
  });

  it("refuses variables without a value, names each with its reason, and leaves them out with --skip", async () => {
    locked = true;
    folder.write(
      "services/api/dokploy-app.yaml",
      "kind: application\nimage: a:1\ndatabaseUrls: { DATABASE_URL: db }\n",
    );
    folder.write("services/db/dokploy-app.yaml", "kind: postgres\n");
    folder.write("envs/test/shared.yaml", "HOST: a\nKEY: !secret TOKEN\n");
    folder.write(
      "envs/test/api.yaml",
      [
        "A: 1",
        "TOKEN: !secret",
        "HOOK: !env CI_HOOK",
        // In a deployment repository, the shared variables are those of the environment.
        "P: !ref project.HOST",
        "E: a ${{environment.NONE}}",
        "K: !ref environment.KEY",
        "V: !ref vault.v.x",
        "T: ${{TOKEN}}",
        "O: ${{NONE}}",
        "D: !ref db",
        "S: !ref api:80/x",
      ].join("\n"),
    );
    const message = await refusal("--stage test -- x");
    const lines = message.split("\n");
    assert.equal(lines[0], "Variables of api in stage test have no value, so the command did not run:");
    const reasons = Object.fromEntries(lines.slice(1, -1).map((line) => line.trim().split(/: (.*)/)));
    const noSecret = "the secrets of stack test cannot be read: passphrase must be set";
    assert.deepEqual(reasons, {
      TOKEN: noSecret,
      HOOK: "the environment has no CI_HOOK, which !env reads",
      DATABASE_URL: "databaseUrls of services/api/dokploy-app.yaml gives it",
      P: "refers to ${{project.HOST}}, which has no value in any file",
      E: "refers to ${{environment.NONE}}, which has no value in any file",
      K: `refers to \${{environment.KEY}}: ${noSecret}`,
      V: "refers to a vault, which only Dokploy reads",
      T: `refers to \${{TOKEN}}: ${noSecret}`,
      D: "is the address of db, which only Dokploy knows",
      S: "is the address of api, which only Dokploy knows",
      O: "contains ${{NONE}}, which Dokploy does not find among the variables of this text, so the deployment fails; add NONE",
    });
    const skip = /--skip (\S+):/.exec(lines.at(-1) ?? "")?.[1];
    const env = await run(`--stage test --skip ${skip} -- x`, { DATABASE_URL: "postgres://localhost" });
    const { A, TOKEN, DATABASE_URL } = env;
    assert.deepEqual(
      { A, TOKEN, DATABASE_URL },
      { A: "1", TOKEN: undefined, DATABASE_URL: "postgres://localhost" },
    );
    assert.equal((await run("--stage test --skip * -- x"))["A"], undefined);
  });

  it("refuses production by the name of the stage or the stack, unless it is allowed", async () => {
    for (const stage of ["prod", "production", "live", "eu-prod", "Prod.eu", "delivery", "products"])
      folder.write(`envs/${stage}/api.yaml`, "TOKEN: !secret\n");
    for (const stage of ["prod", "production", "live", "eu-prod", "Prod.eu"]) {
      assert.match(await refusal(`--stage ${stage} -- x`), /is production by its name.*--allow-prod/);
    }
    assert.match(
      await refusal("--stage delivery --stack acme/shop/prod -- x"),
      /^acme\/shop\/prod is production/,
    );
    await run("--stage delivery -- x");
    await run("--stage products -- x");
    assert.deepEqual(warnings, []);
    assert.equal((await run("--stage prod --allow-prod -- x"))["TOKEN"], `${canary}-prod`);
    assert.deepEqual(warnings, ["x runs with the variables of api in stage prod"]);
  });

  it("refuses to mix the variables of two stages", async () => {
    folder.write("envs/test/api.yaml", "A: 1\n");
    folder.write("envs/prod/api.yaml", "B: 1\n");
    const outer = await run("--stage test -- bash");
    started = [];
    const message = await refusal("--stage prod --allow-prod -- x", outer);
    assert.match(message, /already has the variables of stage test.*leave the shell/);
    assert.equal((await run("--stage test -- x", outer))["A"], "1");
  });

  it("refuses a value that no process can have, without showing it", async () => {
    folder.write("envs/test/api.yaml", "HOOK: !env CI_HOOK\n");
    assert.match(
      await refusal("--stage test -- x", { CI_HOOK: `${canary}\0` }),
      /HOOK: contains a NUL character/,
    );
  });

  it("refuses wrong arguments and files with problems", async () => {
    folder.write("envs/test/api.yaml", "A: 1\n");
    for (const [line, message] of [
      ["--stage test", /^Write the command after --/],
      ["--stage test --", /^Write the command after --/],
      ["--stage test npm -- start", /^Write the command after --/],
      ["-- npm", /^Name the stage/],
      ["--stage base -- npm", /^base is part of every stage/],
      ["--stage tset -- npm", /^There is no folder envs\/tset .*the stages are test\.$/],
      ["--stage test --nope -- npm", /nope/],
    ] as const) {
      assert.match(await refusal(line), message);
    }
    folder.write("envs/test/api.yaml", `A: [${canary}]\n`);
    await assert.rejects(
      run("--stage test -- x"),
      /^FileError: envs\/test\/api\.yaml:1:4: A: has a nested value/,
    );
  });
});
