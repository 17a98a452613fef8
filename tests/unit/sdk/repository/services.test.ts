import * as assert from "node:assert/strict";
import { readLayout } from "../../../../sdk/repository";
import { readServices } from "../../../../sdk/repository/services";
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
