import * as assert from "node:assert/strict";
import { unknownValue } from "@pulumi/pulumi/runtime";
import { ProgramSecrets } from "../../../provider/run/program-secrets";

describe("what the program marked as secret", () => {
  it("is everything until the program tells, and what it tells from then on", () => {
    const secrets = new ProgramSecrets();
    assert.equal(secrets.isMarked("anything"), true);
    secrets.tell({ env: { A: "plain" } }, undefined);
    assert.equal(secrets.isMarked("anything"), true, "of another version");
    secrets.tell({ env: { A: "plain" } }, []);
    assert.equal(secrets.isMarked("anything"), false);
    assert.equal(secrets.wasMarked("plain"), false);
    secrets.tell({ env: { A: "hidden", B: "plain" } }, [["env", "A"], "no path"]);
    assert.deepEqual(secrets.all(), ["hidden"]);
    assert.equal(secrets.isMarked("hidden"), true);
    assert.equal(secrets.wasMarked("hidden"), true);
    assert.equal(secrets.wasMarked("plain"), false);
  });

  it("is found where its path leads, in lists as well, and in all that stands below it", () => {
    const secrets = new ProgramSecrets();
    const inputs = {
      source: { type: "docker", password: "pw", registryId: "r-1", options: { pin: 1234, on: true } },
      ports: [{ host: "a" }, { host: "b", allow: ["c", "d"] }],
      env: { KNOWN: "later", UNKNOWN: unknownValue, "A.B": "dotted" },
      name: "web",
    };
    secrets.tell(inputs, [["source"], ["ports", 1], ["env"], ["name", "deeper"], ["absent", "path"]]);
    assert.deepEqual(secrets.all(), ["pw", "1234", "b", "c", "d", "later", "dotted"]);
  });

  it("a kind, a file, an id says of which thing it is, and is no secret", () => {
    const secrets = new ProgramSecrets();
    const inputs = {
      all: {
        type: "1t",
        file: "2f",
        import: "3i",
        serverId: "4s",
        serverIds: "5s",
        Id: "6i",
        types: "7t",
        myfile: "8f",
        Idle: "9i",
      },
    };
    secrets.tell(inputs, [["all"]]);
    assert.deepEqual(secrets.all(), ["6i", "7t", "8f", "9i"]);
  });

  it("of values on the server those may be one that the program does not give in clear", () => {
    const secrets = new ProgramSecrets();
    secrets.tell({ env: { A: "clear-a", B: "hidden-b" }, list: ["in-a-list"] }, [["env", "B"]]);
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
