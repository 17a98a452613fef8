import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { imageTag, readImageTags, tagImage, tagVariables } from "../../../../sdk/repository/image-tag";
import { ProgramError } from "../../../../sdk/run";

describe("tags of images", () => {
  afterEach(() => pulumi.runtime.setAllConfig({}));

  const services = ["api", "cache", "constructor"];
  function read(imageTags: unknown, more: Record<string, string> = {}, environment: NodeJS.ProcessEnv = {}) {
    const tags = imageTags === undefined ? {} : { "dokploy:imageTags": JSON.stringify(imageTags) };
    pulumi.runtime.setAllConfig({ ...tags, ...more });
    return readImageTags(services, (name) => pulumi.runtime.getConfig(`dokploy:${name}`), environment);
  }

  it("come from the environment, then from the service's own setting, then from that of all", () => {
    const tags = read({ api: "1.10", cache: 42 }, { "dokploy:imageTag": "7" });
    assert.deepEqual(
      services.map((service) => tags.of(service)),
      ["1.10", "42", "7"],
    );
    assert.deepEqual(
      services.map((service) => tags.isNamed(service)),
      [true, true, false],
    );
    assert.equal(tags.fromEnvironment, undefined);
    const now = read({ api: "1.10" }, {}, { DOKPLOY_IMAGE_TAG: "abc" });
    assert.deepEqual([now.of("api"), now.fromEnvironment], ["abc", "DOKPLOY_IMAGE_TAG"]);
    assert.equal(read(undefined, {}, { DOKPLOY_IMAGE_TAG: "" }).of("api"), undefined);
  });

  it("are missing if their text is empty, so that no image needs a placeholder", () => {
    const tags = read({ api: "" }, { "dokploy:imageTag": "" }, { DOKPLOY_IMAGE_TAG: "" });
    assert.deepEqual(
      [tags.of("api"), tags.isNamed("api"), tags.fromEnvironment],
      [undefined, false, undefined],
    );
    assert.equal(read({ api: "" }, { "dokploy:imageTag": "7" }).of("api"), "7");
  });

  it("are refused where YAML made something else of them, and where Docker would refuse them", () => {
    for (const value of [1.1, true, null, ["1"], { a: 1 }, 1e21, -1]) {
      assert.throws(() => read({ api: value }), /dokploy:imageTags\.api is not a text.*in quotes/);
    }
    for (const value of ["a b", "-a", "a/b", "ä", "a".repeat(129)]) {
      assert.throws(() => read({ api: value }), /dokploy:imageTags\.api is not a tag of an image/);
    }
    assert.throws(() => read(undefined, { "dokploy:imageTag": "a b" }), /dokploy:imageTag is not a tag/);
    assert.throws(() => read(undefined, {}, { DOKPLOY_IMAGE_TAG: "a b" }), /DOKPLOY_IMAGE_TAG is not a tag/);
    assert.throws(
      () => read({ ap: "1" }),
      /Correct dokploy:imageTags\.ap, or remove it with `pulumi config rm --path dokploy:imageTags\.ap --stack \S+`: the repository has no service "ap"; did you mean api\?$/,
    );
    assert.throws(() => read({ zzz: "1" }), /no service "zzz"; it has api, cache, constructor$/);
    for (const value of ["text", [], 1]) assert.throws(() => read(value), ProgramError);
  });

  it("may have a digest, by which Docker then takes the image", () => {
    const pinned = `1.10@sha256:${"0a".repeat(32)}`;
    assert.equal(read({ api: pinned }).of("api"), pinned);
    for (const end of ["@sha256:0a", `@sha256:${"0A".repeat(32)}`, `@sha512:${"0a".repeat(32)}`, "@"]) {
      assert.throws(
        () => read({ api: `1.10${end}` }),
        /is not a tag of an image.*@sha256: with the 64 digits/,
      );
    }
    const inputs = { source: { type: "docker", image: "acme/api:${IMAGE_TAG}" } };
    assert.deepEqual(tagImage(inputs, { service: "api", tag: pinned }).value, {
      source: { type: "docker", image: `acme/api:${pinned}` },
    });
  });

  it("are read by programs without a repository from the same places, with the same checks", () => {
    const variable = "DOKPLOY_IMAGE_TAG";
    const before = process.env[variable];
    delete process.env[variable];
    try {
      const set = (config: Record<string, string>) => pulumi.runtime.setAllConfig(config);
      set({ "dokploy:imageTags": '{"api":"1.10"}', "dokploy:imageTag": "7" });
      assert.deepEqual([imageTag("api"), imageTag("web"), imageTag("web", "8")], ["1.10", "7", "7"]);
      set({});
      assert.equal(imageTag("web", "8"), "8");
      assert.throws(
        () => imageTag("web"),
        /The image of web has no tag: set one with `pulumi config set --path/,
      );
      set({ "dokploy:imageTags": '{"api":"a b"}' });
      assert.throws(() => imageTag("api"), /dokploy:imageTags\.api is not a tag/);
      process.env[variable] = "abc";
      set({});
      assert.equal(imageTag("api", "8"), "abc");
    } finally {
      if (before === undefined) delete process.env[variable];
      else process.env[variable] = before;
    }
  });

  it("replace the placeholder in an image", () => {
    const inputs = { source: { type: "docker", image: "acme/api:${IMAGE_TAG}" } };
    assert.deepEqual(tagImage(inputs, { service: "api", tag: "1" }).value, {
      source: { type: "docker", image: "acme/api:1" },
    });
    assert.deepEqual(tagImage(inputs, { service: "api", tag: undefined }), {
      value: { source: { type: "docker", image: "acme/api:${dokploy:imageTags.api}" } },
      ignoreChanges: ["source.image"],
      takesTag: true,
    });
    assert.equal(
      tagImage({ source: { type: "docker", image: "acme/api:1" } }, { service: "api", tag: "2" }).takesTag,
      false,
    );
  });

  describe("in a compose file", () => {
    const of = (tag: string | undefined) => ({ service: "web", tag });
    const file = (image: string) => `services:\n  web:\n    image: ${image}\n`;

    it("are an additional variable, unless it exists", () => {
      const { value, takesTag } = tagVariables(file("web:${IMAGE_TAG}"), { A: "1" }, of("2"));
      assert.deepEqual([value, takesTag], [{ A: "1", IMAGE_TAG: "2" }, true]);
      const own = { IMAGE_TAG: "1" };
      assert.deepEqual(tagVariables(file("web:$IMAGE_TAG"), own, of("2")).value, own);
    });

    it("leave variables alone that the repository does not have", () => {
      const { value, ignoreChanges } = tagVariables(file("web:${IMAGE_TAG}"), undefined, of("2"));
      assert.deepEqual([value, ignoreChanges], [undefined, []]);
    });

    it("are asked for where nothing gives one, unless the file has a default", () => {
      assert.deepEqual(tagVariables(file("web:${IMAGE_TAG}"), {}, of(undefined)), {
        value: { IMAGE_TAG: "${dokploy:imageTags.web}" },
        ignoreChanges: ["env.IMAGE_TAG"],
        takesTag: true,
      });
      assert.deepEqual(tagVariables(file("web:${IMAGE_TAG:-1}"), {}, of(undefined)).value, {});
    });

    it("are taken by a file that cannot be read, so that its mistake is reported and not the tag", () => {
      for (const text of [
        "services:\n\tweb:\n    image: web:${IMAGE_TAG}\n",
        "services:\n  web:\n    image: web:${IMAGE_TAG}\n\tcommand: ${\n",
        "a: ${\nb: [$IMAGE_TAG\n",
      ])
        assert.deepEqual(tagVariables(text, {}, of("2")).value, { IMAGE_TAG: "2" }, text);
    });

    it("have no placeholder in a comment, in a text with $$, or in a file that cannot be read and does not name it", () => {
      const texts = [
        `${file("web:1")}# \${IMAGE_TAG}\n`,
        file("web:$$IMAGE_TAG"),
        file("web:${IMAGE_TAGS}"),
        "a: [",
      ];
      for (const text of texts) {
        assert.deepEqual(
          tagVariables(text, {}, of("2")),
          { value: {}, ignoreChanges: [], takesTag: false },
          text,
        );
      }
      assert.ok(tagVariables(file('"web:${OTHER:-${IMAGE_TAG}}"'), {}, of("2")).takesTag);
    });
  });
});
