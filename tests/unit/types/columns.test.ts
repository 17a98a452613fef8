import * as assert from "node:assert/strict";
import { z } from "zod";
import type { Column } from "../../../provider/dokploy/columns";
import { keptIn, managed } from "../../../provider/schema";

/*
 * The compiler holds these, by `npm run typecheck`: it refuses a line that is wrong, and an `@ts-expect-error` over one
 * that is not.
 */
const text = z.string();
const domain = keptIn<"domain">();
const service = keptIn<"application" | "compose">();

const accepted = [
  domain.managed(text, { column: "serviceName", apply: "none" }),
  domain.managed(text, { apply: "none" }),
  // Only an update takes it.
  domain.managed(text, { column: "enabled", apply: "none" }),
  // Only a creation takes it.
  domain.managed(text, { column: "applicationId", apply: "none", replace: true }),
  service.managed(text, { column: "customGitUrl", apply: "deploy" }),
  service.variables({ column: "env", target: "application", apply: "deploy" }),
  managed(text, { apply: "deploy" }),
];

const refused = [
  // @ts-expect-error a misspelt column
  domain.managed(text, { column: "serviceNmae", apply: "none" }),
  // @ts-expect-error a column of another router
  domain.managed(text, { column: "dockerImage", apply: "none" }),
  // @ts-expect-error a column that one of the two lacks
  service.managed(text, { column: "dockerImage", apply: "deploy" }),
  // @ts-expect-error a column that is no text of variables, nor anything else
  service.variables({ column: "environment", target: "application", apply: "deploy" }),
  // @ts-expect-error what has no router has no columns
  managed(text, { column: "name", apply: "none" }),
];

// @ts-expect-error no such router
keptIn<"domains">();

// Also through a constant of a definition.
const column: Column<"port"> = "publishedPort";
// @ts-expect-error a misspelt column in a constant
const misspelt: Column<"port"> = "publishedPrt";

describe("columns of definitions", () => {
  it("are kept as they are given, the compiler having checked them", () => {
    const columns = [...accepted, ...refused].map((schema) => schema.meta()?.managed?.column);
    assert.deepEqual(columns, [
      ...["serviceName", undefined, "enabled", "applicationId", "customGitUrl", "env", undefined],
      ...["serviceNmae", "dockerImage", "dockerImage", "environment", "name"],
    ]);
    assert.notEqual(column, misspelt);
  });
});
