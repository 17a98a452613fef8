import * as assert from "node:assert/strict";
import { readLayout } from "../../../sdk/repository/layout";
import { readServices } from "../../../sdk/repository/services";
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
      return readServices(readLayout(root, "test", { root }), "test", undefined, { root }).map(
        ({ name }) => name,
      );
    } catch (error) {
      throw new Error((error as Error).message.replaceAll(`${root}/`, ""));
    }
  }

  it("come after those that they depend on", () => {
    assert.deepEqual(orderOf({ a: "c, b", b: "c", c: "", d: "" }), ["c", "b", "a", "d"]);
  });

  it("are refused where they depend on each other in a circle, with a place of it", () => {
    assert.throws(
      () => orderOf({ a: "c, b", b: "c", c: "d, b", d: "" }),
      /^Error: services\/b\/dokploy-app\.yaml:3:13: dependsOn goes in a circle: c -> b -> c;/,
    );
    assert.throws(() => orderOf({ a: "a" }), /^Error: services\/a\/dokploy-app\.yaml:3:13: .*: a -> a;/);
  });
});
