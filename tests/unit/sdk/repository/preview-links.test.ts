import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { previewStage, readLayout } from "../../../../sdk/repository";
import { layoutOf, readPreview } from "../../../../sdk/repository/preview-rules";
import { readServices } from "../../../../sdk/repository/services";
import { makeFolder, removeFolder } from "./folder";

const files: Readonly<Record<string, string>> = {
  "dokploy-previews.yaml": "from: test\n",
  "services/web/dokploy-app.yaml": "kind: application\nimage: acme/web:1\n",
  "envs/test/web.yaml": "LOG_LEVEL: debug\n",
  "envs/prod/web.yaml": "API_TOKEN: canary-of-production-4711\n",
};

describe("links in the repository of a preview", () => {
  let root: string;
  before(function () {
    if (process.platform === "win32") this.skip();
  });
  beforeEach(() => {
    root = makeFolder(files);
  });
  afterEach(() => removeFolder(root));

  function read() {
    const given = (name: string) => (name === "preview" ? "12" : undefined);
    const preview = readPreview(root, given, {}, { root }, "pr-12") ?? assert.fail("no preview");
    const layout = readLayout(root, "test", { root, ...layoutOf(preview) });
    return readServices(layout, undefined, { root }, preview);
  }
  const link = (name: string, to: string) => {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.symlinkSync(to, path.join(root, name));
  };

  it("do not make the folder of another stage that of previews", () => {
    link(`envs/${previewStage}`, "prod");
    assert.throws(read, /from: has a folder in envs that is a link/);
  });

  it("do not make a file of another stage one of previews, of their stage, of all stages, or of a service", () => {
    for (const name of [
      ...[
        `envs/${previewStage}/web.yaml`,
        "envs/test/web.env",
        "envs/base/web.yaml",
        "envs/base/shared.yaml",
      ],
      "services/api/dokploy-app.yaml",
    ]) {
      link(name, name.includes("services") ? "../web/dokploy-app.yaml" : "../prod/web.yaml");
      assert.throws(read, (error: Error) => {
        assert.match(error.message, /is a symbolic link, or in a folder that is one/);
        assert.doesNotMatch(error.message, /canary/);
        return true;
      });
      fs.rmSync(path.join(root, name));
      const folder = path.dirname(path.join(root, name));
      if (fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
    }
    for (const [name, to] of [
      ["envs/base", "prod"],
      ["services/api", "web"],
    ] as const) {
      fs.rmSync(path.join(root, name), { recursive: true, force: true });
      link(name, to);
      assert.throws(read, /is a symbolic link, or in a folder that is one/, name);
      fs.rmSync(path.join(root, name));
    }
    fs.mkdirSync(path.join(root, `envs/${previewStage}`), { recursive: true });
    fs.copyFileSync(path.join(root, "envs/prod/web.yaml"), path.join(root, `envs/${previewStage}/web.yaml`));
    assert.equal(read().length, 1, "a file of previews may have it");
  });
});
