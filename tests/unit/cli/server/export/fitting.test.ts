import * as assert from "node:assert/strict";
import { fitted } from "../../../../../cli/server/export/fitting";
import type { Definition, Item } from "../../../../../cli/server/export/item";
import { quietContext } from "../../../../../cli/server/export/quiet-context";
import { SecretFinder } from "../../../../../cli/server/export/secret-finder";
import type { Context } from "../../../../../provider/lifecycle";
import { definitionOf } from "../../../../../provider/resources";
import type { Kind } from "../../../../../sdk/run";
import { item } from "./items";

describe("the inputs that an exported program can give", () => {
  const application = definitionOf("Application") as unknown as Definition;

  /** An application whose check quotes a variable. */
  const quoting = (property: string): Item => ({
    kind: "Application",
    definition: {
      ...application,
      check: ({ env }: { env?: { TOKEN: string } }) =>
        env === undefined ? [] : [{ property, reason: `has ${env.TOKEN}, which no program can give` }],
    } as unknown as Definition,
    id: "a1",
    inputs: {
      environmentId: "hTj4KoG9xEoBqyTR6N3Vc",
      name: "api",
      source: { type: "docker", image: "acme/api:1" },
      env: { TOKEN: "canary-4711-secret" },
    },
    secrets: [],
    maybeSecrets: [["env", "TOKEN"]],
    hidden: [],
    notes: [],
  });

  it("are left out with a note, or with the whole object, and no reason shows a secret", () => {
    const [left, whole] = ["env", "name"].map((property) =>
      fitted(quoting(property), new SecretFinder(), {} as Context),
    );
    assert.ok(left !== undefined && !("reason" in left));
    assert.deepEqual(left.notes, [
      "env has [secret], which no program can give. It is not in the program and stays as it is.",
    ]);
    assert.deepEqual(whole, { reason: "name has [secret], which no program can give" });
  });

  const context = quietContext({
    stack: () => undefined,
    environment: { DOKPLOY_URL: "https://dokploy.example.com", DOKPLOY_API_KEY: "k" },
  });
  const resultOf = (kind: Kind, inputs: Readonly<Record<string, unknown>>, more: Partial<Item> = {}) =>
    fitted(item(kind, "x1", inputs, more), new SecretFinder(), context);
  const source = { type: "docker", image: "acme/api:1" };
  const environmentId = "hTj4KoG9xEoBqyTR6N3Vc";

  it("stay as they are where a program can give all of them", () => {
    const inputs = { environmentId, name: "api", source, env: { A: "1" } };
    const found = resultOf("Application", inputs);
    assert.ok(!("reason" in found));
    assert.deepEqual([found.inputs, found.notes], [inputs, []]);
  });

  it("lose the part of a list that is wrong, and the list with its last part", () => {
    const domains = { "a.dev/": { host: "a.dev" }, "B.dev/": { host: "B .dev" } };
    const found = resultOf("Application", { environmentId, name: "api", source, domains });
    assert.ok(!("reason" in found));
    assert.deepEqual(found.inputs["domains"], { "a.dev/": { host: "a.dev" } });
    assert.match(found.notes.join(), /It is not in the program and stays as it is\.$/);
    const { "B.dev/": wrong } = domains;
    const none = resultOf("Application", {
      environmentId,
      name: "api",
      source,
      domains: { "B.dev/": wrong },
    });
    assert.ok(!("reason" in none));
    assert.equal("domains" in none.inputs, false);
  });

  it("lose the marks of secrets that are left out", () => {
    const domains = { "B.dev/": { host: "B .dev" } };
    const found = resultOf(
      "Application",
      { environmentId, name: "api", source, domains, env: { A: "x" } },
      {
        secrets: [["domains", "B.dev/", "host"]],
        maybeSecrets: [
          ["env", "A"],
          ["domains", "B.dev/"],
        ],
      },
    );
    assert.ok(!("reason" in found));
    assert.deepEqual([found.secrets, found.maybeSecrets], [[], [["env", "A"]]]);
  });

  it("are those of an object that no program can have where a required one is wrong, with the cause", () => {
    assert.deepEqual(Object.keys(resultOf("Application", { environmentId, source })), ["reason"]);
    const open = resultOf("Application", { environmentId, name: "api", source: { type: "github" } });
    assert.ok("reason" in open);
    assert.match(open.reason, /^source\.\w+ /);
  });

  it("are a warning where a check of the compose file can be one", () => {
    const composeFile = "services:\n  web:\n    image: acme/web:1\n    container_name: web\n";
    const found = resultOf("Compose", { environmentId, name: "jobs", source: { type: "raw", composeFile } });
    assert.ok(!("reason" in found), JSON.stringify(found));
    assert.deepEqual(found.inputs["source"], { type: "raw", composeFile });
    for (const level of Object.values(Object(found.inputs["checks"]) as object)) assert.equal(level, "warn");
  });

  it("have no secret as a name, which a plan would show", () => {
    const found = resultOf("Tag", { name: "kX7pQ9canary" }, { secrets: [["name"]] });
    assert.deepEqual(found, { reason: "name holds a secret, which the name of the object would show" });
  });
});
