import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

const repository = path.join(__dirname, "..", "..", "..");
const read = (file: string) => fs.readFileSync(path.join(repository, file), "utf8");

/** Links and pictures of a page that lead to files, each as the file and the heading in it; without code. */
function linksOf(page: string): { file: string; heading: string | undefined }[] {
  const prose = read(page).replaceAll(/^ *```[\s\S]*?^ *```$/gm, "");
  return [...prose.matchAll(/\]\(([^)#\s]*)(?:#([^)\s]+))?\)/g)]
    .filter(([, target = ""]) => !/^https?:/.test(target))
    .map(([, target = "", heading]) => ({
      file: target === "" ? page : path.join(path.dirname(page), target),
      heading,
    }));
}

/** As GitHub makes them from headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

describe("the package on npm", () => {
  const manifest = JSON.parse(read("package.json")) as Record<"repository" | "homepage" | "bugs", string>;

  it("says where its repository is, so that the links of README lead somewhere", () => {
    const [, name] = /^github:([\w-]+\/[\w.-]+)$/.exec(manifest.repository) ?? [];
    assert.ok(name, manifest.repository);
    assert.equal(manifest.homepage, `https://github.com/${name}#readme`);
    assert.equal(manifest.bugs, `https://github.com/${name}/issues`);
  });

  it("has no link that leads nowhere", () => {
    const pages = [
      ...["README.md", "SECURITY.md", "CHANGELOG.md", "CONTRIBUTING.md", "packages/compose-checks/README.md"],
      ...["docs", "examples"].flatMap((folder) =>
        fs
          .readdirSync(path.join(repository, folder), { recursive: true, encoding: "utf8" })
          .map((name) => path.join(folder, name)),
      ),
    ].filter((page) => page.endsWith(".md") && !page.includes("node_modules"));
    const links = pages.flatMap((page) => linksOf(page).map((link) => ({ page, ...link })));
    assert.ok(links.length > 500, `${links.length}`);
    const broken = links.filter(({ file, heading }) => {
      if (!fs.existsSync(path.join(repository, file))) return true;
      return heading !== undefined && !anchorsOf(read(file)).includes(heading);
    });
    assert.deepEqual(broken, []);
  });

  it("has messages whose links lead to pages and headings", () => {
    const files = ["provider", "sdk", "cli", "packages", "policies"]
      .flatMap((folder) =>
        fs
          .readdirSync(path.join(repository, folder), { recursive: true, encoding: "utf8" })
          .map((name) => path.join(folder, name)),
      )
      .filter((file) => /\.[jt]s$/.test(file) && !file.includes("node_modules"));
    const links = files.flatMap((file) =>
      [...read(file).matchAll(/\/blob\/main\/(docs\/[\w/-]+\.md)(?:#([\w-]+))?/g)].map(
        ([, page = "", heading]) => ({ file, page, heading }),
      ),
    );
    assert.ok(links.length > 2, `${links.length}`);
    const broken = links.filter(
      ({ page, heading }) =>
        !fs.existsSync(path.join(repository, page)) ||
        (heading !== undefined && !anchorsOf(read(page)).includes(heading)),
    );
    assert.deepEqual(broken, []);
  });
});

describe("the table of resources in README", () => {
  it("has a link to each", () => {
    const files = fs.readdirSync(path.join(repository, "provider", "resources"));
    const kinds = files.filter((file) => file.endsWith(".ts") && file !== "index.ts");
    const index = read("docs/reference/README.md");
    const pages = kinds.map((file) => {
      const name = path.basename(file, ".ts").replaceAll("-", "");
      const [, page] = new RegExp(`^- \\[${name}\\]\\((.*?)\\)`, "im").exec(index) ?? [];
      return `docs/reference/${page}`;
    });
    const [, section = ""] = read("README.md").split("\n## Resources\n");
    const table = section.split("\n").filter((line) => line.startsWith("|"));
    assert.deepEqual(
      pages.filter((page) => !table.some((line) => line.includes(`](${page})`))),
      [],
      "README.md, Resources: these pages have no link",
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
    for (const page of [
      "docs/start/new-project.md",
      ...examples.map((example) => `examples/${example}/README.md`),
    ]) {
      assert.match(read(page), /typescript@5\b/, page);
      assert.match(read(page), /@pulumi\/pulumi@3\.248\.0/, page);
      assert.doesNotMatch(read(page), /npm install .*\btypescript(?!@5)/, page);
    }
  });
});
