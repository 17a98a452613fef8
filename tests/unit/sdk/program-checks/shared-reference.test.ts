import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Application, Environment, Project } from "../../../../sdk";
import { ProgramError } from "../../../../sdk/run";

/** What an output is worth, and the names of the resources that it depends on. */
async function lookAt(output: pulumi.Output<string>): Promise<{ value: string; dependsOn: string[] }> {
  const inner = output as unknown as {
    promise(): Promise<string>;
    allResources(): Promise<Set<pulumi.Resource>>;
  };
  const value = await inner.promise();
  const urns = await Promise.all(
    [...(await inner.allResources())].map(({ urn }) => new Promise<string>((done) => void urn.apply(done))),
  );
  return { value, dependsOn: urns.map((urn) => urn.split("::").at(-1) ?? "") };
}

describe("a reference to a shared variable", () => {
  const registered: { name: string; inputs: Record<string, unknown> }[] = [];
  beforeEach(async () => {
    registered.length = 0;
    const newResource = ({ name, inputs }: pulumi.runtime.MockResourceArgs) => {
      registered.push({ name, inputs: inputs as Record<string, unknown> });
      return { id: undefined, state: inputs as Record<string, unknown> };
    };
    await pulumi.runtime.setMocks({ newResource, call: ({ inputs }) => inputs }, "shop", "test", true);
  });

  it("has its text in a preview, and depends on the resource that gives the variable", async () => {
    const shop = new Project("shop", { name: "shop", env: { REGION: "eu" } });
    const staging = new Environment("staging", { projectId: shop.id, name: "staging", env: { TIER: "2" } });
    assert.deepEqual(await lookAt(shop.ref("REGION")), { value: "${{project.REGION}}", dependsOn: ["shop"] });
    const tier = await lookAt(staging.ref("TIER"));
    assert.equal(tier.value, "${{environment.TIER}}");
    assert.ok(tier.dependsOn.includes("staging"));
  });

  it("is a variable of a service like any other", async () => {
    const shop = new Project("shop", { name: "shop", env: { REGION: "eu" } });
    new Application("api", {
      environmentId: "e1",
      name: "api",
      source: { type: "docker", image: "acme/api:1" },
      env: { REGION: shop.ref("REGION"), URL: pulumi.interpolate`https://${shop.ref("REGION")}.example.com` },
    });
    await pulumi.runtime.disconnect();
    const api = registered.find(({ name }) => name === "api");
    assert.deepEqual(api?.inputs["env"], {
      REGION: "${{project.REGION}}",
      URL: "https://${{project.REGION}}.example.com",
    });
  });

  it("is refused for a variable that the resource does not give, with the name that was meant", () => {
    const shop = new Project("shop", { name: "shop", env: { REGION: "eu", TIER: "2" } });
    assert.throws(
      () => shop.ref("REGOIN"),
      (error) =>
        error instanceof ProgramError &&
        error.message.includes(
          'Project "shop" has no variable REGOIN (it has: REGION, TIER). Did you mean REGION?',
        ),
    );
    for (const key of ["", "A B", "A}}", "${{A", "A\nB"])
      assert.throws(() => shop.ref(key), /ref\(\) takes the name of a variable/, JSON.stringify(key));
  });

  it("accepts any name if the program does not give the variables", async () => {
    const bare = new Project("bare", { name: "bare" });
    const ignored = new Project("ignored", { name: "ignored", env: { A: "1" } }, { ignoreChanges: ["env"] });
    for (const project of [bare, ignored])
      assert.equal((await lookAt(project.ref("ANY"))).value, "${{project.ANY}}");
  });
});
