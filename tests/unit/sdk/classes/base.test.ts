import * as assert from "node:assert/strict";
import { output, runtime, secret } from "@pulumi/pulumi";
import { Application, EnvironmentBlock, Tag } from "../../../../sdk";
import { ProgramError } from "../../../../sdk/run";

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
          error.message.startsWith(`${place}: toString is a name that Pulumi cannot handle`),
          error.message,
        );
        assert.doesNotMatch(error.message, /canary/);
        return true;
      });
    });
  }
});

describe("a resource that fails while Pulumi registers it", () => {
  const settings: Record<string, string> = {
    DOKPLOY_URL: "http://127.0.0.1:9",
    DOKPLOY_API_KEY: "key",
  };
  const earlier = { ...process.env };
  beforeEach(async () => {
    Object.assign(process.env, settings);
    // Whatever engine and settings another test has left in this process.
    runtime.setAllConfig({});
    const newResource = () => ({ id: "made", state: {} });
    await runtime.setMocks({ newResource, call: ({ inputs }) => inputs }, "shop", "test", true);
  });
  afterEach(() => {
    for (const name of Object.keys(settings)) {
      if (earlier[name] === undefined) delete process.env[name];
      else process.env[name] = earlier[name];
    }
  });

  it("names the failure and the resource's place in its stack, and restores the length of traces", () => {
    const limit = Error.stackTraceLimit;
    const refusing = () => {
      throw new Error("not in this team");
    };
    const makeTag = () => new Tag("t", { name: "t" }, { transformations: [refusing] });
    assert.throws(makeTag, (error: Error) => {
      assert.equal(error.message, "not in this team");
      assert.match(error.stack ?? "", /refusing[\s\S]*DokployResource[\s\S]*makeTag/);
      return true;
    });
    assert.equal(Error.stackTraceLimit, limit);
  });
});
