import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { runRotate } from "../../../../cli/env";
import { UsageError } from "../../../../cli/terminal";
import { EnvFolder } from "../../sdk/env-files/env-folder";

describe("env rotate", () => {
  let folder: EnvFolder;
  let stored: [stack: string, name: string, value: string][];
  /** Names of the secrets in the stack. */
  let secrets: string[];
  let input: string;
  /** Error of Pulumi and of the store, where they fail. */
  let failing: { pulumi?: string; store?: string };
  beforeEach(() => {
    folder = new EnvFolder();
    folder.write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    [stored, secrets, input, failing] = [[], [], "canary", {}];
  });
  afterEach(() => folder.remove());

  const rotate = async (line: string) =>
    await runRotate(line.split(" "), {
      pulumi: async () => ({
        code: failing.pulumi === undefined ? 0 : 255,
        stdout: JSON.stringify(
          Object.fromEntries(secrets.map((name) => [`shop:${name}`, { value: "canary-old" }])),
        ),
        stderr: failing.pulumi ?? "",
      }),
      store: async (stack, name, value) => {
        if (failing.store !== undefined) throw new Error(failing.store);
        stored.push([stack, name, value]);
      },
      readValue: async () => input,
    });
  const api = () => readFileSync("envs/test/api.yaml", "utf8");
  const write = (text: string) => folder.write("envs/test/api.yaml", text);

  it("says who gets the next value of a shared variable", async () => {
    folder.write("envs/test/shared.yaml", "TOKEN: !generate\n");
    const said = await rotate("TOKEN --service shared --stage test");
    assert.match(
      said,
      /step 1 of 3: only services that refer to TOKEN_NEXT get the next value\. Deploy, and/,
    );
    assert.match(
      await rotate("TOKEN --service shared --stage test"),
      /step 2 of 3: .* only services that refer to TOKEN_PREVIOUS get the former one\. Deploy, and/,
    );
  });

  it("writes each step of a generated value, and changes nothing else in the file", async () => {
    const file = (value: string) => `# Keys\nA: 'x' # one\n\nKEY: ${value} # signs\nB: !env\n`;
    write(file("!generate { length: 64 }"));
    const first = await rotate("KEY --stage test");
    assert.equal(
      api(),
      file("{ rotate: { current: !generate { length: 64 }, next: !generate { length: 64, rotation: 2 } } }"),
    );
    assert.match(
      first,
      /^envs\/test\/api\.yaml: KEY rotates, step 1 of 3: .* as KEY_NEXT\. Deploy, and then run/,
    );
    const second = await rotate("KEY --stage test");
    assert.equal(
      api(),
      file(
        "{ rotate: { previous: !generate { length: 64 }, current: !generate { length: 64, rotation: 2 } } }",
      ),
    );
    assert.match(
      second,
      /step 2 of 3: it has the next value, and the service also gets the former one, as KEY_PREVIOUS\. Deploy/,
    );
    const third = await rotate("KEY --stage test");
    assert.equal(api(), file("!generate { length: 64, rotation: 2 }"));
    assert.match(third, /step 3 of 3: KEY_PREVIOUS is removed$/);
    await rotate("KEY --stage test --at-once");
    assert.equal(api(), file("!generate { length: 64, rotation: 3 }"));
    write(file("!generate { name: JWT, format: base64, bytes: 48 }"));
    await rotate("KEY --stage test --at-once");
    assert.equal(api(), file("!generate { name: JWT, format: base64, bytes: 48, rotation: 2 }"));
    write(file("!generate { format: jwt, signingKey: !generate JWT, payload: { role: anon } }"));
    await rotate("KEY --stage test --at-once");
    assert.equal(
      api(),
      file('!generate { format: jwt, signingKey: !generate JWT, payload: {"role":"anon"}, rotation: 2 }'),
    );
    write("KEY: !generate");
    await rotate("KEY --stage test --at-once");
    assert.equal(api(), "KEY: !generate { rotation: 2 }");
    write("KEY:\n  !generate\nA: 1\n");
    await rotate("KEY --stage test");
    assert.equal(api(), "KEY: { rotate: { current: !generate, next: !generate { rotation: 2 } } }\nA: 1\n");
    write("KEY: !generate { name: OTHER, rotation: 2 }\n");
    await rotate("KEY --stage test --at-once");
    assert.equal(api(), "KEY: !generate { name: OTHER, rotation: 3 }\n");
    assert.deepEqual(stored, []);
  });

  it("goes on after a mistake in a file of another stage, and names it", async () => {
    folder.write("envs/base/api.yaml", "KEY: !generate\n");
    folder.write("envs/test/api.yaml", "A: b\n");
    folder.write("envs/prod/api.yaml", "A: [1]\n");
    folder.write("envs/live/api.yaml", "A: c\n");
    const printed = await rotate("KEY --stage test");
    assert.match(readFileSync("envs/base/api.yaml", "utf8"), /^KEY: \{ rotate: /);
    assert.match(
      printed,
      /\nwarning: the stage prod was not read, which may get this step too: envs\/prod\/api\.yaml:1:4: A: .*\n.*: live gets this step too, with its next deployment$/,
    );
    folder.write("envs/test/api.yaml", "A: [1]\n");
    await assert.rejects(rotate("KEY --stage test"), /envs\/test\/api\.yaml:1:4: A: /);
  });

  it("stores the next value of a secret under a name that the stack does not have, and never prints it", async () => {
    write("KEY: !secret sessionKey\n");
    secrets = ["sessionKey", "sessionKey2"];
    const first = await rotate("KEY --stage test --stack acme/test");
    assert.deepEqual(stored, [["acme/test", "sessionKey3", "canary"]]);
    assert.equal(api(), "KEY: { rotate: { current: !secret sessionKey, next: !secret sessionKey3 } }\n");
    assert.match(
      first,
      /^stack acme\/test: secret sessionKey3 added\nenvs\/test\/api\.yaml: KEY rotates, step 1 of 3/,
    );
    await rotate("KEY --stage test");
    const third = await rotate("KEY --stage test");
    assert.equal(api(), "KEY: !secret sessionKey3\n");
    assert.match(third, /After its deployment, remove the former secret from the stack$/);
    await rotate("KEY --stage test --generate");
    assert.equal(api(), "KEY: { rotate: { current: !secret sessionKey3, next: !generate } }\n");
    assert.equal(stored.length, 1);
    assert.doesNotMatch(first + third, /canary/);
    input = "";
    write("KEY: !secret sessionKey\n");
    await assert.rejects(rotate("KEY --stage test"), /KEY: a secret must not be empty/);
    assert.equal(api(), "KEY: !secret sessionKey\n");
  });

  it("counts on in the name of a secret, in the stack of the stage", async () => {
    const names = [
      ["key9", "key10"],
      ["a1b", "a1b2"],
      ["key", "key2"],
      ["k1234567", "k1234568"],
    ] as const;
    for (const [name, next] of names) {
      write(`KEY: !secret ${name}\n`);
      await rotate("KEY --stage test");
      assert.deepEqual(stored.pop(), ["test", next, "canary"]);
    }
  });

  it("leaves the file where the next value cannot be stored, or its name may be taken", async () => {
    const text = "KEY: !secret sessionKey\n";
    write(text);
    failing = { store: "no access to the key service" };
    await assert.rejects(rotate("KEY --stage test"), /no access to the key service/);
    assert.equal(api(), text);
    failing = { pulumi: "error: incorrect passphrase" };
    await assert.rejects(
      rotate("KEY --stage test"),
      /^UserError: The next value is not stored: the secrets of stack test cannot be read: .*incorrect passphrase/,
    );
    assert.equal(api(), text);
    assert.deepEqual(stored, []);
  });

  it("edits the file of all stages where that has the variable", async () => {
    folder.write("envs/base/api.yaml", "KEY: !generate\n");
    write("A: 1\n");
    assert.match(await rotate("KEY --stage test"), /^envs\/base\/api\.yaml: KEY rotates/);
    assert.equal(api(), "A: 1\n");
    folder.write("envs/base/api.yaml", "KEY: !secret a\n");
    await assert.rejects(rotate("KEY --stage base"), UsageError);
    assert.match(await rotate("KEY --stage base --generate"), /^envs\/base\/api\.yaml: KEY rotates, step 1/);
  });

  it("names the other stages that a line of all stages changes, and those that it does not", async () => {
    write("A: 1\n");
    for (const stage of ["prod", "qa"]) folder.write(`envs/${stage}/api.yaml`, "A: 1\n");
    folder.write("envs/dev/api.yaml", "KEY: !generate\n");
    folder.write("envs/base/api.yaml", "KEY: !generate\n");
    const about = async (line: string) => (await rotate(line)).split("\n").slice(1).join("\n");
    const rest = "this step too, with their next deployment";
    assert.equal(
      await about("KEY --stage test"),
      `envs/base/api.yaml: prod and qa get ${rest}; dev has another KEY`,
    );
    assert.equal(
      await about("KEY --stage base --service api"),
      `envs/base/api.yaml: prod, qa and test get ${rest}; dev has another KEY`,
    );
    assert.equal(await about("KEY --stage dev"), "");
    folder.write("envs/dev/worker.yaml", "KEY: !generate\n");
    assert.equal(await about("KEY --stage dev --service worker"), "", "a service of one stage");
    folder.write("envs/base/api.yaml", "KEY: !secret key\n");
    folder.write("envs/qa/api.yaml", "KEY: !secret key\n");
    assert.match(
      await rotate("KEY --stage test"),
      /\n.*: prod gets this step too, with its next deployment, which fails without a secret key2 in its own configuration; dev and qa have another KEY$/,
    );
  });

  it("names no other stage where each has a value of its own", async () => {
    write("A: 1\n");
    folder.write("envs/base/api.yaml", "KEY: !generate\n");
    folder.write("envs/dev/api.yaml", "KEY: !generate\n");
    assert.doesNotMatch(await rotate("KEY --stage test"), /\n/);
  });

  it("says that previews with this stage's files need the secret too, and only where they get the variable", async () => {
    const previews = (about: string) => `\ndokploy-previews.yaml: previews get ${about}`;
    const need = previews(
      "KEY from this file too, and fail until their stack has a secret sessionKey2: " +
        "pulumi config set --secret sessionKey2 --stack acme/preview",
    );
    const steps = async () => {
      const said: string[] = [];
      write("KEY: !secret sessionKey\n");
      for (const _ of [1, 2, 3]) said.push(await rotate("KEY --stage test --service api --stack acme/test"));
      return said.map((text) => text.split("\n").find((line) => /preview/.test(line)));
    };
    folder.write("services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:1\n");
    assert.deepEqual(await steps(), [undefined, undefined, undefined]);
    folder.write("dokploy-previews.yaml", "from: test\n");
    const gone = previews("this step too: remove the former secret from the stack acme/preview as well");
    assert.deepEqual(await steps(), [need.slice(1), undefined, gone.slice(1)]);
    for (const rules of ["from: dev\n", "from: test\nwithout: [K*]\n", "from: test\nservices: [web]\n"]) {
      folder.write("dokploy-previews.yaml", rules);
      assert.deepEqual(await steps(), [undefined, undefined, undefined], rules);
    }
    folder.write("dokploy-previews.yaml", "from: test\n");
    folder.write("envs/preview/api.yaml", "KEY: of-previews\n");
    assert.deepEqual(await steps(), [undefined, undefined, undefined]);
    folder.write("dokploy-previews.yaml", "form: test\n");
    const [wrong] = await steps();
    assert.match(
      wrong ?? "",
      /^warning: the previews were not looked at, .*: dokploy-previews\.yaml:1:1: from: is missing/,
    );
  });

  it("refuses what it cannot rotate, and leaves the file", async () => {
    const refused: [text: string, line: string, reason: RegExp][] = [
      ["KEY: canary\n", "KEY", /^UserError: KEY is neither !generate nor !secret in envs\/test\/api\.yaml/],
      ["KEY: !vault secret/shop#key\n", "KEY", /is neither !generate nor !secret/],
      [
        "KEY: !text { text: 'a:${PASSWORD}', values: { PASSWORD: !generate } }\n",
        "KEY",
        /^UserError: KEY is a text with secrets inside \(!text in .*\): rotate the variables that have/,
      ],
      [
        "OTHER: !generate { format: hex }\nKEY: !generate OTHER\n",
        "KEY --at-once",
        /^UserError: KEY takes the secret OTHER \(!generate OTHER in envs\/test\/api\.yaml\), .*: rotate the variable/,
      ],
      // Only a token is signed, so a key of it is never all that a value says.
      ["KEY: !generate { name: A, signingKey: !generate B }\n", "KEY", /KEY: .*signingKey/],
      ["KEY: !secret a\n", "KEY --at-once", /^UserError: KEY is not generated: set another value with/],
      ["KEY: !generate\n", "KYE", /^Error: api has no variable KYE in stage test\. Did you mean KEY\?/],
      [
        "KEY: { rotate: { current: !generate , next: !generate { rotation: 2 } } }\n",
        "KEY_NEXT",
        /has no variable KEY_NEXT in stage test\. Did you mean KEY\?/,
      ],
      [
        "KEY: { rotate: { current: !plain canary, next: !plain b } }\n",
        "KEY",
        /rotates in envs\/test\/api\.yaml with values that are written there/,
      ],
      ["KEY: &a !generate\nB: *a\n", "KEY", /has an anchor or a layout that this command cannot edit/],
      ["KEY: &a !secret a\nB: *a\n", "KEY", /has an anchor or a layout that this command cannot edit/],
      ["KEY: !generate\n", "KEY A", /Name one variable/],
      ["KEY: !generate\n", "", /Name one variable/],
      ["KEY: !generate\n", "K$Y", /a key is not a name of a variable/],
      ["KEY: !generate\n", "ZZZZZZ", /has no variable ZZZZZZ in stage test\.$/],
      [
        "KEY: { rotate: { current: !generate , next: !generate { rotation: 2 } } }\n",
        "KEY_NEXTT",
        /has no variable KEY_NEXTT in stage test\.$/,
      ],
    ];
    for (const [text, line, reason] of refused) {
      write(text);
      await assert.rejects(rotate(`${line} --stage test`.trim()), (error: Error) => {
        assert.match(String(error), reason);
        assert.doesNotMatch(String(error), /canary/);
        return true;
      });
      assert.equal(api(), text);
    }
    await assert.rejects(rotate("KEY"), /Name the stage with --stage/);
    assert.deepEqual(stored, []);
  });
});
