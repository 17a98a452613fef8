import * as assert from "node:assert/strict";
import { unknownValue } from "@pulumi/pulumi/runtime";
import { z } from "zod";
import { ProgramSecrets } from "../../../../provider/lifecycle";
import { Mapping } from "../../../../provider/schema";

describe("a value that the program marked as secret", () => {
  it("is everything until the program reports its secrets, and then exactly those", () => {
    const secrets = new ProgramSecrets();
    assert.equal(secrets.isMarked("anything"), true);
    secrets.report({ env: { A: "plain" } }, undefined);
    assert.equal(secrets.isMarked("anything"), true, "of another version");
    secrets.report({ env: { A: "plain" } }, []);
    assert.equal(secrets.isMarked("anything"), false);
    assert.equal(secrets.wasMarked("plain"), false);
    secrets.report({ env: { A: "hidden", B: "plain" } }, [["env", "A"], "no path"]);
    assert.deepEqual(secrets.all(), ["hidden"]);
    assert.equal(secrets.isMarked("hidden"), true);
    assert.equal(secrets.wasMarked("hidden"), true);
    assert.equal(secrets.wasMarked("plain"), false);
  });

  it("is found by its path, in lists too, with everything below it", () => {
    const secrets = new ProgramSecrets();
    const inputs = {
      source: { type: "docker", password: "pw", registryId: "r-1", options: { pin: 1234, on: true } },
      ports: [{ host: "a" }, { host: "b", allow: ["c", "d"] }],
      env: { KNOWN: "later", UNKNOWN: unknownValue, "A.B": "dotted" },
      name: "web",
    };
    secrets.report(inputs, [["source"], ["ports", 1], ["env"], ["name", "deeper"], ["absent", "path"]]);
    assert.deepEqual(secrets.all(), ["pw", "r-1", "1234", "b", "c", "d", "later", "dotted"]);
  });

  it("the kind of an object is not secret, but its identity is", () => {
    const secrets = new ProgramSecrets();
    const inputs = {
      all: {
        type: "1t",
        buildType: "2t",
        serverId: "3s",
        serverIds: ["4s"],
        types: "5t",
      },
    };
    secrets.report(inputs, [["all"]]);
    assert.deepEqual(secrets.all(), ["3s", "4s", "5t"]);
  });

  const nature = new Mapping(
    z.object({
      region: z.string().meta({ field: { apply: "none" } }),
      words: z.string().meta({ field: { apply: "none" } }),
      password: z.string().meta({ field: { apply: "none", secret: true } }),
    }),
  );

  it("is looked for in the state only where the state differs, since most plans change little", () => {
    const secrets = new ProgramSecrets();
    const read: object[] = [];
    const nature = {
      open: () => [],
      secrets(inputs: object) {
        read.push(inputs);
        return [];
      },
    };
    const inputs = { name: "web", env: { A: "same" }, source: { password: "new" } };
    secrets.report(inputs, [["source", "password"]], nature, { ...inputs, source: { password: "former" } });
    assert.deepEqual(read, [inputs, { source: { password: "former" } }]);
    assert.deepEqual(secrets.all(), ["new", "former"]);
  });

  it("is removed from texts together with values that are always secret, but no common word is", () => {
    const secrets = new ProgramSecrets();
    secrets.report(
      { region: "production", words: "one-word", password: "by-nature" },
      [["region"], ["words"]],
      nature,
    );
    assert.equal(
      secrets.hide("in production one-word was wrong, by-nature too"),
      "in production [secret] was wrong, [secret] too",
    );
  });

  it("stays visible if the program gives the same text in plain text: hiding it would reveal the secret", () => {
    const secrets = new ProgramSecrets();
    secrets.report({ region: "eu-central-1", words: "a-word" }, [["region"]], nature);
    assert.equal(secrets.hide("s3.eu-central-1.amazonaws.com"), "s3.[secret].amazonaws.com");
    secrets.report({ region: "eu-central-1", words: "other" }, [], nature);
    assert.equal(secrets.hide("s3.eu-central-1.amazonaws.com"), "s3.eu-central-1.amazonaws.com");
    // In clear where secrets stand it is no less one.
    secrets.report({ password: "s3cret-word", env: { A: "s3cret-word" } }, [], nature);
    assert.equal(secrets.hide("s3cret-word"), "[secret]");
  });

  it("includes the value of the state in the same place", () => {
    const secrets = new ProgramSecrets();
    secrets.report({ words: "new-word" }, [["words"]], nature, { words: "former-word" });
    assert.equal(secrets.hide("from former-word to new-word"), "from [secret] to [secret]");
  });

  it("is hidden word by word in a problem with it, and nowhere else", () => {
    const secrets = new ProgramSecrets();
    const inputs = { words: "0 3 q7zx4 * *", region: "clear" };
    secrets.report(inputs, [["words"]], nature);
    assert.equal(secrets.hideIn({ property: "words", reason: "has q7zx4" }, inputs).reason, "has [secret]");
    assert.equal(secrets.hideIn({ property: "", reason: "has q7zx4" }, inputs).reason, "has [secret]");
    assert.equal(secrets.hideIn({ property: "region", reason: "has q7zx4" }, inputs).reason, "has q7zx4");
  });

  it("is read from the state if no program reports it, and everything may be secret if the state has no marks", async () => {
    const state = { region: "eu-central-1", words: "one-word", password: "by-nature" };
    const text = "eu-central-1 one-word by-nature";
    const marked = new ProgramSecrets();
    marked.meet(state, nature, async () => [["words"]]);
    await marked.learned();
    assert.equal(marked.learned(), undefined);
    assert.equal(marked.hide(text), "eu-central-1 [secret] [secret]");
    const unread = new ProgramSecrets();
    unread.meet(state, nature, async () => undefined);
    await unread.learned();
    assert.equal(unread.hide(text), "eu-central-1 one-word [secret]");
  });

  it("includes values on the server that the program does not give in plain text", () => {
    const secrets = new ProgramSecrets();
    secrets.report({ env: { A: "clear-a", B: "hidden-b" }, list: ["in-a-list"] }, [["env", "B"]]);
    const among = (name: string, value: string) => secrets.among([[name, value]]);
    assert.deepEqual(among("A", "clear-a"), []);
    assert.deepEqual(among("OTHER", "clear-a"), ["clear-a"], "under another name");
    assert.deepEqual(among("A", "other"), ["other"], "another value");
    assert.deepEqual(among("B", "hidden-b"), ["hidden-b"]);
    assert.deepEqual(among("MODE", "production"), [], "that every log is full of");
    assert.deepEqual(among("DB_PASSWORD", "production"), ["production"], "by its name");
    assert.deepEqual(
      secrets.among([
        ["X", "one"],
        ["A", "clear-a"],
        ["Y", "two"],
      ]),
      ["one", "two"],
    );
  });
});
