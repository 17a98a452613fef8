import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Project } from "../../../../sdk";
import { afterShared, shareVariables } from "../../../../sdk/program-checks";
import type { Kind } from "../../../../sdk/run";

describe("a text that refers to a shared variable", () => {
  before(async () => {
    const newResource = ({ inputs }: pulumi.runtime.MockResourceArgs) => ({ id: "id", state: inputs });
    await pulumi.runtime.setMocks({ newResource, call: ({ inputs }) => inputs }, "shop", "test", false);
  });
  after(() => pulumi.runtime.disconnect());

  let server: object;
  let names: Map<unknown, string>;
  beforeEach(() => {
    server = {};
    names = new Map();
  });
  const resource = (name: string): pulumi.Resource => {
    const made = new Project(name, { name });
    names.set(made, name);
    return made;
  };
  const share = (name: string, kind: Kind, args: Record<string, unknown>) =>
    shareVariables(server, kind, resource(name), args);
  /** Names of the resources on which one with these inputs depends. */
  async function dependsOn(
    args: Record<string, unknown>,
    options: pulumi.CustomResourceOptions = {},
  ): Promise<string[]> {
    const { dependsOn = [] } = afterShared(server, args, options);
    const all = [await dependsOn].flat() as unknown[];
    return all.map((one) => names.get(one) ?? "unknown");
  }
  const project = { projectId: "p0000000000000000000p" };

  it("makes its resource depend on those that give the variable, next to its own dependencies", async () => {
    share("regions", "EnvironmentBlock", { target: project, env: { REGION: "eu" } });
    share("tiers", "EnvironmentBlock", { target: project, env: { TIER: "2" } });
    share("stage", "Environment", { env: { HOST: "a" } });
    share("shop", "Project", { env: { SEED: "1", REGION: "us" } });
    const args = {
      env: { A: "x-${{project.REGION}}", B: "1" },
      buildArgs: { C: "${{environment.HOST}}" },
      buildSecrets: { D: "${{project.SEED}}" },
    };
    assert.deepEqual(await dependsOn(args), ["regions", "stage", "shop"]);
    assert.deepEqual(await dependsOn({ env: args.env }, { dependsOn: resource("own") }), [
      "own",
      "regions",
      "shop",
    ]);
    assert.deepEqual(await dependsOn({ env: args.env }, { dependsOn: [resource("one"), resource("two")] }), [
      "one",
      "two",
      "regions",
      "shop",
    ]);
  });

  it("makes it depend on shared variables whose names are known only in a run", async () => {
    share("shared", "EnvironmentBlock", { target: project, env: pulumi.output({ REGION: "eu" }) });
    assert.deepEqual(await dependsOn({ env: { A: "${{project.REGION}}" } }), ["shared"]);
    assert.deepEqual(await dependsOn({ env: { A: "${{environment.REGION}}" } }), []);
  });

  it("leaves the options as they are if nothing is shared, or nothing refers to it", () => {
    const options = { protect: true };
    const args = { env: { A: "${{project.REGION}}" } };
    assert.equal(afterShared(server, args, options), options);
    share("shop", "Project", { env: { REGION: "eu" } });
    assert.equal(afterShared({}, args, options), options, "another server");
    for (const env of [
      undefined,
      {},
      { A: "REGION", B: "${{REGION}}", C: 1 },
      pulumi.output({ A: args.env.A }),
    ])
      assert.equal(afterShared(server, { env }, options), options);
  });

  const env = { REGION: "eu" };
  for (const [what, kind, args] of [
    ["of an environment", "EnvironmentBlock", { target: { environmentId: "e" }, env }],
    ["of a service", "EnvironmentBlock", { target: { applicationId: "a" }, env }],
    ["whose target is known only in a run", "EnvironmentBlock", { target: pulumi.output(project), env }],
    ["with other names", "Project", { env: { REGIONS: "eu" } }],
    ["without variables", "Project", {}],
    ["that is a service", "Application", { env }],
  ] as const) {
    it(`requires no order with a resource ${what}`, async () => {
      share("shared", kind, args);
      assert.deepEqual(await dependsOn({ env: { A: "${{project.REGION}}" } }), []);
    });
  }

  for (const [given, redeployReferrers] of [
    ["true", true],
    ["false", false],
    ["an output", pulumi.output(true)],
  ] as const) {
    it(`demands an order also where redeployReferrers is ${given}`, async () => {
      share("shared", "Project", { env, redeployReferrers });
      assert.deepEqual(await dependsOn({ env: { A: "${{project.REGION}}" } }), ["shared"]);
    });
  }
});
