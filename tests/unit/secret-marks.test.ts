import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { withSecrets } from "../../sdk/secret-inputs";
import { secretPaths } from "../../sdk/secret-marks";

describe("what a program marked as secret", () => {
  it("is found wherever it stands, by its path", async () => {
    const paths = await secretPaths({
      plain: "a",
      output: pulumi.output("b"),
      secret: pulumi.secret("c"),
      env: { "A.B": pulumi.secret("d"), C: "e", D: Promise.resolve(pulumi.secret("f")) },
      whole: pulumi.output({ a: pulumi.secret("g"), b: "h" }),
      derived: pulumi.interpolate`x${pulumi.secret("i")}`,
      list: ["j", { k: pulumi.secret("l") }],
      nothing: undefined,
      none: null,
    });
    assert.deepEqual(paths.map((path) => path.join("/")).sort(), [
      "derived",
      "env/A.B",
      "env/D",
      "list/1/k",
      "secret",
      "whole",
    ]);
  });

  it("is also what the option additionalSecretOutputs names", async () => {
    assert.deepEqual(await secretPaths({ env: { A: "a" }, name: "b" }, ["env", "other"]), [["env"]]);
  });

  it("is left to the input itself where it fails", async () => {
    const failing = Promise.reject(new Error("no"));
    failing.catch(() => {});
    assert.deepEqual(await secretPaths({ a: failing }), []);
  });

  it("are build secrets by their nature, also those of preview deployments", async () => {
    const args = withSecrets({
      env: { A: "a" },
      buildSecrets: { NPM: "b" },
      preview: { enabled: true, buildSecrets: { NPM: "c" }, env: { A: "d" } },
      source: { type: "docker", image: "i", password: "p" },
    });
    assert.deepEqual((await secretPaths(args)).map((path) => path.join("/")).sort(), [
      "buildSecrets/NPM",
      "preview/buildSecrets/NPM",
      "source/password",
    ]);
  });
});
