import * as assert from "node:assert/strict";
import { pulledImage } from "../../../../../cli/rollout/promote/history";
import { imageChange, imageThen, nameOf } from "../../../../../cli/rollout/rollback/image";
import { placesOf, readVersion } from "../../../../../cli/rollout/rollback/version";
import { EnvFolder } from "../../../sdk/env-files/env-folder";

describe("the change that goes back to an image", () => {
  let folder: EnvFolder;
  beforeEach(() => {
    folder = new EnvFolder();
  });
  afterEach(() => folder.remove());

  const pulled = (tag: string, digit?: string) =>
    pulledImage(
      `Pulling acme/api:${tag}\n${digit === undefined ? "" : `Digest: sha256:${digit.repeat(64)}\n`}`,
    );
  const changeTo = (latest: ReturnType<typeof pulled>, image: ReturnType<typeof pulled>) =>
    imageChange(
      {
        resource: { kind: "Application", name: "api", inputs: { source: { image: "acme/api:1" } } },
        ...{ stack: "prod", folder: "", latest },
      } as unknown as Parameters<typeof imageChange>[0],
      { image, tag: image?.tag, digest: image?.digest, from: "log" },
    );

  it("changes nothing where a tag without a digest names the image that was pulled last, but goes back to another digest of it", () => {
    folder.write("Pulumi.prod.yaml", "config:\n  dokploy:imageTags: { api: '1' }\n");
    assert.equal(changeTo(pulled("1", "a"), pulled("1", "a")), undefined);
    assert.equal(changeTo(pulled("1"), pulled("1", "a")), undefined);
    assert.equal(changeTo(undefined, pulled("1", "a")), undefined, "the state has the tag too");
    const change = changeTo(pulled("1", "b"), pulled("1", "a"));
    assert.deepEqual([change?.before, change?.after], ["1", `1@sha256:${"a".repeat(64)}`]);
    assert.equal(changeTo(pulled("2", "a"), pulled("1", "a"))?.after, `1@sha256:${"a".repeat(64)}`);
  });
});

describe("an image", () => {
  it("is written with its tag and its digest, where it has them", () => {
    const image = { repository: "acme/api", host: "docker.io", path: "acme/api" };
    assert.equal(nameOf({ ...image, tag: "1", digest: undefined }), "acme/api:1");
    assert.equal(nameOf({ ...image, tag: undefined, digest: "sha256:a" }), "acme/api@sha256:a");
    assert.equal(nameOf(undefined), undefined);
  });
});

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

  it("has the digest that the configuration at its commit pins", () => {
    const pinned = `config:\n  dokploy:imageTags: { api: "7@sha256:${"a".repeat(64)}" }\n`;
    for (const service of [serviceOf("Compose", { env: { IMAGE_TAG: "9" } }), application]) {
      const found = then(service, "", pinned);
      assert.deepEqual([found?.tag, found?.digest], ["7", `sha256:${"a".repeat(64)}`]);
    }
  });

  it("is refused where the log names another repository than the files of its commit", () => {
    for (const app of ["acme/api:1", "acme/api:${IMAGE_TAG}"])
      for (const other of ["acme/evil:1", "evil.example/acme/api:1"])
        assert.throws(
          () => then(application, `Pulling ${other}\n`, tagged, app),
          /^UserError: its log has the image \S+, and the files of its commit have acme\/api/,
        );
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
