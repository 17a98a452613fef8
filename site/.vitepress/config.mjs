// The site: what is a page, and its place in the navigation, follows from docs/README.md (scripts/site/pages.cjs).
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { adjust } from "./markdown.mjs";

const require = createRequire(import.meta.url);
const pages = require("../../scripts/site/pages.cjs");
const read = (file) => fs.readFileSync(path.join(pages.repository, file), "utf8");

const shelves = pages.shelvesOf(read("docs/README.md"));
const { name, description, version } = pages.manifest();
const { site, source } = pages.addresses();

/** The groups of a shelf: those without a title are open, the others open with a page of theirs. */
const items = (groups) =>
  groups.flatMap(({ title, pages: links }) =>
    title === undefined ? links : [{ text: title, collapsed: false, items: links }],
  );

/** The sidebar of each shelf, by the folders of its pages. */
const sidebar = Object.fromEntries(
  shelves.flatMap(({ title, groups }, index) => {
    const isLast = index === shelves.length - 1;
    const listed = isLast ? pages.referenceGroups(read("docs/reference/README.md")) : [];
    const shown = [{ text: title, items: items([...groups, ...listed]) }];
    const folders = groups.flatMap(({ pages: links }) => links.map(({ link }) => path.posix.dirname(link)));
    return [...new Set(folders)].map((folder) => [folder === "/" ? "/security" : `${folder}/`, shown]);
  }),
);

/** The pages are not below this folder, where Node.js finds Vue when it renders them. */
const vueOfThisFolder = {
  name: "vue-of-this-folder",
  enforce: "pre",
  resolveId(id, _importer, { ssr }) {
    return ssr && /^vue(?:\/|$)/.test(id) ? { id, external: true } : undefined;
  },
};

export default {
  title: name,
  description,
  lang: "en",
  base: new URL(site).pathname,
  srcDir: "..",
  srcExclude: ["!(docs)/**/*.md", "!(SECURITY|CHANGELOG).md", "docs/contributing/**"],
  rewrites: (file) => pages.pageOf(file) ?? file,
  outDir: "dist",
  cacheDir: "node_modules/.vitepress",
  head: [["meta", { name: "referrer", content: "no-referrer" }]],
  vite: { plugins: [vueOfThisFolder] },
  markdown: { anchor: { slugify: pages.anchorOf }, config: adjust },
  transformPageData(page) {
    if (page.relativePath !== "index.md") return;
    const [first] = shelves;
    const actions = first.groups[0].pages.slice(0, 2).map(({ text, link }, index) => ({
      text,
      link: link.replace(/\.md$/, ".html"),
      theme: index === 0 ? "brand" : "alt",
    }));
    return { frontmatter: { layout: "home", hero: { name, tagline: description, actions } } };
  },
  themeConfig: {
    nav: [
      ...shelves.map(({ title, groups }) => ({
        text: title,
        link: groups[0].pages[0].link,
        activeMatch: `^/${path.posix.dirname(groups[0].pages[0].link).slice(1)}/`,
      })),
      { text: version, link: "/changelog" },
    ],
    sidebar,
    outline: [2, 3],
    socialLinks: [{ icon: "github", link: source }],
    search: {
      provider: "local",
      options: { _render: (text, env, md) => md.render(text, { ...env, isForSearch: true }) },
    },
  },
};
