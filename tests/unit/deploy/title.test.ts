import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { commitFromEnvironment, deploymentTitle, isTitleOf, readDescription } from "../../../provider/deploy";

describe("deploymentTitle", () => {
  it("names what changed, in the title and in the description", () => {
    assert.deepEqual(
      deploymentTitle({
        project: "shop",
        stack: "prod",
        changes: { added: ["NEW", "MORE"], changed: ["LOG_LEVEL"], removed: ["OLD"] },
        commit: "190bd0f",
      }),
      {
        title: "Pulumi shop/prod: +NEW +MORE ~LOG_LEVEL -OLD",
        description: "Added NEW, MORE; changed LOG_LEVEL; removed OLD; commit 190bd0f",
      },
    );
  });

  it("says how many more there are when not all fit, and describes all of them", () => {
    const added = Array.from({ length: 20 }, (_, i) => `VARIABLE_${i}`);
    const { title, description } = deploymentTitle({ project: "shop", stack: "prod", changes: { added } });
    assert.equal(
      title,
      "Pulumi shop/prod: +VARIABLE_0 +VARIABLE_1 +VARIABLE_2 +VARIABLE_3 +VARIABLE_4 +VARIABLE_5 … +14 more",
    );
    for (const name of added) assert.ok(description.includes(name));
  });

  it("does without stack, changes and commit", () => {
    assert.deepEqual(deploymentTitle({ project: "", stack: undefined }), {
      title: "Pulumi",
      description: "",
    });
    assert.equal(deploymentTitle({ project: "shop", stack: undefined }).title, "Pulumi shop");
    assert.equal(deploymentTitle({ project: "shop", commit: "190bd0f" }).description, "commit 190bd0f");
  });

  it("stays within 100 characters and one line, and is never treated as what Dokploy writes itself", () => {
    const names = fc.array(fc.string({ unit: "grapheme", maxLength: 200 }));
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        names,
        names,
        names,
        (project, stack, added, changed, removed) => {
          const { title, description } = deploymentTitle({
            project,
            stack,
            changes: { added, changed, removed },
            commit: "190bd0f",
          });
          assert.ok(title.length <= 100, title);
          assert.doesNotMatch(title + description, /[\n\r]/);
          assert.doesNotMatch(description, /^Commit: /);
        },
      ),
    );
  });
});

describe("readDescription", () => {
  const key = fc.stringMatching(/^[A-Za-z_][\w.-]{0,20}$/);
  const keys = fc.uniqueArray(key, { maxLength: 4 });

  it("reads what deploymentTitle writes", () => {
    const commits = fc.option(fc.stringMatching(/^[0-9a-f]{7,40}$/), { nil: undefined });
    fc.assert(
      fc.property(keys, keys, keys, commits, (added, changed, removed, commit) => {
        const { description } = deploymentTitle({
          ...{ project: "shop", stack: "prod", changes: { added, changed, removed }, commit },
        });
        const expected = description === "" ? undefined : { added, changed, removed, commit };
        assert.deepEqual(readDescription(description), expected);
      }),
    );
  });

  it("reads no text of others", () => {
    const hash = "190bd0f54e8c30475d983131b8ce914467b35c85";
    for (const text of [
      "",
      `Commit: ${hash}`,
      "commit refs/heads/main",
      "Manual",
      `commit ${hash}; commit ${hash}`,
    ])
      assert.equal(readDescription(text), undefined, text);
  });
});

describe("isTitleOf", () => {
  it("knows the titles of a stack, also with the mark of a run, and none of another stack", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.boolean(), (project, stack, marked) => {
        const { title } = deploymentTitle({ project, stack, changes: { changed: ["KEY"] } });
        assert.equal(isTitleOf(marked ? `${title} [k3x9]` : title, { project, stack }), true);
      }),
    );
    const where = { project: "shop", stack: "prod" };
    for (const title of [
      "Pulumi shop/prod2: ~KEY",
      "Pulumi shop/pro",
      "Manual deployment",
      "pulumi shop/prod",
    ])
      assert.equal(isTitleOf(title, where), false, title);
    assert.equal(isTitleOf("Pulumi shop/prod [k3x9]", where), true);
  });
});

describe("commitFromEnvironment", () => {
  const hash = "190bd0f54e8c30475d983131b8ce914467b35c85";

  it("finds the hash where CI systems put it", () => {
    for (const name of [
      "GITHUB_SHA",
      "CI_COMMIT_SHA",
      "BITBUCKET_COMMIT",
      "BUILD_SOURCEVERSION",
      "CIRCLE_SHA1",
      "GIT_COMMIT",
      "DRONE_COMMIT_SHA",
    ]) {
      assert.equal(commitFromEnvironment({ [name]: ` ${hash}\n` }), hash, name);
    }
  });

  it("skips values that are not a hash", () => {
    assert.equal(commitFromEnvironment({}), undefined);
    assert.equal(commitFromEnvironment({ GITHUB_SHA: "", GIT_COMMIT: "main; rm -rf /" }), undefined);
    assert.equal(commitFromEnvironment({ GITHUB_SHA: "refs/heads/main", GIT_COMMIT: hash }), hash);
  });
});
