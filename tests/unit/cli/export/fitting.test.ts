import * as assert from "node:assert/strict";
import { fitted } from "../../../../cli/export/fitting";
import type { Definition, Item } from "../../../../cli/export/item";
import { SecretFinder } from "../../../../cli/export/secret-finder";
import { definitionOf } from "../../../../provider/generated/definitions";
import type { Context } from "../../../../provider/lifecycle/context";

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
});
