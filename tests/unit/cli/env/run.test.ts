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
        const exported = JSON.stringify({ api: { HOOK: `${canary}-hook`, OWN: `${canary}-former` } });
        const config = {
          "shop:TOKEN": { value: `${canary}-${stack}`, secret: true },
          "shop:api.OWN": { value: `${canary}-own`, secret: true },
          "shop:exportedSecrets": { value: exported, secret: true },
        };
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

  it("takes the secrets that an export stored, unless a setting has their name", async () => {
    folder.write("envs/test/api.yaml", "A: !secret api.NONE\n");
    assert.match(
      await refusal("--stage test -- x"),
      /A: stack test has no shop:api\.NONE in its configuration/,
    );
    folder.write("envs/test/api.yaml", "A: !secret api.HOOK\nB: !secret api.OWN\n");
    const { A, B } = await run("--stage test -- x");
    assert.deepEqual({ A, B }, { A: `${canary}-hook`, B: `${canary}-own` });
  });

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

  it("gives texts with secrets inside, also with one that another variable describes", async () => {
    folder.write(
      "envs/test/api.yaml",
      "KEY: !generate { rotation: 2 }\nURL: !text { text: 'a:${K}@${T}$${X}', values: { K: !generate KEY, T: !secret TOKEN } }\n",
    );
    const { KEY, URL } = await run("--stage test -- x");
    assert.deepEqual(
      [KEY, URL],
      [`${canary}-test-api/KEY/2`, `a:${canary}-test-api/KEY/2@${canary}-test$\${X}`],
    );
  });

  it("says why a value inside a text is missing", async () => {
    folder.write("envs/test/api.yaml", "URL: !text { text: '${K}', values: { K: !generate OTHER } }\n");
    assert.match(await refusal("--stage test -- x"), /URL: !generate has no value in stack test yet/);
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

  it("refuses names that make programs load code, unless the operator names them", async () => {
    const names = [
      ...[
        "PATH",
        "Path",
        "HOME",
        "SHELL",
        "BASH_ENV",
        "ENV",
        "LD_PRELOAD",
        "LD_LIBRARY_PATH",
        "DYLD_INSERT_LIBRARIES",
      ],
      ...[
        "NODE_OPTIONS",
        "NODE_PATH",
        "NODE_REPL_EXTERNAL_MODULE",
        "npm_config_script_shell",
        "NPM_CONFIG_NODE_OPTIONS",
      ],
      ...[
        "PYTHONPATH",
        "PYTHONSTARTUP",
        "PYTHONHOME",
        "RUBYOPT",
        "RUBYLIB",
        "PERL5OPT",
        "PERL5LIB",
        "BUNDLE_GEMFILE",
      ],
      ...["JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH", "GRADLE_OPTS", "MAVEN_OPTS"],
      ...[
        "GIT_SSH_COMMAND",
        "GIT_EXTERNAL_DIFF",
        "GIT_CONFIG_COUNT",
        "EDITOR",
        "VISUAL",
        "PAGER",
        "BROWSER",
        "LESSOPEN",
      ],
      ...[
        "PHP_INI_SCAN_DIR",
        "PHPRC",
        "GOFLAGS",
        "RUSTC_WRAPPER",
        "DOTNET_STARTUP_HOOKS",
        "CORECLR_PROFILER_PATH",
      ],
      ...[
        "ERL_FLAGS",
        "LUA_INIT",
        "OPENSSL_CONF",
        "GCONV_PATH",
        "GTK_MODULES",
        "AWS_CONFIG_FILE",
        "KUBECONFIG",
      ],
      ...[
        "ELECTRON_RUN_AS_NODE",
        "DENO_DIR",
        "BUN_OPTIONS",
        "PSModulePath",
        "PULUMI_HOME",
        "MAKEFLAGS",
        "ZDOTDIR",
        "MAKEFILES",
        "COMPOSE_FILE",
        "LESSKEY",
      ],
      ...[
        "PS1",
        "MANPAGER",
        "FCEDIT",
        "GUNICORN_CMD_ARGS",
        "NIX_LD",
        "FLASK_APP",
        "KOTLIN_HOME",
        "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES",
        "VSCODE_INSPECTOR_OPTIONS",
        "SDL_VIDEODRIVER",
        "UWSGI_PYTHON_PATH",
        "ESBUILD_BINARY_PATH",
        "PRISMA_QUERY_ENGINE_LIBRARY",
        "PRISMA_SCHEMA_ENGINE_BINARY",
        "NAPI_RS_NATIVE_LIBRARY_PATH",
        "PUPPETEER_EXECUTABLE_PATH",
        "MAGICK_CONFIGURE_PATH",
      ],
    ];
    for (const name of names) {
      folder.write("envs/test/api.yaml", `A: 1\n${name}: ${canary}\n`);
      const message = await refusal("--stage test -- x");
      assert.ok(message.includes(`\n  ${name}\n`), `${name}: ${message}`);
      assert.match(message, /could run code of their own on this machine.*--allow \S+.*--skip/s);
      assert.equal((await run(`--stage test --allow ${name} -- x`))[name], canary);
      started = [];
      assert.equal((await run(`--stage test --skip ${name} -- x`))[name], undefined);
      started = [];
    }
    folder.write("envs/test/api.yaml", `PATH: ${canary}\nNODE_OPTIONS: ${canary}\n`);
    assert.match(await refusal("--stage test --allow PATH -- x"), /NODE_OPTIONS/);
    const plain = [
      "NODE_ENV",
      "PYTHONUNBUFFERED",
      "LANG",
      "TZ",
      "PORT",
      "GIT_SHA",
      "DOTNET_ENVIRONMENT",
      "MIX_ENV",
      "MEDIA_LIBRARY_PATH",
      "FLASK_RUN_PORT",
    ];
    folder.write("envs/test/api.yaml", plain.map((name) => `${name}: x\n`).join(""));
    assert.deepEqual(Object.keys(await run("--stage test -- x")).slice(0, -1), plain);
  });

  it("gives the command none of the operator's own keys, unless the operator names them", async () => {
    folder.write("envs/test/api.yaml", "A: 1\nAWS_SECRET_ACCESS_KEY: of the service\nHOOK: !env CI_HOOK\n");
    const ofRun = ["DOKPLOY_API_KEY", "DOKPLOY_PLAN_KEY", "PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE"];
    const others = [
      "GITHUB_TOKEN",
      "VAULT_TOKEN",
      "SOPS_AGE_KEY",
      "OP_SERVICE_ACCOUNT_TOKEN",
      "CI_JOB_TOKEN",
    ];
    const looking = ["NPM_TOKEN", "OTHER_PASSWORD"];
    const keys = [...ofRun, ...others, ...looking, "AWS_SECRET_ACCESS_KEY"];
    const own: NodeJS.ProcessEnv = {
      ...Object.fromEntries(keys.map((name) => [name, `${canary}-${name}`])),
      ...{
        PATH: "/bin",
        HOME: "/home/ana",
        LANG: "C",
        CI_HOOK: "hook",
        MIRROR: `https://ana:${canary}@m.example`,
      },
    };
    const plain = { PATH: "/bin", HOME: "/home/ana", LANG: "C", CI_HOOK: "hook", A: "1", HOOK: "hook" };
    const expected = { ...plain, AWS_SECRET_ACCESS_KEY: "of the service", PULUMI_DOKPLOY_STAGE: "test" };
    assert.deepEqual(await run("--stage test -- x", own), expected);
    assert.deepEqual(warnings, [
      "NPM_TOKEN, OTHER_PASSWORD and MIRROR of this shell look like your own secrets, so the command does not get them; " +
        "--pass NPM_TOKEN,OTHER_PASSWORD,MIRROR gives them to it",
    ]);
    const passed = await run("--stage test --pass NPM_TOKEN,DOKPLOY_API_KEY -- x", own);
    assert.deepEqual(
      [passed["NPM_TOKEN"], passed["DOKPLOY_API_KEY"]],
      [own["NPM_TOKEN"], own["DOKPLOY_API_KEY"]],
    );
    const skipped = await run("--stage test --skip AWS_* -- x", own);
    assert.equal(
      skipped["AWS_SECRET_ACCESS_KEY"],
      own["AWS_SECRET_ACCESS_KEY"],
      "--skip asks for that of the shell",
    );
    const all = await run("--stage test --skip * -- x", own);
    assert.deepEqual([all["DOKPLOY_API_KEY"], all["A"]], [undefined, undefined]);
    folder.write("envs/test/api.yaml", "A: 1\nDOKPLOY_API_KEY: x\nGITHUB_TOKEN: x\nDATABASE_URL: x\n");
    const named = await run("--stage test --skip * -- x", {
      ...own,
      DATABASE_URL: "postgres://a:b@localhost",
    });
    assert.deepEqual(
      [named["DOKPLOY_API_KEY"], named["GITHUB_TOKEN"], named["DATABASE_URL"]],
      [undefined, undefined, "postgres://a:b@localhost"],
      "a file does not ask for a key of the run",
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
