import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import * as fc from "fast-check";

const root = path.join(__dirname, "..", "..", "..");
const { printSchema, shareSchemas } = require(path.join(root, "scripts", "docs", "share-schemas.cjs")) as {
  printSchema: (schema: object) => string;
  shareSchemas: (schema: object) => Record<string, unknown>;
};

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** The schema as it was before its parts were shared. */
function expand({ $defs, ...schema }: Record<string, unknown>): unknown {
  const definitions = $defs as Record<string, Json>;
  const replace = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replace);
    if (value === null || typeof value !== "object") return value;
    const { $ref } = value as { $ref?: string };
    if ($ref !== undefined) return replace(definitions[$ref.replace("#/$defs/", "")]);
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replace(inner)]));
  };
  return replace(schema);
}

describe("a JSON schema that shares its parts", () => {
  it("says the same", () => {
    const name = fc.constantFrom("type", "properties", "items", "mounts", "ports");
    const leaf = fc.constantFrom<Json>(
      "string",
      "object",
      1,
      true,
      null,
      "a description that is long enough to share",
    );
    const { schema } = fc.letrec<{ schema: Json }>((tie) => ({
      schema: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie("schema"), { maxLength: 3 }),
        fc.dictionary(name, tie("schema"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(name, schema, { maxKeys: 4 }), (given) => {
        const plain = JSON.parse(JSON.stringify(given)) as object;
        const shared = JSON.parse(printSchema(shareSchemas(plain))) as Record<string, unknown>;
        assert.deepEqual(expand(shared), plain);
      }),
      { numRuns: 500 },
    );
  });

  it("has each part once", () => {
    const port = { type: "number", minimum: 1, maximum: 65535, description: "a port" };
    assert.deepEqual(shareSchemas({ properties: { from: port, to: port } }), {
      properties: { from: { $ref: "#/$defs/from" }, to: { $ref: "#/$defs/from" } },
      $defs: { from: port },
    });
  });

  it("keeps dokploy-app.schema.json below 100 kB", () => {
    const { length } = readFileSync(path.join(root, "schemas", "dokploy-app.schema.json"));
    assert.ok(length < 100_000, `${length} bytes`);
  });
});
