// SVG text whose layout does not depend on the viewer's fonts: each run of text gets its expected width.

/** Advance widths of Helvetica and Arial, in thousandths of the size, for the characters from the space to `~`. */
// biome-ignore format: a table
const widths = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556,
  556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
  667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556,
  556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

const fonts = {
  sans: "-apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif",
  mono: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
};
/** Width of a character of a monospaced font, in sizes. */
const monoWidth = 0.602;

/** @param {string} text @param {{size: number, mono?: boolean, bold?: boolean}} style @returns {number} pixels */
function measure(text, { size, mono = false, bold = false }) {
  const characters = [...text];
  if (mono) return characters.length * size * monoWidth;
  const units = characters.reduce((sum, character) => sum + (widths[character.charCodeAt(0) - 32] ?? 600), 0);
  // A little more room than Helvetica needs, since most system fonts are wider.
  return (units / 1000) * size * (bold ? 1.12 : 1.04);
}

const round = (number) => Math.round(number * 100) / 100;

function escaped(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Draws one run of text. `y` is its baseline; `fill` names a class of the style sheet. */
function text(content, x, y, style) {
  const { size, mono = false, bold = false, italic = false, fill } = style;
  if (content.trim() === "") return "";
  const attributes = [
    `x="${round(x)}" y="${round(y)}"`,
    mono ? `font-family="${fonts.mono}"` : "",
    bold ? 'font-weight="600"' : "",
    italic ? 'font-style="italic"' : "",
    `class="${fill}"`,
    `font-size="${size}"`,
    content.length > 1 ? `textLength="${round(measure(content, style))}"` : "",
  ];
  return `<text ${attributes.filter(Boolean).join(" ")} xml:space="preserve">${escaped(content)}</text>`;
}

/** Draws a rectangle; `fill` and `stroke` name classes of the style sheet. */
function box(x, y, width, height, { radius = 0, classes }) {
  const corner = radius > 0 ? ` rx="${radius}"` : "";
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"${corner} class="${classes}"/>`;
}

/**
 * @param {{width: number, height: number, title: string, source: string, style: string, body: string[]}} picture
 * `title` is for screen readers; `source` names the program whose output the picture shows
 */
function picture({ width, height, title, source, style, body }) {
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}" font-family="${fonts.sans}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(source)}</desc>`,
    `<style>${style}</style>`,
    ...body.filter((part) => part !== ""),
    "</svg>",
  ].join("\n")}\n`;
}

module.exports = { measure, text, box, picture, monoWidth };
