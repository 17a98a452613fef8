import * as assert from "node:assert/strict";
import { pulledImage } from "../../../../cli/rollback/deployments";
import { imageThen, nameOf } from "../../../../cli/rollback/image";
import { placesOf, readVersion } from "../../../../cli/rollback/version";

describe("the image of an earlier deployment", () => {
  const versionOf = (configuration: string) =>
    readVersion(placesOf("api", "prod", "prod", "envs", ""), (path) =>
      path === "Pulumi.prod.yaml" ? { path, text: configuration } : undefined,
    );
  const tagged = "config:\n  dokploy:imageTags: { api: 7 }\n";
  const serviceOf = (kind: string, inputs: object) =>
    ({ resource: { kind, name: "api", inputs }, stack: "prod", folder: "", latest: undefined }) as Parameters<
      typeof imageThen
    >[0];
  const application = serviceOf("Application", { source: { type: "docker", image: "acme/api:9" } });
  const then = (service: typeof application, log: string, configuration: string, app?: string) =>
    imageThen(
      service,
      { image: pulledImage(log) } as Parameters<typeof imageThen>[1],
      versionOf(configuration),
      app === undefined
        ? undefined
        : { path: "dokploy-app.yaml", text: `kind: application\nimage: ${app}\n` },
    );

  it("is what the log says, or a whole image in a file; only a tag of the configuration is a guess", () => {
    const cases = [
      [then(application, "Pulling acme/api:1\n", tagged, "acme/api:${IMAGE_TAG}"), "acme/api:1", "log"],
      [then(application, "", tagged, "acme/api:2"), "acme/api:2", "files"],
      [then(application, "", tagged, "acme/api:${IMAGE_TAG}"), "acme/api:7", "configuration"],
      [then(application, "", tagged), "acme/api:7", "configuration"],
    ] as const;
    for (const [found, name, from] of cases) {
      assert.equal(nameOf(found?.image), name);
      assert.equal(found?.from, from);
    }
    const compose = then(serviceOf("Compose", { env: { IMAGE_TAG: "9" } }), "", tagged);
    assert.deepEqual([compose?.tag, compose?.from], ["7", "configuration"]);
    assert.equal(then(serviceOf("Compose", { env: {} }), "", tagged), undefined);
  });

  it("is refused where nothing names it", () => {
    for (const app of [undefined, "acme/api:${IMAGE_TAG}"])
      assert.throws(() => then(application, "", "", app), /its log does not say which image it was/);
    assert.throws(
      () => then(serviceOf("Compose", { env: { IMAGE_TAG: "9" } }), "", ""),
      /the configuration at its commit has no tag for it/,
    );
  });
});
