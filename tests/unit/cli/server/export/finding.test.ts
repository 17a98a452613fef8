import * as assert from "node:assert/strict";
import { z } from "zod";
import { expressionOf } from "../../../../../cli/server/export/expression";
import { freeTexts } from "../../../../../cli/server/export/free-texts";
import type { Item } from "../../../../../cli/server/export/item";
import { hasOpenReference } from "../../../../../cli/server/export/open-references";
import type { Reference } from "../../../../../cli/server/export/references";
import { SecretFinder } from "../../../../../cli/server/export/secret-finder";
import { definitionOf } from "../../../../../provider/resources";
import { id } from "../../../../../provider/schema";

const application = (inputs: object, more: Partial<Item> = {}): Item => ({
  kind: "Application",
  definition: definitionOf("Application") as unknown as Item["definition"],
  id: "a1",
  inputs: inputs as Item["inputs"],
  ...{ secrets: [], maybeSecrets: [], hidden: [], notes: [] },
  ...more,
});

describe("a reference of an exported variable", () => {
  const shared = new Map([["e1", { project: new Set(["P"]), environment: new Set(["E"]) }]]);
  const isOpen = (value: string, environmentId = "e1") =>
    hasOpenReference(application({ environmentId, env: { A: value } }), shared);

  it("is open where no shared variable has its name in its own scope", () => {
    for (const value of ["${{project.P}}", "${{environment.E}}", "x ${{project.P}} ${{environment.E}}"])
      assert.equal(isOpen(value), false, value);
    for (const value of ["${{project.E}}", "${{environment.P}}", "${{project.P}} ${{environment.X}}"])
      assert.equal(isOpen(value), true, value);
    assert.equal(isOpen("${{project.X}}", "elsewhere"), false, "nobody knows the variables of another place");
  });
});

describe("the free texts of inputs", () => {
  it("are neither ids nor words of a list", () => {
    const schema = z.object({
      a: id,
      b: z.string(),
      c: z.enum(["on"]),
      d: z.union([id, z.number()]).optional(),
    });
    const texts = (inputs: object) => freeTexts(schema, inputs).map(({ text }) => text);
    const anId = "V1StGXR8Z5jdHi6BmyT9q";
    assert.deepEqual(texts({ a: anId, b: anId, c: "on", d: anId }), [anId]);
    assert.deepEqual(texts({ b: "text", c: "off" }), ["text", "off"]);
  });
});

describe("ids without an order", () => {
  it("are in the order of the names of their objects, which a server that was made again has too", () => {
    const project = (tagIds: readonly string[]): Item => ({
      ...application({ name: "shop", tagIds }),
      ...{ kind: "Project", definition: definitionOf("Project") as unknown as Item["definition"] },
    });
    const named: Readonly<Record<string, string>> = { id1: "live", id2: "api", id3: "shop" };
    const namesFor = (tagIds: readonly string[]) => {
      const references = tagIds.map((tagId, at): [string, Reference] => [
        JSON.stringify(["tagIds", String(at)]),
        { to: application({ name: named[tagId] }), output: "id" },
      ]);
      const { entries } = expressionOf(project(tagIds), {
        references: new Map(references),
        secretName: () => undefined,
        placesIn: () => undefined,
        piecesAt: () => undefined,
      });
      const [, list] = entries.find(([name]) => name === "tagIds") ?? [];
      const items = list?.type === "list" ? list.items : [];
      return items.map((each) => (each.type === "reference" ? each.reference.to.inputs["name"] : each.type));
    };
    for (const order of [
      ["id1", "id2", "id3"],
      ["id3", "id1", "id2"],
    ])
      assert.deepEqual(namesFor(order), ["api", "live", "shop"]);
  });
});

describe("a secret of one object in a text of another", () => {
  const holds = (secret: string, text: string) => {
    const item = application({ source: { password: secret } }, { secrets: [["source", "password"]] });
    return new SecretFinder([item]).holds("", text);
  };

  it("is found from six characters on, unless it is an ordinary word or a short number", () => {
    assert.equal(holds("kX7pQ9", "level kX7pQ9 x"), true);
    assert.equal(holds("kX7pQ", "level kX7pQ x"), false);
    assert.equal(holds("Deploy", "level Deploy x"), false);
    assert.equal(holds("1234567", "level 1234567 x"), false);
    assert.equal(holds("12345678", "level 12345678 x"), true);
  });
});
