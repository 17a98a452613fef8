// The pages of the site, and where they stand: what docs/README.md lists, the reference, and two pages of the folder above.
const fs = require("node:fs");
const path = require("node:path");

const repository = path.join(__dirname, "..", "..");

/** @returns {{name: string, version: string, description: string, repository: string}} */
function manifest(root = repository) {
  return JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
}

/** @returns {{source: string, site: string}} where the code is, and where the site is, which follows from it */
function addresses(root = repository) {
  const [, owner, name] = /^github:([\w-]+)\/([\w.-]+)$/.exec(manifest(root).repository);
  return { source: `https://github.com/${owner}/${name}`, site: `https://${owner}.github.io/${name}/` };
}

/**
 * Returns the page of the site that a file of the repository becomes.
 *
 * @param {string} file relative to the repository, with `/`
 * @returns {string | undefined} such as `everyday/recipes.md`; undefined for a file that is no page
 */
function pageOf(file) {
  if (file === "SECURITY.md" || file === "CHANGELOG.md") return file.toLowerCase();
  const [, page] = /^docs\/(?!contributing\/)(.+\.md)$/.exec(file) ?? [];
  return page?.replace(/(^|\/)README\.md$/, "$1index.md");
}

/**
 * Returns the target of a link on the site.
 *
 * @param {string} from the file with the link, relative to the repository
 * @param {string} target as the file has it
 * @returns {string} unchanged if it leaves the repository or stays on the page
 */
function linkOf(from, target) {
  if (/^(?:[a-z][a-z\d+.-]*:|#)/i.test(target)) return target;
  const [name, hash = ""] = target.split(/(?=#)/);
  const file = path.posix.join(path.posix.dirname(from), name);
  const page = pageOf(file);
  if (page !== undefined) return `/${page}${hash}`;
  const { source } = addresses();
  const kind = fs.statSync(path.join(repository, file)).isDirectory() ? "tree" : "blob";
  return `${source}/${kind}/v${manifest().version}/${file}${hash}`;
}

/** @returns {string} the anchor of a heading, as GitHub makes it, so that links work in both places */
function anchorOf(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, "")
    .replaceAll(" ", "-");
}

/**
 * @typedef {object} Shelf
 * @property {string} title
 * @property {{title: string | undefined, pages: {text: string, link: string}[]}[]} groups
 */

/**
 * Reads the shelves of docs/README.md: a heading for each, a table of its pages, and in it names of groups in bold.
 *
 * @param {string} index the text of docs/README.md
 * @returns {Shelf[]}
 */
function shelvesOf(index) {
  const [, ...sections] = index.split(/^## /m);
  return sections.map((section) => {
    const groups = [{ title: undefined, pages: [] }];
    for (const [, text, target, group] of section.matchAll(
      /^\| (?:\[(.+?)\]\((\S+?)\)|\*\*(.+?)\*\*) \|/gm,
    )) {
      if (group === undefined) groups.at(-1).pages.push({ text, link: linkOf("docs/README.md", target) });
      else groups.push({ title: group, pages: [] });
    }
    return { title: section.split(/[:\n]/)[0], groups: groups.filter(({ pages }) => pages.length > 0) };
  });
}

/**
 * Reads the list of docs/reference/README.md: classes have a capital, functions do not.
 *
 * @param {string} index
 * @returns {Shelf["groups"]}
 */
function referenceGroups(index) {
  const pages = [...index.matchAll(/^- \[(\w+)\]\((\S+?)\)/gm)].map(([, text, target]) => ({
    text,
    link: linkOf("docs/reference/README.md", target),
  }));
  const isClass = ({ text }) => /^[A-Z]/.test(text);
  return [
    { title: "Resources", pages: pages.filter(isClass) },
    { title: "Functions", pages: pages.filter((page) => !isClass(page)) },
  ];
}

/**
 * Returns the pages that only lead elsewhere: names of the reference that are sections of a page have their own address too.
 *
 * @param {string} index the text of docs/reference/README.md
 * @returns {{page: string, target: string}[]} such as `reference/postgres.html` and `reference/databases.html#postgres`
 */
function redirects(index) {
  return referenceGroups(index)
    .flatMap(({ pages }) => pages)
    .filter(({ link }) => link.includes("#"))
    .map(({ text, link }) => ({
      page: `reference/${text.replace(/([a-z])([A-Z])/g, "$1-$2").toLowerCase()}.html`,
      target: link.slice(1).replace(".md#", ".html#"),
    }));
}

module.exports = {
  addresses,
  anchorOf,
  linkOf,
  manifest,
  pageOf,
  redirects,
  referenceGroups,
  repository,
  shelvesOf,
};
