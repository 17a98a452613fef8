import * as assert from "node:assert/strict";
import { planOf, readPreview } from "../../../../cli/plan";
import { diagnosticOf, identityOf } from "../../../../provider/pulumi";

const urn = (kind: string, name = "it") => `urn:pulumi:dev::shop::dokploy-native:index:${kind}::${name}`;
const planOfSteps = (...steps: object[]) => planOf(readPreview(JSON.stringify({ steps })));
const state = (inputs: object) => ({ custom: true, id: "i1", inputs, outputs: {} });

describe("the steps of a plan", () => {
  it("have a kind for each change, also where it is the reason of a replacement", () => {
    const [resource] = planOfSteps({
      ...{
        op: "replace",
        urn: urn("Domain"),
        oldState: state({ host: "a" }),
        newState: state({ host: "a", port: 1 }),
      },
      detailedDiff: { port: { kind: "add-replace" } },
    }).resources;
    assert.deepEqual(
      resource?.inputs.map(({ path, change }) => [path, change]),
      [["port", "add"]],
    );
  });

  it("of a replacement are one, with the differences of the step that has them", () => {
    const [olds, news] = [state({ host: "a" }), state({ host: "b" })];
    const { resources } = planOfSteps(
      {
        op: "replace",
        urn: urn("Domain"),
        oldState: olds,
        newState: news,
        detailedDiff: { host: { kind: "update" } },
      },
      { op: "delete-replaced", urn: urn("Domain"), oldState: olds },
    );
    assert.deepEqual(
      resources.map(({ operation, inputs }) => [operation, inputs.map(({ path }) => path)]),
      [["replace", ["host"]]],
    );
  });

  it("that delete an object of a service are saved alone with deploy: false", () => {
    const whenOf = (more: object) => {
      const inputs = { applicationId: "a1", publishedPort: 1, targetPort: 2, ...more };
      return planOfSteps({ op: "delete", urn: urn("Port"), oldState: state(inputs) }).resources[0]?.effect
        ?.when;
    };
    assert.deepEqual([whenOf({}), whenOf({ deploy: false })], ["always", "held"]);
  });

  it("that adopt an object with deploy: false are saved alone", () => {
    const step = { op: "create", urn: urn("Application"), newState: state({ name: "a", replicas: 2 }) };
    const whenOf = (need: "held" | "reload") => {
      const about = `${identityOf(step.urn)};${need};replicas`;
      const message = `warning: ${diagnosticOf("It is adopted.", "adopts", about)}`;
      const text = JSON.stringify({ steps: [step], diagnostics: [{ severity: "warning", message }] });
      return planOf(readPreview(text)).resources[0]?.effect?.when;
    };
    assert.deepEqual([whenOf("held"), whenOf("reload")], ["held", "always"]);
  });

  it("have paths whose names may contain quotes and backslashes", () => {
    const [olds, news] = ["1", "2"].map((value) => state({ env: { 'A"B\\C': value } }));
    const [resource] = planOfSteps({
      ...{ op: "update", urn: urn("Application"), oldState: olds, newState: news },
      detailedDiff: { 'env["A\\"B\\\\C"]': { kind: "update" } },
    }).resources;
    assert.deepEqual(
      resource?.variables.map(({ map, key }) => [map, key]),
      [["env", 'A"B\\C']],
    );
  });
});
