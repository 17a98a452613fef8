import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Model } from "../../../provider/engine";
import type { Entity } from "../../../provider/lifecycle";
import { allDefinitions } from "../../../provider/resources";
import { compile, kinds, targetOf } from "../../../provider/schema";

type Definition = Entity<never, never> & { readonly model?: Model };

const page = fs.readFileSync(
  path.join(__dirname, "..", "..", "..", "docs", "operations", "import.md"),
  "utf8",
);
const [, others = ""] = /^The other kinds:\n\n([\s\S]*?)\n\n/m.exec(page) ?? [];
const rows = new Map(
  [...page.matchAll(/^\| ([A-Z]\w+) \| (.*) \|$/gm), ...others.matchAll(/(\w+)\s+(`\w+`)/g)].map(
    ([, kind = "", id = ""]) => [kind, id],
  ),
);
const definitions = allDefinitions() as unknown as Definition[];

/** Ids that only their own kind has. */
const special: Readonly<Record<string, string>> = {
  Member: "`userId`",
  TraefikFile: "path: `dynamic/headers.yml`",
  WebServerSettings: "`web-server`",
};

/** How the row of a kind begins, as its definition has the id. */
function idOf({ kind, list, relation, model }: Definition): string {
  if (list === undefined) return "none: ";
  if (relation === "part") return "kind and id of the target: ";
  const column = model?.objects.idColumn ?? (targetOf(kind) && `${targetOf(kind)}Id`);
  return column === undefined ? (special[kind] ?? "") : `\`${column}\``;
}

describe("the page about imports", () => {
  it("has the id of every kind, as its definition has it", () => {
    assert.deepEqual([...rows.keys()].sort(), definitions.map(({ kind }) => kind).sort());
    for (const definition of definitions) {
      const [said, expected] = [rows.get(definition.kind) ?? "", idOf(definition)];
      assert.ok(expected !== "" && said.startsWith(expected), `${definition.kind}: ${said}`);
    }
  });

  it("has every target of a block", () => {
    const named = [...(rows.get("EnvironmentBlock") ?? "").matchAll(/`(\w+\/<\w+>)`/g)].map(([, id]) => id);
    assert.deepEqual(named.sort(), kinds.map((kind) => `${kind}/<${kind}Id>`).sort());
  });

  it("names the kinds with inputs that Dokploy never shows, and those without the input import", () => {
    const [, hidden = ""] = page.split("## Hidden inputs");
    const hiding = definitions.filter(({ schema }) =>
      compile(schema, [], undefined).some(({ writeOnly }) => writeOnly),
    );
    assert.deepEqual(
      kindsIn(hidden.split("\n## ")[0]),
      hiding.map(({ kind }) => kind),
    );
    const without = definitions.filter(({ schema }) => !("import" in schema.shape));
    const [, excepted] = /^\| kinds \|.*except (.*) \|$/m.exec(page) ?? [];
    assert.deepEqual(kindsIn(excepted), without.map(({ kind }) => kind).sort());
  });
});

/** Returns the names of kinds in a text. */
function kindsIn(text = ""): string[] {
  const words = new Set(text.match(/\w+/g));
  return definitions
    .map(({ kind }) => kind)
    .filter((kind) => words.has(kind))
    .sort();
}
