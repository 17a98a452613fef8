import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { replaceReferences } from "../../../provider/env";

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
  const marked = (text: string) => replaceReferences(text, (body) => `<${body}>`);
  for (const scope of ["", "project."] as const) {
    it(`are found as Dokploy finds them${scope && ", of a project"}`, () => {
      fc.assert(
        fc.property(texts, (text) => {
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
    assert.equal(marked("${{ open\n${{B}}"), "${{ open\n<B>");
  });

  it("one inside another is part of that", () => {
    assert.equal(marked("${{a${{B}}}} ${{C}}"), "<a${{B>}} <C>");
  });
});
