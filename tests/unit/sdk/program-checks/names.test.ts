import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Application, Postgres } from "../../../../sdk";

const environmentId = "V1StGXR8Z5jdHi6BmyT9q";
const source = { type: "docker", image: "acme/web:1" } as const;

describe("two services of one name in an environment", () => {
  before(() =>
    pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
      call: ({ inputs }) => inputs,
    }),
  );
  const web = (resource: string, options?: { import: string }) =>
    new Application(resource, { environmentId, name: "web", source }, options);

  it("are refused, unless one of them exists and is adopted", () => {
    web("one");
    web("adopted", { import: "hTj4KoG9xEoBqyTR6N3Vc" });
    new Postgres("database", { environmentId, name: "web", database: "a", user: "a" });
    assert.throws(
      () => web("two"),
      /Application "two" and Application "one" have the same name "web" in the same environment: give one of them another\./,
    );
  });
});
