import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import Ajv from "ajv";
import { prelude } from "./recipes";

interface Group {
  readonly title: string | undefined;
  readonly pages: readonly { readonly text: string; readonly link: string }[];
}

const root = path.join(__dirname, "..", "..", "..");
const read = (file: string) => fs.readFileSync(path.join(root, file), "utf8");
const site = require("../../../scripts/site/pages.cjs") as {
  addresses(): { source: string; site: string };
  anchorOf(heading: string): string;
  linkOf(from: string, target: string): string;
  pageOf(file: string): string | undefined;
  redirects(index: string): { page: string; target: string }[];
  referenceGroups(index: string): Group[];
  shelvesOf(index: string): { title: string; groups: Group[] }[];
};
const { neededBy } = require("../../../scripts/site/prelude.cjs") as {
  neededBy(code: string, prelude: ReadonlyMap<string, string>): string[];
};
const { checkLinks } = require("../../../scripts/site/links.cjs") as {
  checkLinks(folder: string, base: string): { count: number; dead: string[] };
};

describe("the site", () => {
  const shelves = site.shelvesOf(read("docs/README.md"));

  it("has the four shelves of the index, with every page that people write", () => {
    const folders = ["start", "everyday", "operations", "reference"];
    assert.deepEqual(
      shelves.map(({ title }) => title),
      ["Start", "Every day", "Operations", "Reference"],
    );
    const listed = shelves.flatMap(({ groups }) =>
      groups.flatMap(({ pages }) => pages.map(({ link }) => link)),
    );
    for (const folder of folders.slice(0, 3))
      for (const name of fs.readdirSync(path.join(root, "docs", folder)))
        assert.ok(listed.includes(`/${folder}/${name}`), `docs/README.md does not list ${folder}/${name}`);
    assert.ok(listed.includes("/security.md"));
    const [, everyday] = shelves;
    assert.equal(everyday?.groups[0]?.title, "Tasks");
    assert.equal(everyday?.groups[0]?.pages[0]?.link, "/everyday/recipes.md");
  });

  it("has every page of the reference, classes before functions", () => {
    const [classes, functions] = site.referenceGroups(read("docs/reference/README.md"));
    const links = [...(classes?.pages ?? []), ...(functions?.pages ?? [])].map(({ link }) => link);
    const listed = shelves[3]?.groups.flatMap(({ pages }) => pages.map(({ link }) => link)) ?? [];
    const files = fs.readdirSync(path.join(root, "docs", "reference"));
    assert.deepEqual(
      [...new Set([...links, ...listed].map((link) => link.replace(/#.*/, "")))].sort(),
      files.map((name) => `/reference/${name.replace("README", "index")}`).sort(),
    );
    assert.ok(classes?.pages.some(({ text }) => text === "Application"));
    assert.ok(functions?.pages.some(({ text }) => text === "getApplication"));
  });

  it("leads from the address of each database and lookup to its section", () => {
    const redirects = site.redirects(read("docs/reference/README.md"));
    const pages = redirects.map(({ page }) => page);
    for (const name of [
      "postgres",
      "my-sql",
      "lib-sql",
      "get-application",
      "get-lib-sql",
      "get-ssh-keys",
      "get-version",
    ])
      assert.ok(pages.includes(`reference/${name}.html`), name);
    assert.equal(redirects.length, 81);
    for (const { page, target } of redirects) {
      assert.ok(!fs.existsSync(path.join(root, "docs", page.replace(/html$/, "md"))), page);
      const [file = "", anchor] = target.split("#");
      const headings = [...read(`docs/${file.replace(/html$/, "md")}`).matchAll(/^#+ (.*)$/gm)];
      assert.ok(
        headings.some(([, heading = ""]) => site.anchorOf(heading) === anchor),
        target,
      );
    }
  });

  it("turns links between files into links between pages, and those to other files into links to the code", () => {
    const from = "docs/everyday/recipes.md";
    assert.equal(site.linkOf(from, "compose-checks.md"), "/everyday/compose-checks.md");
    assert.equal(site.linkOf(from, "../operations/servers.md#two"), "/operations/servers.md#two");
    assert.equal(site.linkOf("docs/README.md", "../SECURITY.md"), "/security.md");
    assert.equal(site.linkOf("docs/README.md", "reference/README.md"), "/reference/index.md");
    for (const target of ["https://example.com/a.md", "mailto:a@example.com", "#here"])
      assert.equal(site.linkOf(from, target), target);
    const code = site.linkOf(from, "../../examples");
    assert.match(code, /^https:\/\/github\.com\/[\w-]+\/[\w.-]+\/tree\/v\d+\.\d+\.\d+\/examples$/);
    assert.match(site.linkOf(from, "../../README.md#recipes"), /\/blob\/v\d+\.\d+\.\d+\/README\.md#recipes$/);
    assert.match(site.linkOf("CHANGELOG.md", "docs/contributing/mutants.md"), /\/blob\/.*\/mutants\.md$/);
    assert.throws(() => site.linkOf(from, "none.ts"), /none\.ts/);
    assert.equal(site.pageOf("docs/contributing/mutants.md"), undefined);
  });

  it("names headings as GitHub does", () => {
    assert.equal(
      site.anchorOf("Secrets in `env diff`: who can read them?"),
      "secrets-in-env-diff-who-can-read-them",
    );
    assert.equal(site.anchorOf("Größe, A_b - c"), "größe-a_b---c");
  });

  it("says of a recipe which lines it needs before", () => {
    const names = (code: string) =>
      neededBy(code, prelude).map((line) => [...prelude].find(([, each]) => each === line)?.[0]);
    assert.deepEqual(names('new dokploy.Application("api", { environmentId });'), [
      ...["pulumi", "dokploy", "stack", "shop", "environmentId"],
    ]);
    assert.deepEqual(names('dokploy.composeFile("env"); // an Application with `env`'), ["dokploy"]);
    assert.deepEqual(names('const stack = "a";\nlog(stack);'), []);
    assert.deepEqual(names('import * as dokploy from "pulumi-dokploy";\ndokploy.loadEnv("a");'), []);
  });

  describe("its check of links", () => {
    let folder: string;
    beforeEach(() => {
      folder = fs.mkdtempSync(path.join(os.tmpdir(), "site-links-"));
    });
    afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

    it("finds pages, anchors and pictures that are not there, and no others", () => {
      const write = (name: string, text: string) => {
        fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        fs.writeFileSync(path.join(folder, name), text);
      };
      write("a.svg", "<svg/>");
      write("sub/index.html", '<h1 id="größe-1">Size</h1><img src="/base/a.svg">');
      write(
        "index.html",
        [
          ...[
            "/base/",
            "/base/sub/",
            "sub/index.html#größe-1",
            "https://example.com/x",
            "/base/a.svg?x=1&amp;y=2",
          ],
          ...["#none", "/base/sub/#none", "/base/none.html", "/elsewhere/", "b.svg"],
        ]
          .map((target) => `<a class="link" href="${target}">x</a>`)
          .join("\n"),
      );
      assert.deepEqual(checkLinks(folder, "/base/"), {
        count: 10,
        dead: ["#none", "/base/sub/#none", "/base/none.html", "/elsewhere/", "b.svg"].map(
          (target) => `index.html: ${target}`,
        ),
      });
    });
  });
});

describe("the JSON schemas on the site", () => {
  const files = fs.readdirSync(path.join(root, "schemas"));
  const ids = files.map((file) => (JSON.parse(read(`schemas/${file}`)) as { $id: string }).$id);

  it("have the address where the site serves them as their name, and the package exports each", () => {
    const { exports } = JSON.parse(read("package.json")) as { exports: Record<string, unknown> };
    assert.deepEqual(
      ids,
      files.map((file) => `${site.addresses().site}schemas/${file}`),
    );
    assert.deepEqual(
      Object.keys(exports).filter((name) => name.startsWith("./schemas/")),
      files.map((file) => `./schemas/${file}`),
    );
  });

  it("have entries that SchemaStore's catalogue takes, for files whose names are theirs alone", () => {
    const entries = JSON.parse(read("site/generated/schemastore.json")) as {
      url: string;
      fileMatch?: string[];
    }[];
    const text = { type: "string", minLength: 1 };
    const entry = {
      type: "object",
      additionalProperties: false,
      required: ["name", "description", "url"],
      properties: {
        ...{ name: text, description: text, url: { ...text, pattern: "^https://[^#]+\\.json$" } },
        fileMatch: { type: "array", uniqueItems: true, minItems: 1, items: text },
        versions: { type: "object", additionalProperties: text },
      },
    };
    const validate = new Ajv({ allErrors: true }).compile({ type: "array", items: entry });
    assert.equal(validate(entries), true, JSON.stringify(validate.errors));
    assert.deepEqual(
      entries.map(({ url }) => url),
      ids,
    );
    const matches = entries.flatMap(({ fileMatch = [] }) => fileMatch);
    assert.deepEqual(matches, ["dokploy-app.yaml", "dokploy-previews.yaml"]);
  });
});
