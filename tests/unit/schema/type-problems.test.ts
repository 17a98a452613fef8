import * as assert from "node:assert/strict";
import { inspect } from "node:util";
import { runtime } from "@pulumi/pulumi";
import { z } from "zod";
import { allDefinitions } from "../../../provider/resources";
import { pathText, textMisfits, typeProblems } from "../../../provider/schema";

describe("a problem with the types of inputs", () => {
  const unknown = runtime.unknownValue;
  const schema = z.strictObject({
    name: z.string().min(1).max(5).optional(),
    count: z.number().int().min(1).max(9).optional(),
    share: z.number().positive().max(0.5).optional(),
    on: z.boolean().optional(),
    list: z.array(z.string()).max(2).optional(),
    map: z.record(z.string(), z.string()).optional(),
    mode: z.enum(["a", "b"]).optional(),
    deploy: z.union([z.boolean(), z.strictObject({ method: z.enum(["x"]), wait: z.number() })]).optional(),
    either: z.union([z.string(), z.number()]).optional(),
    own: z.union([z.string(), z.number()], "is neither").optional(),
    source: z
      .discriminatedUnion("type", [
        z.strictObject({ type: z.literal("docker"), image: z.string() }),
        z.strictObject({ type: z.literal("git"), url: z.string() }),
      ])
      .optional(),
    host: z.string().regex(/^x/, "Is not a host").optional(),
  });
  const problems = (inputs: object, kind = "Thing") =>
    typeProblems(kind, schema, inputs as Record<string, unknown>).map(
      ({ path, reason }) => `${pathText(path)} ${reason}`,
    );

  for (const [inputs, ...expected] of [
    [{}],
    [{ name: "abc", count: 1, share: 0.5, deploy: true, either: 1, source: { type: "git", url: "u" } }],
    [{ name: "" }, "name must not be empty"],
    [{ name: "abcdef" }, "name must have at most 5 characters"],
    [{ name: null }, "name must not be null: leave it out instead"],
    [{ name: ["a"] }, "name must be a string, not a list"],
    [{ name: {} }, "name must be a string, not an object"],
    [{ count: "1" }, "count must be a number, not a string"],
    [{ count: 1.5 }, "count must be a whole number"],
    [{ count: 0 }, "count must be at least 1"],
    [{ count: 10 }, "count must be at most 9"],
    [{ count: 1e30 }, "count must be at most 9"],
    [{ share: 0 }, "share must be more than 0"],
    [{ share: Number.NaN }, "share must be a finite number"],
    [{ on: 1 }, "on must be a boolean, not a number"],
    [{ on: Number.POSITIVE_INFINITY }, "on must be a boolean"],
    [{ list: "a" }, "list must be a list, not a string"],
    [{ list: ["a", 2] }, "list.1 must be a string, not a number"],
    [{ list: ["a", "b", "c"] }, "list too big: expected array to have <=2 items"],
    [{ map: [] }, "map must be a map, not a list"],
    [{ map: { "a b": 1 } }, 'map["a b"] must be a string, not a number'],
    [{ mode: "c" }, 'mode must be one of "a", "b"'],
    [{ deploy: "no" }, "deploy must be a boolean or an object, not a string"],
    [{ deploy: { method: "y" } }, 'deploy.method must be one of "x"', "deploy.wait is missing"],
    [{ deploy: { method: "x", wait: 1, more: 2 } }, "deploy.more is not an input of deploy"],
    [
      { deploy: { more: 2 } },
      "deploy.method is missing",
      "deploy.wait is missing",
      "deploy.more is not an input of deploy",
    ],
    [{ either: true }, "either must be a string or a number, not a boolean"],
    [{ own: true }, "own is neither"],
    [{ source: { type: "zip" } }, 'source.type must be one of "docker", "git"'],
    [{ source: { type: "docker" } }, "source.image is missing"],
    [
      { source: { type: "docker", image: "i", url: "u" } },
      'source.url is not an input of source of type "docker"',
    ],
    [{ host: "y" }, "host is not a host"],
    [
      { nmae: 1, other: 2 },
      "nmae is not an input of a Thing: did you mean name?",
      "other is not an input of a Thing",
    ],
    [
      { deploy: { method: "x", delay: 2 } },
      "deploy.wait is missing",
      "deploy.delay is not an input of deploy: did you mean wait?",
    ],
    [
      { deploy: { method: "x", wait: 1, waits: 2 } },
      "deploy.waits is not an input of deploy: did you mean wait?",
    ],
    [
      { source: { type: "docker", image: "i", Image: "i" } },
      'source.Image is not an input of source of type "docker": did you mean image?',
    ],
  ] as [object, ...string[]][]) {
    it(`${inspect(inputs)}: ${expected.join("; ") || "nothing"}`, () => {
      assert.deepEqual(problems(inputs), expected);
    });
  }

  it("names the input that is meant, of every kind", () => {
    assert.ok(allDefinitions().length > 30);
    for (const { kind, schema: shape } of allDefinitions()) {
      for (const name of Object.keys((shape as z.ZodObject).shape)) {
        const found = typeProblems(kind, shape as z.ZodType, { [`${name}x`]: 1 });
        const { reason = "" } = found.find(({ path }) => path[0] === `${name}x`) ?? {};
        // Of two names that are both a letter away, either is right.
        assert.match(reason, /: did you mean \w+\?$/, `${kind}.${name}`);
      }
    }
  });

  it("says a or an of the kind", () => {
    assert.deepEqual(problems({ x: 1 }, "Application"), ["x is not an input of an Application"]);
    assert.deepEqual(problems({ x: 1 }, "Bakery"), ["x is not an input of a Bakery"]);
  });

  it("is nothing if it is not known yet", () => {
    for (const inputs of [
      { count: unknown },
      { deploy: { method: unknown, wait: unknown } },
      { deploy: unknown },
      { either: unknown },
      { source: { type: unknown, image: 1 } },
      { list: ["a", unknown] },
    ]) {
      assert.deepEqual(problems(inputs), [], JSON.stringify(inputs));
    }
  });

  it("names paths as a plan does", () => {
    assert.equal(pathText(["a", "b", 0, "c-d", "$x"]), "a.b.0.c-d.$x");
    assert.equal(pathText(["a", "b.c/", "d"]), 'a["b.c/"].d');
    assert.equal(pathText(["b c"]), '["b c"]');
    assert.equal(pathText(["domains", "[12]", "host"]), "domains[12].host");
  });

  it("a text does not fit an input of another type", () => {
    const misfits = (inputs: object) => textMisfits(schema, inputs as Record<string, unknown>).map(pathText);
    assert.deepEqual(misfits({ name: "a", either: "x" }), []);
    assert.deepEqual(
      misfits({ name: "too long for it", mode: "c", host: "y" }),
      [],
      "another text would fit",
    );
    assert.deepEqual(misfits({ count: "1", on: "x", list: "a", map: { a: "b" } }), ["count", "on", "list"]);
    assert.deepEqual(misfits({ count: true, name: 1 }), [], "no texts");
    assert.deepEqual(misfits({ deploy: "x" }), ["deploy"]);
    assert.deepEqual(misfits({ deploy: { method: "x", wait: "1" } }), ["deploy.wait"]);
    assert.deepEqual(misfits({ source: "x" }), ["source"]);
    assert.deepEqual(misfits({ source: { type: "zip" } }), []);
  });
});
