import * as assert from "node:assert/strict";
import { planOf, readPreview, render } from "../../../../cli/plan";
import { diagnosticOf } from "../../../../provider/pulumi";

/** A plan of `web`, `shop` and `old` with the providers of two servers. */
function summary(providers: Readonly<Record<string, string>>, servers: readonly string[] = []): string {
  const providerUrn = (name: string) => `urn:pulumi:dev::shop::pulumi:providers:dokploy-native::${name}`;
  const steps = ["eu", "us"].map((name) => ({
    ...{ op: "same", urn: providerUrn(name) },
    newState: { custom: true, inputs: { "dokploy:url": `https://${name}.acme.dev/` } },
  }));
  const resources = Object.entries(providers).map(([name, provider]) => {
    const urn = `urn:pulumi:dev::shop::dokploy-native:index:Project::${name}`;
    const state = { custom: true, provider: `${providerUrn(provider)}::some-id`, inputs: { name } };
    return name === "old" ? { op: "delete", urn, oldState: state } : { op: "create", urn, newState: state };
  });
  const diagnostics = servers.map((server) => ({
    ...{ severity: "info", message: `info: ${diagnosticOf("The plan is for it", "server", server)}` },
  }));
  const text = JSON.stringify({ steps: [...steps, ...resources], diagnostics, changeSummary: {} });
  return render(planOf(readPreview(text)), { maxLength: 65_000 });
}

describe("the summary of a plan for several servers", () => {
  it("says of each resource on which of them it is", () => {
    const text = summary({ web: "eu", shop: "us", old: "default" });
    assert.match(
      text,
      /^### `web` · Project · \*\*create\*\*\n\nOn `eu\.acme\.dev` through the provider `eu`\.$/m,
    );
    assert.match(
      text,
      /^### `shop` · Project · \*\*create\*\*\n\nOn `us\.acme\.dev` through the provider `us`\.$/m,
    );
    assert.match(text, /^### `old` · Project · \*\*delete\*\*\n\nOn the server of the stack's settings\.$/m);
  });

  it("says so too where only resources of one change", () => {
    assert.match(summary({ web: "eu" }, ["eu.acme.dev", "us.acme.dev"]), /^On `eu\.acme\.dev` through/m);
  });

  it("does not say it where there is one server", () => {
    assert.doesNotMatch(summary({ web: "eu", shop: "eu" }, ["eu.acme.dev"]), /^On /m);
    assert.doesNotMatch(summary({ web: "default" }), /^On /m);
  });
});
