import * as assert from "node:assert/strict";
import { z } from "zod";
import type { Column } from "../../../provider/dokploy";
import { field as kept, simple } from "../../../provider/engine";
import { keptIn, withoutColumn } from "../../../provider/schema";

/*
 * The compiler holds these, by `npm run typecheck`: it refuses a line that is wrong, and an `@ts-expect-error` over one
 * that is not.
 */
const text = z.string();
const domain = keptIn<"domain">();
const service = keptIn<"application" | "compose">();

const accepted = [
  domain.field(text, { column: "serviceName", apply: "none" }),
  domain.field(text, { apply: "none" }),
  // Only an update takes it.
  domain.field(text, { column: "enabled", apply: "none" }),
  // Only a creation takes it.
  domain.field(text, { column: "applicationId", apply: "none", replace: true }),
  service.field(text, { column: "customGitUrl", apply: "deploy" }),
  service.variables({ column: "env", target: "application", apply: "deploy" }),
  withoutColumn(text, { apply: "deploy" }),
];

const refused = [
  // @ts-expect-error a misspelt column
  domain.field(text, { column: "serviceNmae", apply: "none" }),
  // @ts-expect-error a column of another router
  domain.field(text, { column: "dockerImage", apply: "none" }),
  // @ts-expect-error a column that one of the two lacks
  service.field(text, { column: "dockerImage", apply: "deploy" }),
  // @ts-expect-error a column that is no text of variables, nor anything else
  service.variables({ column: "environment", target: "application", apply: "deploy" }),
  // @ts-expect-error what has no router has no columns
  withoutColumn(text, { column: "name", apply: "none" }),
];

// @ts-expect-error no such router
keptIn<"domains">();

// Also through a constant of a definition.
const column: Column<"port"> = "publishedPort";
// @ts-expect-error a misspelt column in a constant
const misspelt: Column<"port"> = "publishedPrt";

const spec = { kind: "Made", router: "port", key: [], label: () => "" } as const;
const simpleOnes = [
  simple({ ...spec, inputs: { publishedPort: text } }),
  simple({ ...spec, inputs: { outside: kept(text, { column: "publishedPort" }) } }),
  simple({ ...spec, create: () => ({ protocol: "udp" }), inputs: { publishedPort: text } }),
  // @ts-expect-error what is sent beside the inputs, and is no column
  simple({ ...spec, create: () => ({ protocl: "udp" }), inputs: { publishedPort: text } }),
];

describe("columns of definitions", () => {
  it("are kept as they are given, the compiler having checked them", () => {
    const columns = [...accepted, ...refused].map((schema) => schema.meta()?.field?.column);
    assert.deepEqual(columns, [
      ...["serviceName", undefined, "enabled", "applicationId", "customGitUrl", "env", undefined],
      ...["serviceNmae", "dockerImage", "dockerImage", "environment", "name"],
    ]);
    assert.notEqual(column, misspelt);
    assert.deepEqual(
      simpleOnes.flatMap(({ schema }) => {
        const [first] = Object.values(schema.shape as Record<string, z.ZodType>);
        return first?.meta()?.field?.column;
      }),
      ["publishedPort", "publishedPort", "publishedPort", "publishedPort"],
    );
  });
});
