import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as ts from "typescript";

const { isDoor, lazyDoor } = require("../../../scripts/build/lazy-doors.cjs") as {
  isDoor(file: string): boolean;
  lazyDoor(code: string): string;
};

/** What the compiler makes of a module. */
function compiled(source: string): string {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}

describe("the door of a folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "doors-"));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** Loads a door beside modules that say when they are loaded. */
  function open(door: string): { names: Record<string, unknown>; loaded: string[] } {
    const loaded: string[] = [];
    (globalThis as Record<string, unknown>)["loadedOfDoor"] = loaded;
    for (const name of ["first", "second"]) {
      const code = `globalThis.loadedOfDoor.push("${name}"); exports.${name} = { is: "${name}" }; exports.other = 1;`;
      fs.writeFileSync(path.join(folder, `${name}.js`), code);
    }
    fs.writeFileSync(path.join(folder, "all.js"), lazyDoor(compiled('export { second } from "./second";')));
    fs.writeFileSync(path.join(folder, "index.js"), lazyDoor(compiled(door)));
    return { names: require(path.join(folder, "index.js")), loaded };
  }

  it("loads a module when one of its names is used, and only once", () => {
    const { names, loaded } = open('export { first, other as more } from "./first"; export * from "./all";');
    assert.deepEqual(loaded, []);
    assert.deepEqual(Object.keys(names).sort(), ["first", "more", "second"]);
    assert.deepEqual(names["first"], { is: "first" });
    assert.equal(names["first"], names["first"]);
    assert.equal(names["more"], 1);
    assert.deepEqual(loaded, ["first"]);
    assert.deepEqual(names["second"], { is: "second" });
    assert.deepEqual(loaded, ["first", "second"]);
  });

  it("stays as the compiler made it when it has code of its own", () => {
    for (const source of [
      'export { first } from "./first"; export const own = 1;',
      'import { first } from "./first"; first();',
      'import "./first"; export { second } from "./second";',
      "export {};",
    ]) {
      const code = compiled(source);
      assert.equal(lazyDoor(code), code);
    }
  });

  it("is that of a room, not the entry of the package", () => {
    const doors = ["provider/env/index.ts", "dist/cli/env/index.js", "packages/compose-checks/yaml/index.ts"];
    for (const file of doors) assert.ok(isDoor(path.join("/checkout", file)), file);
    for (const file of ["sdk/index.ts", "emulator/index.ts", "provider/env/codec.ts", "provider/runtime.ts"])
      assert.ok(!isDoor(path.join("/checkout", file)), file);
  });
});
