import * as assert from "node:assert/strict";
import { readOptions } from "../../../../../cli/server";
import { UsageError } from "../../../../../cli/terminal";

describe("the options of export", () => {
  const read = (text: string) => readOptions(["--out", "infra", ...text.split(" ").filter(Boolean)]);
  const refusal = (text: string) => {
    try {
      read(text);
    } catch (error) {
      assert.ok(error instanceof UsageError, String(error));
      return error.message;
    }
    return undefined;
  };

  it("are a program with encrypted secrets for the stack prod, of the whole server", () => {
    assert.deepEqual(read(""), {
      ...{ projects: [], directory: "infra", force: false, stack: "prod", name: "dokploy-server" },
      ...{ layout: "program", secrets: "config", verify: false, missing: false },
      plain: { keys: new Set(), unlessSecretLooking: false },
    });
  });

  it("say everything else", () => {
    const given = "--force --stack acme/shop/live --name my.shop --layout repository --secrets env --verify";
    assert.deepEqual(read(`${given} --plain A,B --plain C --plain-unless-secret-looking`), {
      ...{ projects: [], directory: "infra", force: true, stack: "acme/shop/live", name: "my.shop" },
      ...{ layout: "repository", secrets: "env", verify: true, missing: false },
      plain: { keys: new Set(["A", "B", "C"]), unlessSecretLooking: true },
    });
    assert.equal(read("--missing --stack live").missing, true);
  });

  it("name the program after its project, but not as the namespace of the settings", () => {
    const nameFor = (...projects: string[]) =>
      readOptions(["--out", "x", ...projects.flatMap((project) => ["--project", project])]).name;
    assert.equal(nameFor("My shop (EU)"), "My-shop-EU");
    assert.equal(nameFor("a".repeat(120)).length, 100);
    for (const projects of [["dokploy"], ["é"], ["a", "b"], []])
      assert.equal(nameFor(...projects), "dokploy-server", projects.join());
    assert.match(refusal("--name dokploy") ?? "", /^--name takes/);
    assert.match(refusal("--name a/b") ?? "", /^--name takes/);
  });

  it("need a folder, and the name of a stack that Pulumi takes for no option", () => {
    assert.throws(() => readOptions([]), /Give the folder to write to: --out DIR/);
    for (const stack of ["--stack=-x", "--stack=a:b", "--stack="])
      assert.match(refusal(stack) ?? "", /^--stack takes/);
    assert.match(refusal("--secrets file") ?? "", /^--secrets takes one of config, env, none\./);
    assert.match(refusal("--layout flat") ?? "", /^--layout takes one of program, repository\./);
  });

  it("take a proof only with the secrets", () => {
    assert.match(refusal("--verify --secrets none") ?? "", /^--verify needs the secrets/);
    for (const text of ["--verify --secrets env", "--verify", "--secrets none"])
      assert.equal(refusal(text), undefined, text);
  });

  it("write the missing objects into a folder of the project of a named stack", () => {
    for (const text of [
      "--missing",
      "--missing --stack prod --verify",
      "--missing --stack prod --layout program",
    ])
      assert.match(refusal(text) ?? "", /^--missing needs --stack, and takes neither/, text);
    for (const out of ["/tmp/x", "../x", "a/../../x", "a\\..\\x"])
      assert.throws(
        () => readOptions(["--missing", "--stack", "prod", "--out", out]),
        /With --missing, --out is a folder of the project/,
        out,
      );
    assert.equal(readOptions(["--missing", "--stack", "prod", "--out", "a..b/c"]).directory, "a..b/c");
    assert.equal(readOptions(["--out", "/tmp/x"]).directory, "/tmp/x");
  });
});
