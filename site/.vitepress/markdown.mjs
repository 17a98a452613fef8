// What the site does to pages that are also read on GitHub: links lead to pages of the site, and a recipe says what it needs.
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(import.meta.url);
const { linkOf, repository } = require("../../scripts/site/pages.cjs");
const { neededBy, readPrelude } = require("../../scripts/site/prelude.cjs");

/** @param {import("markdown-it")} md */
export function adjust(md) {
  md.core.ruler.push("links-of-the-repository", ({ env, tokens }) => {
    const links = tokens.flatMap(({ children }) =>
      (children ?? []).filter(({ type }) => type === "link_open"),
    );
    for (const link of links) link.attrSet("href", linkOf(fileOf(env), link.attrGet("href")));
  });

  // Pages are templates of Vue, in which two braces would begin an expression; ours have them in texts of Docker and CI.
  const render = md.renderer.render.bind(md.renderer);
  md.renderer.render = (...args) => render(...args).replaceAll("{{", "&#123;&#123;");

  const prelude = readPrelude(repository);
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, options, env, renderer) => {
    const block = fence(tokens, index, options, env, renderer);
    const isRecipe = tokens[index].info === "ts" && !fileOf(env).startsWith("docs/reference/");
    // A comment before a block says that it is a part of something.
    const isPart = tokens[index - 1]?.content.startsWith("<!-- in:");
    const lines = isRecipe && !isPart && !env.isForSearch ? neededBy(tokens[index].content, prelude) : [];
    if (lines.length === 0) return block;
    const given = Object.assign(Object.create(tokens[index]), { content: `${lines.join("\n")}\n` });
    const shown = fence([given], 0, options, env, renderer);
    return `<details class="prelude"><summary>The program begins with these lines</summary>${shown}</details>${block}`;
  };
}

function fileOf({ realPath, path: rewritten }) {
  return path.relative(repository, realPath ?? rewritten).replaceAll(path.sep, "/");
}
