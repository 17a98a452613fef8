import * as assert from "node:assert/strict";
import * as path from "node:path";
import { readLayout } from "../../../../sdk/repository";
import { makeFolder, removeFolder } from "./folder";

describe("the layout of a deployment repository", () => {
  const folders: string[] = [];
  after(() => folders.forEach(removeFolder));

  function layoutOf(files: Readonly<Record<string, string>>, stage = "test") {
    const root = makeFolder(files);
    folders.push(root);
    const relative = (file: string) => path.relative(root, file).replaceAll("\\", "/");
    try {
      const layout = readLayout(root, stage, { root });
      return {
        services: layout.services.map(({ name, app, variables }) => [
          name,
          relative(app),
          ...variables.map(relative),
        ]),
        shared: layout.shared.variables.map(relative),
        stages: layout.stages,
        orphans: layout.orphans.map(relative),
      };
    } catch (error) {
      throw new Error((error as Error).message.replaceAll(`${root}/`, ""));
    }
  }
  const app = "kind: application\nimage: acme/api:1\n";

  it("finds services by their folder, and their variables by its name, the general ones first", () => {
    const layout = layoutOf({
      "services/web/dokploy-app.yaml": app,
      "services/api/dokploy-app.yaml": app,
      "envs/test/api.yaml": "A: 1",
      "envs/base/api.yaml": "A: 0",
      "envs/prod/api.yaml": "A: 2",
      "envs/test/web.env": "A=1",
      "envs/test/shared.yaml": "S: 1",
    });
    assert.deepEqual(layout, {
      services: [
        ["api", "services/api/dokploy-app.yaml", "envs/base/api.yaml", "envs/test/api.yaml"],
        ["web", "services/web/dokploy-app.yaml", "envs/test/web.env"],
      ],
      shared: ["envs/test/shared.yaml"],
      stages: ["prod", "test"],
      orphans: [],
    });
  });

  it("names files of variables that belong to no service, of this stage and of all", () => {
    const { orphans } = layoutOf({
      "services/api/dokploy-app.yaml": app,
      "envs/base/old.yaml": "A: 0",
      "envs/test/apy.yaml": "A: 1",
      "envs/prod/other.yaml": "A: 1",
    });
    assert.deepEqual(orphans, ["envs/base/old.yaml", "envs/test/apy.yaml"]);
  });

  it("works without any variables", () => {
    const { services, stages } = layoutOf({ "services/api/dokploy-app.yaml": app });
    assert.deepEqual(services, [["api", "services/api/dokploy-app.yaml"]]);
    assert.deepEqual(stages, []);
  });

  const bad: [what: string, files: Record<string, string>, stage: string, message: RegExp][] = [
    ["no services", { "envs/test/api.yaml": "" }, "test", /services: there is no such file/],
    [
      "a folder without description",
      { "services/api/x": "" },
      "test",
      /services\/api: has no dokploy-app\.yaml/,
    ],
    ["a file in place of services", { "services/api": app }, "test", /services: has no services/],
    [
      "a service with the name of shared variables",
      { "services/shared/dokploy-app.yaml": app },
      "test",
      /services\/shared: "shared" is the name/,
    ],
    [
      "a stage without variables where others have some",
      { "services/api/dokploy-app.yaml": app, "envs/test/api.yaml": "", "envs/prod/api.yaml": "" },
      "tset",
      /envs\/tset: there is no such folder.*; the stages have the names of the stacks: prod, test; for a new stage, copy the folder of another one$/,
    ],
    [
      "a stage whose folder is empty",
      {
        "services/api/dokploy-app.yaml": app,
        "envs/base/api.yaml": "",
        "envs/dev/README.md": "",
        "envs/test/api.yaml": "",
      },
      "dev",
      /envs\/dev: contains no files with variables of the stage dev; copy the folder of another stage$/,
    ],
    [
      "a first stage whose folder is empty",
      { "services/api/dokploy-app.yaml": app, "envs/dev/README.md": "" },
      "dev",
      /envs\/dev: contains no files with variables of the stage dev; put \.yaml or \.env files there$/,
    ],
    [
      "the stage base",
      { "services/api/dokploy-app.yaml": app, "envs/base/a.yaml": "" },
      "base",
      /"base" applies/,
    ],
    [
      "two files of variables for one service",
      { "services/api/dokploy-app.yaml": app, "envs/test/api.yaml": "", "envs/test/api.env": "" },
      "test",
      /envs\/test\/api\.yaml: has the same name as .*api\.env/,
    ],
  ];
  it("names the input that gives a stage without variables, if the program has one", () => {
    const root = makeFolder({ "services/api/dokploy-app.yaml": app, "envs/test/api.yaml": "" });
    folders.push(root);
    assert.throws(
      () => readLayout(root, "tset", { root, namedBy: "the input stage" }),
      /tset: there is no such folder.*; the input stage names one of: test$/,
    );
  });

  for (const name of ["my api", "a,b", "a\nb", "-api", "_api", "__proto__", "apí"]) {
    it(`refuses a service called ${JSON.stringify(name)}`, () => {
      assert.throws(
        () => layoutOf({ [`services/${name}/dokploy-app.yaml`]: app }),
        /services\/.*": is not a name of a service; use letters, digits/,
      );
    });
  }

  for (const name of ["constructor", "toString"]) {
    it(`refuses a service called ${name}`, () => {
      assert.throws(
        () => layoutOf({ [`services/${name}/dokploy-app.yaml`]: app }),
        /is a name that every JavaScript object has/,
      );
    });
  }

  it("takes names with digits, dots, dashes and underscores", () => {
    const names = ["1a", "a.b-c_D"];
    const files = Object.fromEntries(names.map((name) => [`services/${name}/dokploy-app.yaml`, app]));
    assert.deepEqual(
      layoutOf(files).services.map(([name]) => name),
      [...names].sort(),
    );
  });

  for (const [what, files, stage, message] of bad) {
    it(`refuses ${what}`, () => {
      assert.throws(() => layoutOf(files, stage), message);
    });
  }
});
