// Finds links of built pages that lead nowhere: to a file or an anchor that the site does not have.
const fs = require("node:fs");
const path = require("node:path");

/**
 * @param {string} folder the built site
 * @param {string} base the path under which it is served, such as `/pulumi-dokploy/`
 * @returns {{count: number, dead: string[]}} the links, and a line for each dead one: its page and its target
 */
function checkLinks(folder, base) {
  const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
  const pages = files.filter((file) => file.endsWith(".html")).map((file) => file.replaceAll(path.sep, "/"));
  const contents = new Map(pages.map((page) => [page, readPage(path.join(folder, page))]));
  const isThere = ({ file, anchor }) => {
    if (anchor === "" || !contents.has(file)) return fs.existsSync(path.join(folder, file));
    return contents.get(file).ids.has(anchor);
  };
  const links = [...contents].flatMap(([page, { targets }]) =>
    targets.flatMap((target) => {
      const url = new URL(target, `https://site.invalid${base}${page}`);
      if (url.origin !== "https://site.invalid") return [];
      const { pathname, hash } = url;
      const inside = pathname.startsWith(base) ? decodeURI(pathname.slice(base.length)) : undefined;
      const file = inside?.replace(/(^|\/)$/, "$1index.html");
      return [{ page, target, file, anchor: decodeURIComponent(hash.slice(1)) }];
    }),
  );
  const dead = links.filter((link) => link.file === undefined || !isThere(link));
  return { count: links.length, dead: dead.map(({ page, target }) => `${page}: ${target}`) };
}

/** Returns the targets of a page's links and pictures, and the ids of its elements. */
function readPage(file) {
  const html = fs.readFileSync(file, "utf8");
  const valuesOf = (pattern) => [...html.matchAll(pattern)].map(([, text]) => text.replaceAll("&amp;", "&"));
  const ids = valuesOf(/\sid="([^"]*)"/g);
  return { targets: valuesOf(/\s(?:href|src)="([^"]*)"/g), ids: new Set(ids) };
}

module.exports = { checkLinks };
