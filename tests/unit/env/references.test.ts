import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { findReferences, replaceReferences } from "../../../provider/env/references";

/** As Dokploy's own expressions find them. */
const expressions = {
  "": /\$\{\{(.*?)\}\}/g,
  "project.": /\$\{\{project\.(.*?)\}\}/g,
} as const;

const texts = fc.string({
  unit: fc.constantFrom("${{", "}}", "${{project.", "A", "{", "}", "$", "\n", "\r", "\u2028", " "),
  maxLength: 14,
});

describe("references in a value", () => {
  for (const scope of ["", "project."] as const) {
    it(`are found as Dokploy finds them${scope && ", of a project"}`, () => {
      fc.assert(
        fc.property(texts, (text) => {
          const expected = [...text.matchAll(expressions[scope])].map((match) => ({
            start: match.index,
            end: match.index + match[0].length,
            body: match[1] ?? "",
          }));
          assert.deepEqual(findReferences(text, scope), expected);
          assert.equal(
            replaceReferences(text, (body) => `<${body}>`, scope),
            text.replace(expressions[scope], (_, body: string) => `<${body}>`),
          );
        }),
        { numRuns: 5000 },
      );
    });
  }

  it("one after an unclosed one is not missed", () => {
    const [found, ...others] = findReferences("${{ open\n${{B}}");
    assert.deepEqual([found?.body, others.length], ["B", 0]);
  });

  it("one inside another is part of that", () => {
    assert.deepEqual(
      findReferences("${{a${{B}}}} ${{C}}").map(({ body }) => body),
      ["a${{B", "C"],
    );
  });
});
