import * as assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as fc from "fast-check";
import { configSecret, loadEnv, loadEnvs } from "../../../../sdk";
import { isOfRun } from "../../../../sdk/env-files";
import { EnvFolder, failureOf, seen } from "./env-folder";

describe("tags in a file of variables", () => {
  let folder: EnvFolder;
  const variables = { ENV_FILES_TOKEN: "from the process", ENV_FILES_EMPTY: "" };
  before(() => {
    folder = new EnvFolder();
    Object.assign(process.env, variables);
    pulumi.runtime.setAllConfig({
      "shop:TOKEN": "of the shop",
      "shop:a.b": "dotted",
      "mail:password": "of mail",
      "shop:exportedSecrets": JSON.stringify({
        api: { KEY: "kept-at-export", "a.b": "dots" },
        a: { b: "never" },
        wrong: { N: 1 },
      }),
      "mail:exportedSecrets": "no JSON",
    });
  });
  after(() => {
    folder.remove();
    for (const name of Object.keys(variables)) delete process.env[name];
    pulumi.runtime.setAllConfig({});
  });

  const config = () => new pulumi.Config("shop");
  function load(text: string) {
    folder.write("a.yaml", text);
    return loadEnv("a.yaml", { config: config() });
  }

  it("!secret takes the stack's setting of the key's or another name, or of another namespace", async () => {
    const text =
      "TOKEN: !secret\na.b: !secret # c\nC: !secret TOKEN\nD: !secret 'mail:password'\nE: !secret shop:TOKEN";
    assert.deepEqual(await seen(load(text)), {
      TOKEN: { secret: "of the shop" },
      "a.b": { secret: "dotted" },
      C: { secret: "of the shop" },
      D: { secret: "of mail" },
      E: { secret: "of the shop" },
    });
  });

  it("!secret takes what an export stored, unless a setting has the whole name", async () => {
    assert.deepEqual(await seen(load("A: !secret api.KEY\nB: !secret shop:api.a.b\na.b: !secret")), {
      A: { secret: "kept-at-export" },
      B: { secret: "dots" },
      "a.b": { secret: "dotted" },
    });
    for (const name of ["api.OTHER", "wrong.N", "api", "mail:api.KEY", "exportedSecrets.api"]) {
      const full = name.includes(":") ? name : `shop:${name}`;
      const text = failureOf(() => load(`A: !secret ${name}`));
      assert.ok(
        text.includes(`A: the stack has no secret ${full}; set it with: pulumi config set --secret ${full}`),
        text,
      );
    }
  });

  it("a program takes the same secrets by their names", async () => {
    // Other tests of the process may have set the project.
    const project = pulumi.getProject();
    pulumi.runtime.setAllConfig({
      ...pulumi.runtime.allConfig(),
      [`${project}:exportedSecrets`]: '{"api":{"KEY":"x"}}',
    });
    assert.deepEqual(await seen({ A: configSecret("api.KEY"), B: configSecret("shop:TOKEN") }), {
      A: { secret: "x" },
      B: { secret: "of the shop" },
    });
    const other = `${project}:api.OTHER`;
    const message = `The stack has no secret ${other}; set it with: pulumi config set --secret ${other}`;
    assert.throws(
      () => configSecret("api.OTHER"),
      (error: Error) => error.message.includes(message),
    );
  });

  it("tags are read in a flow mapping and with comments around them", async () => {
    assert.deepEqual(await seen(load("{A: !secret TOKEN, TOKEN: !secret , B: !plain x}")), {
      A: { secret: "of the shop" },
      TOKEN: { secret: "of the shop" },
      B: "x",
    });
    assert.deepEqual(await seen(load("# c\nTOKEN: !secret # c\n\n# c\nB: 1")), {
      TOKEN: { secret: "of the shop" },
      B: "1",
    });
  });

  it("!env takes a variable of the process, as a secret", async () => {
    assert.deepEqual(await seen(load("ENV_FILES_TOKEN: !env\nA: !env ENV_FILES_TOKEN")), {
      ENV_FILES_TOKEN: { secret: "from the process" },
      A: { secret: "from the process" },
    });
  });

  it("!ref writes a reference, which is not secret", () => {
    const text =
      "A_TOKEN: !ref project.TOKEN\nB: !ref environment.B\nC: !ref C-1.x\nD: !ref vault.main.db/password#x";
    assert.deepEqual(load(text), {
      A_TOKEN: "${{project.TOKEN}}",
      B: "${{environment.B}}",
      C: "${{C-1.x}}",
      D: "${{vault.main.db/password#x}}",
    });
  });

  it("!plain takes the text unchanged", () => {
    const text =
      "A_TOKEN: !plain x\nB: !plain\nC: !plain '1'\nD: !plain |\n  a\n  b\nE: &e !plain x\nF_KEY: *e";
    assert.deepEqual(load(text), { A_TOKEN: "x", B: "", C: "1", D: "a\nb\n", E: "x", F_KEY: "x" });
  });

  it("an alias means what its anchor means, and needs a name there", async () => {
    assert.deepEqual(await seen(load("A: &a !secret TOKEN\nB: *a")), {
      A: { secret: "of the shop" },
      B: { secret: "of the shop" },
    });
    assert.match(
      failureOf(() => load("TOKEN: &a !secret\nB: *a")),
      /^a\.yaml:2:4: B: an alias of !secret needs the name/,
    );
  });

  const bad: [what: string, text: string, message: RegExp][] = [
    ["a reference in braces", "A: !ref ${{project.A}}", /^a\.yaml:1:\d+: A: !ref takes project\.NAME/],
    ["a reference with blanks", "A: !ref project. A", /^a\.yaml:1:\d+: A: !ref takes/],
    ["a reference to nothing", "A: !ref", /^a\.yaml:1:\d+: A: !ref takes/],
    ["a project without a name", "A: !ref project.", /^a\.yaml:1:\d+: A: !ref takes/],
    ["a value behind !secret", "A: !secret canary and more", /^a\.yaml:1:\d+: A: !secret takes the name/],
    [
      "a token behind !secret",
      `A: !secret ghp_${"canary".repeat(6)}`,
      /^a\.yaml:1:\d+: A: !secret takes the name/,
    ],
    ["a long text behind !secret", `A: !secret ${"canary".repeat(20)}`, /A: !secret takes the name/],
    ["a value behind !env", "A: !env canary-1", /^a\.yaml:1:\d+: A: !env takes the name/],
    ["a key that no variable can have", "a.b: !env", /^a\.yaml:1:\d+: a\.b: !env takes the name/],
    ["a mapping", "A: !secret {canary: 1}", /^a\.yaml:1:\d+: A: has a nested value/],
    [
      "a misspelled tag",
      "A: !secrt canary",
      /A: has an unknown YAML tag \(!…\), perhaps meant as !secret NAME; known are/,
    ],
    [
      "an unknown tag",
      "A: !Secret canary",
      /A: has an unknown YAML tag.*known are !secret NAME, !env NAME, /,
    ],
  ];
  for (const [what, text, message] of bad) {
    it(`refuses ${what}, without the value`, () =>
      assert.match(
        failureOf(() => load(text)),
        message,
      ));
  }

  it("names the stack of all previews for a secret that one of them lacks", () => {
    folder.write("p/api.yaml", "PASSWORD: !secret");
    process.env["DOKPLOY_PREVIEW"] = "12";
    try {
      assert.match(
        failureOf(() => loadEnvs("p", { config: config() })),
        /--secret shop:PASSWORD --stack preview$/,
      );
    } finally {
      delete process.env["DOKPLOY_PREVIEW"];
    }
  });

  it("reports everything that is missing in all files, with the command that sets it", () => {
    folder.write("t/api.yaml", "A: 1\nPASSWORD: !secret\nB: !secret mail:user\nC: !env ENV_FILES_NONE");
    folder.write("t/cache.yaml", "D: !env ENV_FILES_EMPTY\nE: !env ENV_FILES_TOKEN");
    const lines = failureOf(() => loadEnvs("t", { config: config() })).split("\n");
    assert.equal(lines.length, 4);
    assert.match(
      lines[0] ?? "",
      /^t\/api\.yaml:2:1: PASSWORD: the stack has no secret shop:PASSWORD; set it with: pulumi config set --secret shop:PASSWORD --stack \S+$/,
    );
    assert.match(lines[1] ?? "", /^t\/api\.yaml:3:1: B: .*: pulumi config set --secret mail:user --stack/);
    assert.equal(
      lines[2],
      "t/api.yaml:4:1: C: the process environment has no ENV_FILES_NONE; run export ENV_FILES_NONE=…, or in CI add " +
        '"ENV_FILES_NONE: ${{ secrets.ENV_FILES_NONE }}" to the job\'s env:',
    );
    assert.match(
      lines[3] ?? "",
      /^t\/cache\.yaml:1:1: D: ENV_FILES_EMPTY is empty in the process environment, which is how/,
    );
  });

  it("looks up only values that are used: neither those that a later file replaces nor those that the filters leave out", () => {
    folder.write("base.yaml", "A: !secret NONE\nB: !env ENV_FILES_NONE\nC: 1");
    folder.write("local.yaml", "A: local");
    assert.deepEqual(loadEnv(["base.yaml", "local.yaml"], { exclude: ["B"], config: config() }), {
      A: "local",
      C: "1",
    });
  });

  it("refuses plain for a value that a tag keeps secret", () => {
    folder.write("a.yaml", "TOKEN: !secret\nENV_FILES_TOKEN: !env");
    const plain = ["TOKEN", "ENV_FILES_TOKEN"];
    assert.match(
      failureOf(() => loadEnv("a.yaml", { plain, config: config() })),
      /^a\.yaml:1:1: TOKEN: is !secret, and the option plain.*\na\.yaml:2:1: ENV_FILES_TOKEN: is !env/,
    );
  });

  it("never shows any text behind a tag", () => {
    const tag = fc.constantFrom("secret", "env", "ref", "unknown");
    const text = fc.string({ unit: fc.constantFrom(..."canary ${}.:#/'\"!*&"), maxLength: 30 });
    fc.assert(
      fc.property(tag, text, (name, value) => {
        const quoted = `'CANARY ${value.replaceAll("'", "''")}'`;
        assert.match(
          failureOf(() => load(`A: !${name} ${quoted}`)),
          /^a\.yaml:1:\d+: A: /,
        );
      }),
      { numRuns: 200 },
    );
  });

  describe("that name a setting of this program", () => {
    const refused = [
      ["!env", "DOKPLOY_API_KEY"],
      ["!env", "PULUMI_ACCESS_TOKEN"],
      ["!env", "PULUMI_CONFIG_PASSPHRASE"],
      ["!env", "DOKPLOY_PLAN_KEY"],
      ["!env", "dokploy_api_key"],
      ["!env", "DOKPLOY_URL"],
      ["!env", "PULUMI_BACKEND_URL"],
      ["!env", "ACTIONS_RUNTIME_TOKEN"],
      ["!env", "OP_SERVICE_ACCOUNT_TOKEN"],
      ["!env", "VAULT_TOKEN"],
      ["!env", "SOPS_AGE_KEY"],
      ...(["GITHUB_TOKEN", "GH_TOKEN", "GITLAB_TOKEN", "CI_JOB_TOKEN", "CI_REPOSITORY_URL"] as const).map(
        (name) => ["!env", name] as const,
      ),
      ...(
        ["CI_JOB_JWT_V2", "CI_NETRC_PASSWORD", "DRONE_NETRC_PASSWORD", "CI_SERVER_FQDN_TOKEN"] as const
      ).map((name) => ["!env", name] as const),
      ["!env", "NODE_AUTH_TOKEN"],
      ["!env", "DOCKER_AUTH_CONFIG"],
      ["!env", "GIT_CONFIG_VALUE_0"],
      ["!secret", "dokploy:apiKey"],
      ["!secret", "dokploy:planKey"],
    ] as const;
    for (const [tag, name] of refused) {
      it(`give no service its login: ${tag} ${name}`, () => {
        const own = `${name} belongs to this run, not to a service: create a separate secret under another name`;
        const reason = (text: string) =>
          failureOf(() => load(text))
            .split(": ")
            .slice(2)
            .join(": ");
        assert.equal(reason(`TOKEN: ${tag} ${name}\n`), own);
        if (/^\w+$/.test(name)) assert.equal(reason(`${name}: ${tag}\n`), own, "by the key");
      });
    }

    it("give no service the login of the backend, nor the value of such a variable under another name", () => {
      const text = "A: !env AWS_SECRET_ACCESS_KEY\nB: !env DEPLOY_TOKEN\n";
      const own = { AWS_SECRET_ACCESS_KEY: "canary-of-the-bucket", PULUMI_BACKEND_URL: "s3://acme-state" };
      const token = "canary-of-the-job-token";
      Object.assign(process.env, own, { GITHUB_TOKEN: token, DEPLOY_TOKEN: token });
      try {
        const message = failureOf(() => load(text));
        assert.match(message, /A: AWS_SECRET_ACCESS_KEY belongs to this run/);
        assert.doesNotMatch(message, /canary/);
        process.env["PULUMI_BACKEND_URL"] = "https://api.pulumi.com";
        const other = failureOf(() => load(text));
        assert.doesNotMatch(other, /AWS_SECRET_ACCESS_KEY|canary/);
        assert.match(
          other,
          /B: DEPLOY_TOKEN has the value of GITHUB_TOKEN, which belongs to this run: create/,
        );
      } finally {
        for (const name of [...Object.keys(own), "GITHUB_TOKEN", "DEPLOY_TOKEN"]) delete process.env[name];
      }
    });

    it("give no service the login of a backend that Pulumi.yaml or pulumi login names", () => {
      const here = process.cwd();
      const name = "AWS_SECRET_ACCESS_KEY";
      const root = realpathSync(mkdtempSync(join(tmpdir(), "backend-")));
      try {
        mkdirSync(join(root, "program"));
        process.chdir(join(root, "program"));
        const env = { PULUMI_HOME: root };
        assert.equal(isOfRun(name, env), false, "no backend");
        writeFileSync(join(root, "credentials.json"), JSON.stringify({ current: "s3://acme-state" }));
        assert.equal(isOfRun(name, env), true, "pulumi login");
        writeFileSync(join(root, "Pulumi.yaml"), "name: shop\nbackend: { url: gs://acme-state }\n");
        assert.equal(isOfRun(name, env), false, "the project comes first");
        assert.equal(isOfRun("GOOGLE_CREDENTIALS", env), true);
        assert.equal(isOfRun(name, { ...env, PULUMI_BACKEND_URL: "s3://acme-state" }), true);
      } finally {
        process.chdir(here);
        rmSync(root, { recursive: true });
      }
    });

    it("let through a setting with a similar name, and a text", async () => {
      process.env["MY_DOKPLOY_URL"] = "mine";
      try {
        assert.deepEqual(await seen(load("A: !env MY_DOKPLOY_URL\nB: !plain DOKPLOY_API_KEY\n")), {
          A: { secret: "mine" },
          B: "DOKPLOY_API_KEY",
        });
      } finally {
        delete process.env["MY_DOKPLOY_URL"];
      }
    });
  });
});
