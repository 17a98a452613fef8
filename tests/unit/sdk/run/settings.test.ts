import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Project } from "../../../../sdk";
import { ProgramError } from "../../../../sdk/run";

const mocks: pulumi.runtime.Mocks = {
  newResource: ({ name, inputs }) => ({ id: `${name}_id`, state: inputs }),
  call: ({ inputs }) => inputs,
};

/** What a program with two resources is told of the stack's configuration: an error, or warnings. */
async function reported(config: Record<string, string>): Promise<string[]> {
  const { warn } = pulumi.log;
  const messages: string[] = [];
  pulumi.log.warn = async (message) => {
    messages.push(`warning: ${message}`);
  };
  try {
    await pulumi.runtime.setMocks(mocks, "shop", "test", true);
    pulumi.runtime.setAllConfig(config);
    await pulumi.runtime.runInPulumiStack(async () => {
      try {
        for (const name of ["one", "two"]) new Project(name, { name });
      } catch (error) {
        assert.ok(error instanceof ProgramError, String(error));
        messages.push(`error: ${error.message}`);
      }
    });
    return messages;
  } finally {
    pulumi.log.warn = warn;
    pulumi.runtime.setAllConfig({});
  }
}

describe("the stack's configuration", () => {
  it("may have every setting, and those of other namespaces", async () => {
    const names = [
      "url",
      "auth",
      "concurrency",
      "requestsPerMinute",
      "waitFor",
      "references",
      "composeChecks",
    ];
    const settings = [...names, "only", "imageTag", "imageTags"].map(
      (name) => [`dokploy:${name}`, "x"] as const,
    );
    assert.deepEqual(
      await reported({ ...Object.fromEntries(settings), "shop:ur": "x", "dokploys:ur": "x" }),
      [],
    );
  });

  for (const [given, meant] of Object.entries({
    ur: "url",
    URL: "url",
    api: "apiKey",
    apikey: "apiKey",
    api_key: "apiKey",
    waitfor: "waitFor",
    reference: "references",
    imageTga: "imageTag",
  })) {
    it(`with dokploy:${given} is refused once, and dokploy:${meant} is named`, async () => {
      const [message, ...more] = await reported({ [`dokploy:${given}`]: "canary" });
      assert.deepEqual(more, []);
      assert.match(
        message ?? "",
        new RegExp(
          `^error: .* has dokploy:${given}, which is not a setting\\. Is dokploy:${meant} meant\\? .*config rm dokploy:${given}`,
        ),
      );
      assert.doesNotMatch(message ?? "", /canary/);
    });
  }

  it("with another setting of that namespace is warned of once: the program may use it", async () => {
    const [message, ...more] = await reported({ "dokploy:region": "canary" });
    assert.deepEqual(more, []);
    assert.match(message ?? "", /^warning: .* has dokploy:region, .* settings are url, apiKey, /);
    assert.doesNotMatch(message ?? "", /canary/);
  });

  it("with a key that wins in CI is warned of once", async () => {
    const { CI, DOKPLOY_API_KEY: key, ...others } = process.env;
    try {
      process.env = { ...others, CI: "true" };
      const [message, ...more] = await reported({
        "dokploy:url": "https://a.dev",
        "dokploy:apiKey": "canary",
      });
      assert.deepEqual(more, []);
      assert.match(message ?? "", /^warning: This run in CI uses the key in dokploy:apiKey/);
    } finally {
      const restored = { CI, DOKPLOY_API_KEY: key };
      process.env = { ...others, ...JSON.parse(JSON.stringify(restored)) };
    }
  });
});
