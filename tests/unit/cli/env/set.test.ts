import * as assert from "node:assert/strict";
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import * as fc from "fast-check";
import { runSet } from "../../../../cli/env";
import { UsageError } from "../../../../cli/terminal";
import { looksSecret } from "../../../../provider/env";
import { readEnvFile } from "../../../../sdk/env-files";
import { EnvFolder } from "../../sdk/env-files/env-folder";

const canary = "canary-5be1-04d7";

describe("env set", () => {
  let folder: EnvFolder;
  /** The configuration of the stack `test`. */
  let config: Record<string, { value: string; secret: boolean }>;
  let stored: string[];
  let warnings: string[];
  let input: string;
  let printed: string;

  beforeEach(() => {
    folder = new EnvFolder();
    folder.write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    config = {};
    stored = [];
    warnings = [];
    input = "";
    printed = "";
  });
  afterEach(() => {
    folder.remove();
    assert.doesNotMatch(printed, /canary/);
  });

  async function set(...args: string[]): Promise<string> {
    const output = await runSet(args, {
      pulumi: async () => ({ code: 0, stdout: JSON.stringify(config), stderr: "" }),
      store: async (stack, name, value) => {
        stored.push(`${stack} ${name}`);
        config[`shop:${name}`] = { value, secret: true };
      },
      readValue: async () => input,
      warn: (message) => {
        warnings.push(message);
        printed += message;
      },
    });
    printed += output;
    return output;
  }

  async function refusal(...args: string[]): Promise<string> {
    try {
      await set(...args);
    } catch (error) {
      const { message } = error as Error;
      printed += message;
      return message;
    }
    throw new assert.AssertionError({ message: `${args.join(" ")} was carried out` });
  }

  const read = (file: string) => readFileSync(file, "utf8");
  const test = ["--stage", "test"];

  it("refuses to replace a generated value, which would be lost", async () => {
    folder.write("envs/test/api.yaml", "KEY: !generate { length: 64 }\n");
    for (const as of [[], ["--secret"], ["--plain"]])
      assert.match(
        await refusal(`KEY=${canary}`, ...test, ...as),
        /^KEY is generated \(!generate \{ length: 64 \} in envs\/test\/api\.yaml\), and its value would be lost: .*env rotate KEY/,
      );
    assert.deepEqual([read("envs/test/api.yaml"), stored], ["KEY: !generate { length: 64 }\n", []]);
  });

  it("refuses to replace a text with secrets inside, and keeps the formats of generated ones in the message", async () => {
    const rest =
      "URL: !text { text: 'a:${K}', values: { K: !generate } }\nTOKEN: !generate { format: jwt, signingKey: !generate K, payload: { role: anon } }\n";
    folder.write("envs/test/api.yaml", rest);
    assert.match(
      await refusal(`URL=${canary}`, ...test),
      /^URL is a text with secrets inside \(!text in envs\/test\/api\.yaml\), and those that only it has would be lost/,
    );
    assert.match(
      await refusal(`TOKEN=${canary}`, ...test),
      /^TOKEN is generated \(!generate \{ format: jwt, signingKey: !generate K, payload: \{"role":"anon"\} \}/,
    );
    assert.deepEqual([read("envs/test/api.yaml"), stored], [rest, []]);
  });

  describe("with a contract", () => {
    beforeEach(() => {
      folder.write(
        "envs/schema.yaml",
        [
          "services:",
          "  api:",
          "    PORT: { type: integer }",
          "    LEVEL: { values: [info, debug] }",
          "    CODE: { pattern: '[a-z]{3}' }",
          "    KEY_OF_API: { secret: true }",
          "    OLD: { deprecated: use PORT }",
        ].join("\n"),
      );
      folder.write("envs/test/api.yaml", "PORT: 1\n");
    });

    const refused: readonly (readonly [string, string])[] = [
      [`PORT=${canary}`, "PORT: is not an integer (envs/schema.yaml:3:5)."],
      [`LEVEL=${canary}`, "LEVEL: is not one of info, debug (envs/schema.yaml:4:5)."],
      [`CODE=${canary}`, "CODE: does not match the pattern [a-z]{3} (envs/schema.yaml:5:5)."],
      [
        `KEY_OF_API=${canary}`,
        "KEY_OF_API: is secret (envs/schema.yaml:6:5): give --secret to store it in the stack.",
      ],
      ["LEVL=info", "LEVL: is not in envs/schema.yaml; did you mean LEVEL?"],
    ];
    for (const [given, message] of refused) {
      it(`refuses a value that breaks it, before anything is written: ${message}`, async () => {
        assert.equal(await refusal("OLD=x", given, "--plain", ...test), message);
        assert.equal(read("envs/test/api.yaml"), "PORT: 1\n");
      });
    }

    it("refuses a secret that breaks it, and stores nothing", async () => {
      assert.match(await refusal(`CODE=${canary}`, "--secret", ...test), /does not match the pattern/);
      assert.deepEqual(stored, []);
      assert.equal(read("envs/test/api.yaml"), "PORT: 1\n");
    });

    it("sets what it allows, also while other variables are missing, and warns of a deprecated one", async () => {
      await set("LEVEL=debug", "OLD=x", ...test);
      await set(`KEY_OF_API=${canary}`, "--secret", ...test);
      assert.equal(
        read("envs/test/api.yaml"),
        "PORT: 1\nLEVEL: debug\nOLD: x\nKEY_OF_API: !secret KEY_OF_API\n",
      );
      assert.deepEqual(warnings, ["OLD: is deprecated (envs/schema.yaml:7:5): use PORT"]);
    });
  });

  it("changes one value and leaves all other bytes as they are", async () => {
    const before =
      "\uFEFF# of the team\r\nB: 'x'   # why\r\nLOG_LEVEL:   info  # note\r\n\r\nA: \"1\"\r\n# end";
    folder.write("envs/test/api.yaml", before);
    assert.equal(await set("LOG_LEVEL=debug", ...test), "envs/test/api.yaml: LOG_LEVEL changed");
    assert.equal(read("envs/test/api.yaml"), before.replace("info", "debug"));
  });

  for (const [what, before, after] of [
    ["adds a key at the end", "A: 1\nB: 2\n", "A: 1\nB: 2\nK: new\n"],
    ["adds a key where the last line has no end", "A: 1", "A: 1\nK: new"],
    ["adds a key to an indented mapping", "---\n  A: 1\n", "---\n  A: 1\n  K: new\n"],
    ["adds a key before the end of the document", "A: 1\n...\n", "A: 1\nK: new\n...\n"],
    ["adds the first key after comments", "# none yet\n", "# none yet\nK: new\n"],
    ["adds the first key in braces", "{}\n", "{ K: new }\n"],
    ["adds a key in braces", "{A: 1, B: !secret}\n", "{A: 1, B: !secret, K: new}\n"],
    ["keeps single quotes", "K: 'old' # x\n", "K: 'new' # x\n"],
    ["keeps double quotes", 'K: "old"\n', 'K: "new"\n'],
    ["replaces an empty value", "K: # x\nA: 1\n", "K: new # x\nA: 1\n"],
    ["replaces a missing value", "K:\nA: 1\n", "K: new\nA: 1\n"],
    ["replaces a reference with its tag", "K: !ref project.X # x\n", "K: new # x\n"],
    ["replaces an alias", "A: &a 1\nK: *a\n", "A: &a 1\nK: new\n"],
    ["replaces a value on the next line", "K: # x\n  old\nA: 1\n", "K: # x\n  new\nA: 1\n"],
    ["replaces a value of several lines", "K: old\n  and more\nA: 1\n", "K: new\nA: 1\n"],
    ["replaces a block and keeps its comment", "K: | # x\n  old\n\n# y\nA: 1\n", "K: new # x\n\n# y\nA: 1\n"],
    ["replaces a block at the end", "K: |-\n  old", "K: new"],
    ["replaces the value of a quoted key", '"K": old\n', '"K": new\n'],
  ] as const) {
    it(what, async () => {
      folder.write("envs/test/api.yaml", before);
      await set("K=new", ...test);
      assert.equal(read("envs/test/api.yaml"), after);
    });
  }

  for (const [value, written] of [
    ["on", "on"],
    ["1.10", "1.10"],
    ["", "''"],
    ["*", "'*'"],
    ["a: b", "'a: b'"],
    ["a #b", "'a #b'"],
    ["it's: so", "'it''s: so'"],
    ["!secret x", "'!secret x'"],
    ["${{project.HOST}}/x", "${{project.HOST}}/x"],
    [" x", "' x'"],
    ["x\u00a0", '"x\\u00A0"'],
    ["a\tb", '"a\\tb"'],
    ["a\nb", "|-\n  a\n  b"],
    ["a\n\n  b: c #\n", "|\n  a\n\n    b: c #"],
    ["a\n\n", '"a\\n\\n"'],
    ["a \r\nb", '"a \\r\\nb"'],
  ] as const) {
    it(`writes ${JSON.stringify(value)} in the most readable way`, async () => {
      folder.write("envs/test/api.yaml", "A: 1\n");
      await set(`K=${value}`, ...test);
      assert.equal(read("envs/test/api.yaml"), `A: 1\nK: ${written}\n`);
      assert.deepEqual(readEnvFile("envs/test/api.yaml").at(-1)?.value, {
        kind: "text",
        text: value,
        plain: false,
      });
    });
  }

  const layouts = [
    "A: 1\nK: old # note\n\nB: |\n  text\n",
    "A: 1\nB: !secret\n",
    "K: >+\n  old\n\n# note\nB: |+\n  x\n\n",
    '{A: "1", K: old, }\n',
    "  K: |2-\n      x\n  B: 'y'",
    "",
  ];
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom(..."ab01 \t\n\r#:!'\"`\\|>-?&*%@{}[],$~=.") }),
    fc.constantFrom(
      "yes",
      "No",
      "null",
      "~",
      "0x1f",
      "1e3",
      "2001-01-01",
      "---",
      "...",
      "${{x",
      "!plain a",
      "<<",
    ),
  );

  it("writes every value so that it reads back exactly, in every layout, and changes no other", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...layouts), text, async (layout, value) => {
        folder.write("envs/test/api.yaml", layout);
        const before = readEnvFile("envs/test/api.yaml");
        try {
          await set(`K=${value}`, "--plain", ...test);
        } catch (error) {
          // What no variable can hold.
          assert.match((error as Error).message, /^K: .*(?:NUL|surrogate|vault|quote)/s);
          return;
        }
        const after = new Map(readEnvFile("envs/test/api.yaml").map((entry) => [entry.key, entry.value]));
        assert.deepEqual(after.get("K"), { kind: "text", text: value, plain: true });
        for (const { key, value: other } of before) if (key !== "K") assert.deepEqual(after.get(key), other);
      }),
      { numRuns: 200 },
    );
    printed = "";
  });

  it("writes dotenv files so that the value reads back exactly, or changes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("A=1 # x\nK='old' # note\n", 'A="1"', ""),
        text,
        async (layout, value) => {
          fc.pre(!looksSecret("K", value));
          folder.write("envs/test/api.env", layout);
          const before = readEnvFile("envs/test/api.env");
          try {
            await set(`K=${value}`, ...test);
          } catch {
            assert.equal(read("envs/test/api.env"), layout);
            return;
          }
          const after = new Map(readEnvFile("envs/test/api.env").map((entry) => [entry.key, entry.value]));
          assert.deepEqual(after.get("K"), { kind: "text", text: value, plain: false });
          for (const { key, value: other } of before)
            if (key !== "K") assert.deepEqual(after.get(key), other);
        },
      ),
      { numRuns: 150 },
    );
    printed = "";
  });

  it("quotes a text in a dotenv file that would be refused as a tag", async () => {
    folder.write("envs/test/api.env", "A=1 # note\n");
    await set("K=!secret x", "A=a b", ...test);
    assert.equal(read("envs/test/api.env"), "A=a b # note\nK='!secret x'\n");
  });

  it("sets several variables at once, and says which of them changed", async () => {
    folder.write("envs/base/api.yaml", "SAME: 1\n");
    folder.write("envs/test/api.yaml", "A: 1\n");
    assert.deepEqual(JSON.parse(await set("A=2", "B=x", "SAME=1", "--json", ...test)), {
      version: 1,
      stage: "test",
      variables: [
        { key: "A", file: "envs/test/api.yaml", change: "changed" },
        { key: "B", file: "envs/test/api.yaml", change: "added" },
        { key: "SAME", file: "envs/base/api.yaml", change: "unchanged" },
      ],
    });
    assert.equal(read("envs/test/api.yaml"), "A: 2\nB: x\n");
  });

  it("leaves a file with the same values untouched", async () => {
    folder.write("envs/test/api.yaml", "A: 1\n");
    const before = statSync("envs/test/api.yaml").ino;
    assert.equal(await set("A=1", ...test), "envs/test/api.yaml: A unchanged");
    assert.equal(statSync("envs/test/api.yaml").ino, before);
  });

  it("creates the file of a service that is known from services or base, and of shared variables", async () => {
    folder.write("services/web/dokploy-app.yaml", "");
    folder.write("envs/base/api.yaml", "A: 1\n");
    folder.write("envs/test/.gitkeep", "");
    assert.match(await refusal("A=2", ...test), /has several services; name one with --service: api, web\.$/);
    await set("A=2", "--service", "api", ...test);
    await set("A=3", "--service", "web", ...test);
    await set("A=4", "--service", "shared", ...test);
    assert.deepEqual(readdirSync("envs/test"), [".gitkeep", "api.yaml", "shared.yaml", "web.yaml"]);
    assert.equal(read("envs/test/web.yaml"), "A: 3\n");
    assert.match(
      await refusal("A=2", "--service", "wbe", ...test),
      /has no service wbe\. Did you mean web\?$/,
    );
    assert.match(
      await refusal("A=2", "--stage", "tset"),
      /^There is no folder envs\/tset .*the stages are test\.$/,
    );
  });

  it("keeps permissions and a symbolic link, and leaves no other file", async () => {
    folder.write("config/api.yaml", "A: 1\n");
    chmodSync("config/api.yaml", 0o640);
    folder.write("envs/test/.gitkeep", "");
    symlinkSync("../../config/api.yaml", "envs/test/api.yaml");
    await set("A=2", ...test);
    assert.equal(read("config/api.yaml"), "A: 2\n");
    assert.equal(statSync("config/api.yaml").mode & 0o777, 0o640);
    assert.equal(lstatSync("envs/test/api.yaml").isSymbolicLink(), true);
    assert.deepEqual(
      [readdirSync("config"), readdirSync("envs/test")],
      [["api.yaml"], [".gitkeep", "api.yaml"]],
    );
  });

  it("refuses a layout in which something else would change", async () => {
    for (const layout of ["K: &a old\nB: *a\n", "K: !plain # why\n  old\n"]) {
      folder.write("envs/test/api.yaml", layout);
      assert.match(
        await refusal("K=new", ...test),
        /^envs\/test\/api\.yaml:\d:\d: K: has an anchor or a layout/,
      );
      assert.equal(read("envs/test/api.yaml"), layout);
    }
  });

  it("warns that previews need a secret that their stage gets, once", async () => {
    folder.write("dokploy-previews.yaml", "from: test\n");
    folder.write("envs/test/api.yaml", "A: 1\n");
    await set("KEY=canary-1", "--secret", ...test);
    await set("KEY=canary-2", "--secret", ...test);
    const command = "pulumi config set --secret KEY --stack preview";
    assert.deepEqual(warnings, [
      `dokploy-previews.yaml: previews get KEY from this file too, and fail until their stack has a secret KEY: ${command}`,
    ]);
  });

  it("refuses a value that looks like a secret, unless an option says what it is", async () => {
    folder.write("envs/test/api.yaml", "A: 1\n");
    assert.match(
      await refusal(`API_TOKEN=${canary}`, ...test),
      /API_TOKEN looks like a secret.*--secret.*--plain/,
    );
    await set(`API_TOKEN=${canary}`, "--plain", ...test);
    assert.equal(read("envs/test/api.yaml"), `A: 1\nAPI_TOKEN: !plain ${canary}\n`);
    // The file has said that it is none.
    await set(`API_TOKEN=${canary}2`, ...test);
    assert.equal(read("envs/test/api.yaml"), `A: 1\nAPI_TOKEN: !plain ${canary}2\n`);
    folder.write("envs/test/api.yaml", "HANDLE: !secret\n");
    assert.match(await refusal("HANDLE=x", ...test), /^HANDLE is a secret of this service: give --secret/);
  });

  it("takes nothing from an empty stdin, as that of a CI system", async () => {
    folder.write("envs/test/api.yaml", "A: 1\n");
    for (const secret of [[], ["--secret"]])
      assert.equal(
        await refusal("A", ...secret, ...test),
        "stdin has no value of A, so nothing was changed. Write A= for an empty one.",
      );
    assert.equal(read("envs/test/api.yaml"), "A: 1\n");
    await set("A=", ...test);
    assert.equal(read("envs/test/api.yaml"), "A: ''\n");
  });

  it("stores a secret from stdin in the stack, and writes its name", async () => {
    folder.write("envs/test/api.yaml", "A: 1\n");
    input = canary;
    assert.equal(
      await set("API_TOKEN", "--secret", ...test),
      "stack test: secret API_TOKEN added\nenvs/test/api.yaml: API_TOKEN added",
    );
    assert.equal(read("envs/test/api.yaml"), "A: 1\nAPI_TOKEN: !secret API_TOKEN\n");
    assert.equal(config["shop:API_TOKEN"]?.value, canary);
    assert.equal(
      await set("API_TOKEN", "--secret", ...test),
      "stack test: secret API_TOKEN unchanged\nenvs/test/api.yaml: API_TOKEN unchanged",
    );
    assert.deepEqual(stored, ["test API_TOKEN"]);
  });

  it("stores a secret that base names without a change of any file", async () => {
    folder.write("envs/base/api.yaml", "API_TOKEN: !secret apiToken\n");
    folder.write("envs/test/.gitkeep", "");
    input = canary;
    assert.equal(
      await set("API_TOKEN", "--secret", ...test),
      "stack test: secret apiToken added\nenvs/base/api.yaml: API_TOKEN unchanged",
    );
    assert.deepEqual(readdirSync("envs/test"), [".gitkeep"]);
  });

  it("gives a service a setting of its own where others read another value under the name", async () => {
    config["shop:API_TOKEN"] = { value: "of web", secret: true };
    folder.write("envs/test/web.yaml", "API_TOKEN: !secret\n");
    folder.write("envs/test/api.yaml", "API_TOKEN: !secret\n");
    input = canary;
    const api = ["--service", "api", ...test];
    const output = JSON.parse(await set("API_TOKEN", "--secret", "--json", ...api));
    assert.deepEqual(output.variables, [
      {
        key: "API_TOKEN",
        file: "envs/test/api.yaml",
        change: "changed",
        secret: { name: "api.API_TOKEN", change: "added" },
      },
    ]);
    assert.equal(output.stack, "test");
    assert.equal(read("envs/test/api.yaml"), "API_TOKEN: !secret api.API_TOKEN\n");
    assert.equal(config["shop:API_TOKEN"].value, "of web");
    // Its own is changed in place.
    input = `${canary}2`;
    await set("API_TOKEN", "--secret", ...api);
    assert.equal(config["shop:api.API_TOKEN"]?.value, `${canary}2`);
    // A new name that the stack knows with the same value is used.
    folder.write("envs/test/api.yaml", "");
    input = "of web";
    await set("API_TOKEN", "--secret", ...api);
    assert.equal(read("envs/test/api.yaml"), "API_TOKEN: !secret API_TOKEN\n");
  });

  it("changes a secret in place if only this service reads it", async () => {
    config["shop:token"] = { value: "old", secret: true };
    folder.write("envs/test/web.yaml", "TOKEN: !secret\n");
    folder.write("envs/test/api.yaml", "TOKEN: !secret token # x\n");
    input = canary;
    await set("TOKEN", "--secret", "--service", "api", ...test);
    assert.equal(config["shop:token"].value, canary);
    assert.equal(read("envs/test/api.yaml"), "TOKEN: !secret token # x\n");
  });

  it("writes no file when the secret cannot be stored", async () => {
    folder.write("envs/test/api.yaml", "A: 1\n");
    const world = {
      pulumi: async () => undefined,
      store: () => Promise.reject(new Error("pulumi is not on the PATH.")),
      readValue: async () => canary,
      warn: () => {},
    };
    await assert.rejects(runSet(["API_TOKEN", "--secret", ...test], world), /not on the PATH/);
    assert.equal(read("envs/test/api.yaml"), "A: 1\n");
  });

  it("refuses tags in dotenv files, secrets of every stage, and wrong arguments", async () => {
    folder.write("envs/test/api.env", "A=1\n");
    folder.write("envs/base/api.yaml", "A: 1\n");
    assert.match(await refusal(`K=${canary}`, "--secret", ...test), /^envs\/test\/api\.env is a dotenv file/);
    assert.match(await refusal("API_TOKEN=x", ...test), /looks like a secret.*use a YAML file and --secret/);
    assert.match(await refusal(`K=${canary}`, "--secret", "--stage", "base"), /of one stack: name a stage/);
    assert.match(await refusal("K=", "--secret", "--stage", "base"), /of one stack/);
    for (const [args, message] of [
      [["K=1"], /^Name the stage with --stage/],
      [test, /^Name a variable/],
      [["K=1", "K=2", ...test], /^K is given twice/],
      [["K=1", "L", ...test], /^L has no value/],
      [[`K ${canary}=x`, ...test], /^a key is not a name of a variable/],
      [["K=1", "--secret", "--plain", ...test], /exclude each other/],
      [["K=1", "--stage", "../x"], /^--stage takes the name of a folder/],
      [["K=1", "--nope", ...test], /nope/],
    ] as const) {
      await assert.rejects(
        set(...args),
        (error: Error) => error instanceof UsageError && message.test(error.message),
      );
    }
  });

  it("refuses to edit a file with problems", async () => {
    folder.write("envs/test/api.yaml", `A: ${canary}\nA: 2\n`);
    assert.match(await refusal("K=1", ...test), /^envs\/test\/api\.yaml:2:1: A: appears twice/);
  });
});
