import * as assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as fc from "fast-check";
import { visibleJson } from "../../../../packages/text";
import { type EnvVars, loadEnv, loadEnvs } from "../../../../sdk/env-files/load-env";
import { type ManagerName, managers } from "../../../../sdk/env-files/managers/table";
import { runTool } from "../../../../sdk/env-files/managers/tool";
import { taggedValue } from "../../../../sdk/env-files/tags";
import { withoutSecrets } from "../../../../sdk/run";
import { EnvFolder, seen } from "./env-folder";
import { FakeTools, prints } from "./fake-tools";

describe("values of secrets managers in a file of variables", () => {
  let folder: EnvFolder;
  let tools: FakeTools;
  beforeEach(() => {
    folder = new EnvFolder();
    mkdirSync("tools");
    tools = new FakeTools(`${folder.path}/tools`);
  });
  afterEach(() => {
    tools.restore();
    folder.remove();
  });

  /** The message of the problems, in an update. */
  async function problemsOf(env: EnvVars): Promise<string> {
    const messages = await Promise.all(
      Object.values(env).map((value) =>
        (pulumi.output(value) as unknown as { promise(): Promise<string> }).promise().then(
          () => "",
          (error: Error) => error.message,
        ),
      ),
    );
    const [message = ""] = messages.filter(Boolean);
    assert.doesNotMatch(message, /canary/);
    return message;
  }

  it("come from their tools as secrets, in one call for each source, all at the same time", async () => {
    const calls = 7;
    tools.install("op", tools.after(calls, "canary $1").replace(/cat .*/s, 'printf "canary of %s" "$3"'));
    const version2 = { data: { data: { password: "canary 1", PORT: "5432" }, metadata: { version: 3 } } };
    tools.install("vault", tools.after(calls, JSON.stringify(version2)));
    tools.install("doppler", tools.after(calls, '{"MAIL_KEY":"canary 3","OTHER":"canary 4"}'));
    tools.install("infisical", tools.after(calls, '[{"key":"SMTP","value":"canary 5"}]'));
    tools.install("sops", tools.after(calls, '{"db":{"hosts":[{"pass":"canary 6"}]},"a.b":"canary 7"}'));
    folder.write("secrets.enc.yaml", "sops: {}\n");
    folder.write(
      "envs/one/api.yaml",
      [
        "A: !op op://shop/api/password",
        "B: !op 'op://shop/My Item/section/field'",
        "C: !vault secret/one#password",
        "PORT: !vault secret/one",
        "MAIL_KEY: !doppler",
        "E: !doppler OTHER",
      ].join("\n"),
    );
    folder.write(
      "envs/one/web.yaml",
      [
        "A: !op op://shop/api/password",
        "MAIL_KEY: !doppler shop/prd/",
        "SMTP: !infisical prod/mail/",
        "G: !sops ../../secrets.enc.yaml#db.hosts.0.pass",
        "a.b: !sops ../../secrets.enc.yaml",
      ].join("\n"),
    );
    const { api = {}, web = {} } = loadEnvs("envs/one");
    const env = await Promise.all([seen(api), seen(web), seen(loadEnv("envs/one/web.yaml"))]);
    const secret = (text: string) => ({ secret: text });
    assert.deepEqual(env, [
      {
        A: secret("canary of op://shop/api/password"),
        B: secret("canary of op://shop/My Item/section/field"),
        C: secret("canary 1"),
        PORT: secret("5432"),
        MAIL_KEY: secret("canary 3"),
        E: secret("canary 4"),
      },
      ...Array(2).fill({
        A: secret("canary of op://shop/api/password"),
        MAIL_KEY: secret("canary 3"),
        SMTP: secret("canary 5"),
        G: secret("canary 6"),
        "a.b": secret("canary 7"),
      }),
    ]);
    const download = "doppler secrets download --no-file --no-fallback --format=json";
    assert.deepEqual(tools.calls(), [
      download,
      `${download} --project=shop --config=prd`,
      "infisical export --silent --format=json --env=prod --path=/mail --secret-overriding=false",
      "op read --no-newline op://shop/My Item/section/field",
      "op read --no-newline op://shop/api/password",
      `sops decrypt --output-type json ${folder.path}/secrets.enc.yaml`,
      "vault kv get -format=json secret/one",
    ]);
    assert.doesNotMatch(withoutSecrets("x canary 3 y canary 7"), /canary/);
  });

  it("version 1 of Vault's key-value engine has the fields one level higher, also one that is called data", async () => {
    tools.install("vault", prints('{"data":{"data":"canary"}}'));
    folder.write("a.yaml", "A: !vault kv1/shop#data\n");
    assert.deepEqual(await seen(loadEnv("a.yaml")), { A: { secret: "canary" } });
  });

  it("each problem has its place, its tool and advice, and no value, in one error", async () => {
    process.env["VAULT_TOKEN"] = "canary-of-the-login";
    tools.hideOthers();
    const said = (text: string) => prints(text).replace(/^cat/, "/bin/cat");
    const failing = (text: string) => prints(text, "stderr").replace(/^cat/, "/bin/cat");
    tools.install(
      "vault",
      `${failing("Code: 403. canary-of-the-login\n\n* permission denied\u001b[31m")}\nexit 2`,
    );
    tools.install("doppler", said('{"OTHER":"canary","EMPTY":"","NUMBER":{"canary":1}}'));
    tools.install("infisical", said("canary, not JSON"));
    tools.install("sops", `${said('{"a":"canary"}')}\n${failing('bad "canary"')}\nexit 1`);
    folder.write("outside.enc.yaml", "sops: {}\n");
    symlinkSync("outside.enc.yaml", "link.enc.yaml");
    folder.write(
      "a.yaml",
      [
        "A: !op op://shop/api/problems",
        "B: !vault secret/problems#x",
        "C: !doppler problems/prd/NONE",
        "D: !doppler problems/prd/EMPTY",
        "E: !doppler problems/prd/NUMBER",
        "F: !infisical prod/problems/X",
        "G: !sops outside.enc.yaml#a",
        "H: !sops none.yaml#a",
        "I: !sops ../../etc/hostname#a",
        "J: !sops link.enc.yaml#a",
      ].join("\n"),
    );
    try {
      assert.deepEqual((await problemsOf(loadEnv("a.yaml"))).split("\n"), [
        "a.yaml:1:1: A: `op` is not on the PATH: install the command-line tool of 1Password",
        "a.yaml:2:1: B: `vault` failed with: Code: 403. [secret] * permission denied (if the login is missing, run `vault " +
          "login`, or in CI set VAULT_ADDR and VAULT_TOKEN)",
        "a.yaml:3:1: C: Doppler has no problems/prd/NONE; correct the reference, or add it there",
        "a.yaml:4:1: D: problems/prd/EMPTY is empty in Doppler; set it there",
        "a.yaml:5:1: E: problems/prd/NUMBER is not a text as `doppler` prints it; put it in quotes there",
        "a.yaml:6:1: F: `infisical` printed something other than JSON; is it the real one?",
        'a.yaml:7:1: G: `sops` failed with: bad "[secret]" (if the login is missing, give it the key: SOPS_AGE_KEY, ' +
          "SOPS_AGE_KEY_FILE, or a login to the key service)",
        `a.yaml:8:1: H: none.yaml: there is no such file (looked for ${folder.path}/none.yaml); create it or correct the path`,
        `a.yaml:9:1: I: ../../etc/hostname: is outside of ${folder.path}, and only files of the repository are read; ` +
          "move it there, or give the option root",
        "a.yaml:10:1: J: link.enc.yaml: is a symbolic link, or in a folder that is one, maybe to files of another stage, " +
          "and no link is followed here: copy the file, or name its real path",
      ]);
    } finally {
      delete process.env["VAULT_TOKEN"];
    }
  });

  it("a tool that does not end is stopped, and one that prints too much or no text is refused", async () => {
    tools.install("op", "exec sleep 60");
    const slow = await runTool(managers.op, ["slow"], { timeoutMs: 200 });
    assert.match(JSON.stringify(slow), /`op` did not end within 0.2 s; .*op signin/);
    tools.install("op", "exec head -c 9000000 /dev/zero");
    assert.match(JSON.stringify(await runTool(managers.op, ["large"])), /printed over 4 MiB/);
    tools.install("op", "printf '\\377'");
    assert.match(JSON.stringify(await runTool(managers.op, ["binary"])), /printed no text/);
    tools.install("op", 'read line; echo "got $line"');
    assert.deepEqual(await runTool(managers.op, ["asks"]), { output: "got \n" });
  });

  it("a message of a tool is withheld when it may quote a long output", async () => {
    tools.install("op", "head -c 200000 /dev/zero | tr '\\0' x; echo xxxx >&2; exit 1");
    const answer = await runTool(managers.op, ["long"]);
    assert.match(JSON.stringify(answer), /with: a message that is withheld/);
  });

  it("meet the contract, or fail with the place and no value", async () => {
    tools.install("op", "printf canary");
    folder.write(
      "envs/schema.yaml",
      "services:\n  api:\n    PORT: { type: integer }\n    TOKEN: { secret: true, pattern: 'c.*' }\n    OLD: {}\n",
    );
    folder.write(
      "envs/test/api.yaml",
      "PORT: !op op://shop/api/port\nTOKEN: !op op://shop/api/token\nOLD: x\n",
    );
    assert.equal(
      await problemsOf(loadEnv("envs/test/api.yaml")),
      "envs/test/api.yaml:1:1: PORT: is not an integer (envs/schema.yaml:3:5)",
    );
  });

  it("cannot be plain by an option", () => {
    folder.write("a.yaml", "A: !op op://shop/api/port\n");
    assert.throws(() => loadEnv("a.yaml", { plain: ["A"] }), /A: is !op, and the option plain names it/);
    assert.deepEqual(tools.calls(), []);
  });

  it("a dotenv file refuses the tags", () => {
    folder.write("a.env", "A=!op op://shop/api/port\n");
    assert.throws(() => loadEnv("a.env"), /A: !op works in YAML files only/);
  });
});

describe("a reference to a secrets manager", () => {
  const refused: [tag: string, text: string][] = [
    ["!op", ""],
    ["!op", "shop/api/token"],
    ["!op", "op://shop/api"],
    ["!op", "op://shop/a\u202eb/c"],
    ["!op", "op://$VAULT/api/token"],
    ["!vault", ""],
    ["!vault", "-address=http://evil/x#y"],
    ["!vault", "hvs.canarycanarycanarycanary"],
    ["!doppler", "shop/NAME"],
    ["!doppler", "--token/x/Y"],
    ["!infisical", "NAME"],
    ["!infisical", "-e/NAME"],
    ["!sops", ""],
    ["!sops", "/etc/passwd#x"],
    ["!sops", "-e#x"],
    ["!sops", "a#b#c"],
  ];
  for (const [tag, text] of refused)
    it(`is refused without its text: ${tag} ${visibleJson(text)}`, () => {
      const usage = managers[tag.slice(1) as ManagerName].usage;
      assert.equal(taggedValue(tag, text, "KEY"), `${tag} takes a reference, never a value; write ${usage}`);
    });

  it("has its form on the page about managers, and its tag in the editor's settings of the example", () => {
    const root = join(__dirname, "..", "..", "..", "..");
    const page = readFileSync(join(root, "docs", "everyday", "secrets-managers.md"), "utf8");
    const settings = readFileSync(join(root, "examples/deployment-repository/.vscode/settings.json"), "utf8");
    for (const { usage, command } of Object.values(managers)) {
      assert.ok(page.includes(`\`${usage}\``), usage);
      assert.ok(page.includes(`| \`${command}\` |`), command);
      assert.ok(settings.includes(`"${usage.split(" ")[0]} scalar"`), usage);
    }
  });

  it("an alias cannot leave out the name", () => {
    for (const [tag, text] of [
      ["!vault", "secret/shop"],
      ["!doppler", ""],
      ["!sops", "a.yaml"],
    ] as const) {
      assert.equal(typeof taggedValue(tag, text, undefined), "string");
      assert.equal(typeof taggedValue(tag, text, "KEY"), "object");
    }
  });

  it("gives no argument that is an option of a person, for any text that is taken", () => {
    const names = Object.keys(managers) as ManagerName[];
    const text = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom("op://", "a", "-", "--x", "/", "#", ".", "..", " ", "é", "=", "\n"), {
          maxLength: 12,
        })
        .map((parts) => parts.join("")),
    );
    let taken = 0;
    fc.assert(
      fc.property(fc.constantFrom(...names), text, (name, given) => {
        const reference = managers[name].reference(given, "KEY");
        if (reference === undefined) return;
        taken++;
        // A whole reference stays the same, so that it can be written back.
        assert.equal(managers[name].reference(reference, "OTHER"), reference);
        const { args, item } = managers[name].address(reference, (file) => `/repository/${file}`);
        assert.notEqual(item, "");
        const options = args.filter((arg) => arg.startsWith("-"));
        for (const option of options)
          assert.match(
            option,
            /^-(?:-no-newline|format=json|-no-file|-no-fallback|-format=json|-project=\w|-config=\w|-silent|-env=\w|-path=\/|-secret-overriding=false|-output-type$)/,
          );
      }),
      { numRuns: 3000 },
    );
    assert.ok(taken > 20, `${taken} texts were taken`);
  });
});
