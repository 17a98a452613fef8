import { createHash } from "node:crypto";
import { type Content, element, escaped, Html, Link } from "./html";
import { style } from "./style";

/** A whole page. */
export interface Page {
  readonly title: string;
  /** Heading; the title without one. */
  readonly heading?: Content;
  readonly content: Content;
  /** Words below the page: where its facts come from. */
  readonly footer: Content;
  /** Seconds after which the page is loaded again. */
  readonly reload?: number;
}

const styleHash = createHash("sha256").update(style).digest("base64");

/** Policy of each page: it uses its own style, and loads, runs and sends nothing. */
export const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;

/** Writes a page as one file that needs no other. */
export function write({ title, heading, content, footer, reload }: Page): string {
  const body = [
    element("a", { class: "skip", href: Link.inPage("content") }, "Skip to the content"),
    element("header", {}, element("h1", {}, heading ?? title)),
    element("main", { id: "content" }, content),
    element("footer", {}, footer),
  ];
  return [
    "<!DOCTYPE html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    '<meta name="robots" content="noindex">',
    ...(reload === undefined ? [] : [`<meta http-equiv="refresh" content="${reload}">`]),
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    "</head>",
    `<body>${body.map((part) => Html.write(part)).join("\n")}</body>`,
    "</html>",
    "",
  ].join("\n");
}
