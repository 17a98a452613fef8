import * as assert from "node:assert/strict";
import { output, secret } from "@pulumi/pulumi";
import { Application } from "../../../sdk/application";
import { EnvironmentBlock } from "../../../sdk/environment-block";
import { ProgramError } from "../../../sdk/program-error";

describe("a resource in a program", () => {
  const source = { type: "docker", image: "acme/api:1" } as const;
  const refused: [what: string, make: () => unknown, place: string][] = [
    [
      "a variable",
      () =>
        new Application("api", {
          name: "api",
          environmentId: "e",
          source,
          env: { toString: "canary" } as never,
        }),
      "api: env",
    ],
    [
      "a secret build argument",
      () =>
        new Application("api", {
          name: "api",
          environmentId: "e",
          source,
          buildArgs: { toString: secret("canary") } as never,
        }),
      "api: buildArgs",
    ],
    [
      "a variable of a block",
      () =>
        new EnvironmentBlock("b", {
          target: { projectId: "p" },
          env: { toString: output("canary") } as never,
        }),
      "b: env",
    ],
  ];
  for (const [what, make, place] of refused) {
    it(`is refused with toString as the name of ${what}`, () => {
      assert.throws(make, (error) => {
        assert.ok(error instanceof ProgramError, String(error));
        assert.ok(
          error.message.startsWith(`${place}: toString is a name that Pulumi cannot carry`),
          error.message,
        );
        assert.doesNotMatch(error.message, /canary/);
        return true;
      });
    });
  }
});
