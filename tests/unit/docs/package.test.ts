import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

const repository = path.join(__dirname, "..", "..", "..");
const read = (file: string) => fs.readFileSync(path.join(repository, file), "utf8");

/** Links and pictures of a page that lead to files. */
function linksOf(page: string): string[] {
  const targets = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return targets
    .filter((target) => !/^(?:https?:|#)/.test(target))
    .map((target) => target.replace(/#.*$/, ""));
}

describe("the package on npm", () => {
  const manifest = JSON.parse(read("package.json")) as Record<"repository" | "homepage" | "bugs", string>;

  it("says where its repository is, so that the links of README lead somewhere", () => {
    const [, name] = /^github:([\w-]+\/[\w.-]+)$/.exec(manifest.repository) ?? [];
    assert.ok(name, manifest.repository);
    assert.equal(manifest.homepage, `https://github.com/${name}#readme`);
    assert.equal(manifest.bugs, `https://github.com/${name}/issues`);
  });

  it("has no link that leads to a file which does not exist", () => {
    const pages = [
      "README.md",
      "SECURITY.md",
      "CONTRIBUTING.md",
      ...fs.readdirSync(path.join(repository, "docs"), { recursive: true }).map((name) => `docs/${name}`),
    ];
    const links = pages
      .filter((page) => page.endsWith(".md"))
      .flatMap((page) => linksOf(page).map((link) => path.join(path.dirname(page), link)));
    assert.ok(links.length > 50);
    assert.deepEqual(
      links.filter((link) => !fs.existsSync(path.join(repository, link))),
      [],
    );
  });
});

describe("the table of resources in README", () => {
  it("has a row for each", () => {
    const files = fs.readdirSync(path.join(repository, "provider", "resources"));
    const kinds = files.filter((file) => file.endsWith(".ts") && file !== "index.ts");
    const pages = kinds.map((file) => `docs/reference/${path.basename(file, ".ts")}.md`);
    const cells = [...read("README.md").matchAll(/^\| (\[\w+\]\(.*?\)) \|/gm)].map(([, cell]) => cell ?? "");
    const rows = cells.flatMap((cell) => [...cell.matchAll(/\((.*?)\)/g)].map(([, page]) => page));
    assert.deepEqual(
      pages.filter((page) => !rows.includes(page)),
      [],
      "README.md, Resources: these pages have no row",
    );
  });
});

describe("each example", () => {
  const examples = fs.readdirSync(path.join(repository, "examples"));

  it("is a project of its own that can be copied out, with the program in it", () => {
    for (const example of examples) {
      assert.match(read(`examples/${example}/Pulumi.yaml`), /^main: index\.ts$/m, example);
      assert.ok(fs.existsSync(path.join(repository, "examples", example, "index.ts")), example);
    }
  });

  it("installs the TypeScript that Pulumi works with, and says what fits Node.js 20", () => {
    for (const page of ["README.md", ...examples.map((example) => `examples/${example}/README.md`)]) {
      assert.match(read(page), /typescript@5\b/, page);
      assert.match(read(page), /@pulumi\/pulumi@3\.248\.0/, page);
      assert.doesNotMatch(read(page), /npm install .*\btypescript(?!@5)/, page);
    }
  });
});
