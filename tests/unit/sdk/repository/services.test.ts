import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { readLayout } from "../../../../sdk/repository";
import { readServices } from "../../../../sdk/repository/services";
import { EnvFolder, failureOf } from "../env-files/env-folder";
import { makeFolder, removeFolder } from "./folder";

describe("the services of a deployment repository", () => {
  const folders: string[] = [];
  after(() => folders.forEach(removeFolder));

  function orderOf(dependsOn: Readonly<Record<string, string>>): string[] {
    const files = Object.entries(dependsOn).map(([name, others]) => [
      `services/${name}/dokploy-app.yaml`,
      `kind: application\nimage: acme/${name}:1\ndependsOn: [${others}]\n`,
    ]);
    const root = makeFolder(Object.fromEntries(files));
    folders.push(root);
    try {
      return readServices(readLayout(root, "test", { root }), undefined, { root }).map(({ name }) => name);
    } catch (error) {
      throw new Error((error as Error).message.replaceAll(`${root}/`, ""));
    }
  }

  it("come after those that they depend on", () => {
    assert.deepEqual(orderOf({ a: "c, b", b: "c", c: "", d: "" }), ["c", "b", "a", "d"]);
  });

  it("are refused if they depend on each other in a circle, with a place of it", () => {
    assert.throws(
      () => orderOf({ a: "c, b", b: "c", c: "d, b", d: "" }),
      /^Error: services\/b\/dokploy-app\.yaml:3:13: dependsOn forms a circle: c -> b -> c;/,
    );
    assert.throws(() => orderOf({ a: "a" }), /^Error: services\/a\/dokploy-app\.yaml:3:13: .*: a -> a;/);
  });

  describe("that a run does not work on", () => {
    const files = {
      "services/api/dokploy-app.yaml": "kind: application\nimage: acme/api:1\n",
      "envs/test/api.yaml": "LOG: info\n",
    };
    const elsewhere = {
      "of its variables": {
        "services/web/dokploy-app.yaml": "kind: application\nimage: acme/web:1\n",
        "envs/test/web.yaml": "TOKEN: !env NOT_IN_THIS_JOB\nOTHER: !secret notInThisStack\n",
      },
      "of its dokploy-app.yaml": {
        "services/web/dokploy-app.yaml":
          "kind: application\nimage: acme/web:1\nbuildArgs:\n  TOKEN: !env NOT_IN_THIS_JOB\n  OTHER: !secret notInThisStack\n",
      },
    };
    for (const [what, web] of Object.entries(elsewhere)) {
      it(`need none of the secrets ${what}`, () => {
        const root = makeFolder({ ...files, ...web });
        folders.push(root);
        const read = (only: string[] | undefined) =>
          readServices(readLayout(root, "test", { root }), only, { root });
        assert.deepEqual(
          read(["api"]).map(({ name, selected, env }) => [name, selected, env && Object.keys(env)]),
          [
            ["api", true, ["LOG"]],
            ["web", false, undefined],
          ],
        );
        assert.throws(() => read(["web"]), /NOT_IN_THIS_JOB[\s\S]*notInThisStack/);
        assert.throws(() => read(undefined), /NOT_IN_THIS_JOB[\s\S]*notInThisStack/);
      });
    }
  });
});

describe("a contract of a deployment repository", () => {
  const app = "kind: application\nimage: acme/api:1\n";
  const read = () => readServices(readLayout(".", "test"), undefined, {});
  let folder: EnvFolder;
  beforeEach(() => {
    folder = new EnvFolder();
    folder.write("services/api/dokploy-app.yaml", app);
    folder.write(
      "services/db/dokploy-app.yaml",
      "kind: postgres\nimage: postgres:17\ndatabase: a\nuser: b\npassword: c\n",
    );
  });
  afterEach(() => folder.remove());

  it("is no stage, and holds for services without files and for what the repository gives", () => {
    folder.write(
      "envs/schema.yaml",
      "services: { api: { DATABASE_URL: { secret: true }, LEVEL: , IMAGE_TAG: } }\n",
    );
    folder.write("envs/test/api.yaml", "LEVEL: info\n");
    folder.write("services/api/dokploy-app.yaml", `${app}databaseUrls: { DATABASE_URL: db }\n`);
    assert.deepEqual(readLayout(".", "test").stages, ["test"]);
    read();
    folder.write("envs/schema.yaml", "services: { '*': { LEVEL: { required: true } } }\n");
    read();
    folder.write("envs/test/db.yaml", "");
    folder.write("envs/schema.yaml", "services: { api: { LEVEL: }, db: { TZ: } }\n");
    assert.equal(
      failureOf(read),
      "envs/test/db.yaml: TZ: is missing, and stage test needs it (envs/schema.yaml:1:36)",
    );
  });

  it("with a mistake is reported once, with the mistakes of other files", () => {
    folder.write("envs/schema.yaml", "services: 1\n");
    folder.write("envs/test/api.yaml", "A: 1\n");
    folder.write("envs/test/db.yaml", "A: []\n");
    const lines = failureOf(read).split("\n");
    assert.equal(lines.filter((line) => line.startsWith("envs/schema.yaml")).length, 1, lines.join("\n"));
    assert.equal(
      lines.filter((line) => line.startsWith("envs/test/db.yaml:1:4")).length,
      1,
      lines.join("\n"),
    );
  });
});

describe("a file of a deployment repository that leads into .git", () => {
  const app = "services/cache/dokploy-app.yaml";
  const token = "canary-of-the-job";
  let root: string;
  const at = (name: string) => path.join(root, name);
  const link = (to: string, name: string) => {
    fs.mkdirSync(path.dirname(at(name)), { recursive: true });
    fs.symlinkSync(to, at(name));
  };
  const read = () => readServices(readLayout(root, "test", { root }), undefined, { root });
  const refused = () =>
    assert.throws(read, (error: Error) => {
      assert.match(error.message, /: leads into \.git, .* are never read/);
      assert.doesNotMatch(error.message, /canary/);
      return true;
    });

  beforeEach(() => {
    root = makeFolder({
      ".git/config": `[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic ${token}\n`,
      ".git/modules/lib/vars.env": `TOKEN=${token}\n`,
      [app]: "kind: compose\ncomposeFile: compose.yaml\n",
      "services/cache/compose.yaml": "services: {}\n",
    });
  });
  afterEach(() => removeFolder(root));

  it("is not read", () => {
    assert.equal(read()[0]?.composeFile?.composeFile, "services: {}\n");
    fs.writeFileSync(at(app), "kind: compose\ncomposeFile: ../../.git/config\n");
    refused();
    fs.writeFileSync(at(app), "kind: compose\n");
    fs.rmSync(at("services/cache/compose.yaml"));
    link("../../.git/config", "services/cache/compose.yaml");
    refused();
    fs.rmSync(at(app));
    link("../../.git/config", app);
    refused();
    fs.rmSync(at("services/cache"), { recursive: true });
    link("../.git", "services/cache");
    refused();
    fs.rmSync(at("services/cache"));
    fs.mkdirSync(at("services/cache"));
    fs.writeFileSync(at(app), "kind: application\nimage: a:1\n");
    link("../../.git/modules/lib/vars.env", "envs/test/cache.env");
    refused();
  });
});
