// Renders Markdown as a picture of a comment on a pull request. Supports only the Markdown of a plan's summary:
// headings, paragraphs, tables, lists, alerts, blocks of code; bold, italic and code in a line.
const { measure, text, box, picture } = require("./svg.cjs");

const width = 860;
const padding = 20;
const size = 14;
const lineHeight = 22;
const headerHeight = 44;

// biome-ignore format: a palette
const light = {
  page: "#ffffff", edge: "#d1d9e0", header: "#f6f8fa", ink: "#1f2328", quiet: "#59636e", code: "#eff1f3",
  stripe: "#f6f8fa", block: "#f6f8fa", plus: "#dafbe1", minus: "#ffebe9", danger: "#cf222e", warning: "#9a6700",
};
// biome-ignore format: a palette
const dark = {
  page: "#0d1117", edge: "#3d444d", header: "#151b23", ink: "#f0f6fc", quiet: "#9198a1", code: "#262c36",
  stripe: "#151b23", block: "#151b23", plus: "#12261e", minus: "#301b1e", danger: "#f85149", warning: "#d29922",
};

const rules = (palette) =>
  Object.entries(palette)
    .map(([name, color]) => `.${name}{fill:${color}}`)
    .join("") +
  `.frame{fill:none;stroke:${palette.edge}}.line{stroke:${palette.edge}}.avatar{fill:#8250df}.white{fill:#fff}`;
const style = `${rules(light)}@media (prefers-color-scheme:dark){${rules(dark)}}`;

function decode(markup) {
  return markup
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll("\u200b", "")
    .replaceAll("\u00a0", " ");
}

/** Returns the runs of one line of Markdown, split at spaces so that they can be wrapped. */
function inline(markdown, base = {}) {
  const runs = [];
  const pattern = /`([^`]+)`|<code>(.*?)<\/code>|\*\*(.+?)\*\*|(?<!\w)_([^_]+)_(?!\w)|([^`<*_]+|[`<*_])/g;
  for (const [, code, html, bold, italic, plain] of markdown.matchAll(pattern)) {
    if (code !== undefined) runs.push({ ...base, text: code, mono: true });
    else if (html !== undefined) runs.push({ ...base, text: decode(html), mono: true });
    else if (bold !== undefined) runs.push(...inline(bold, { ...base, bold: true }));
    else if (italic !== undefined) runs.push(...inline(italic, { ...base, italic: true }));
    else {
      for (const part of decode(plain).split(/(?<= )/)) runs.push({ ...base, text: part });
    }
  }
  return runs;
}

const codeRoom = 5;

function widthOf(run) {
  const room = run.mono ? 2 * codeRoom : 0;
  return measure(run.text, { ...run, size: run.mono ? run.size * 0.86 : run.size }) + room;
}

/** @returns {object[][]} the runs of each line */
function wrap(runs, available) {
  const lines = [[]];
  let used = 0;
  for (const run of runs) {
    const needed = widthOf({ ...run, text: run.text.trimEnd() });
    if (used > 0 && used + needed > available) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1).push(run);
    used += widthOf(run);
  }
  return lines;
}

/** Merges adjacent words of the same style into one run. */
function joined(runs) {
  const result = [];
  for (const run of runs) {
    const last = result.at(-1);
    const alike =
      last && ["mono", "bold", "italic", "size", "fill"].every((name) => last[name] === run[name]);
    if (alike && !run.mono) last.text += run.text;
    else result.push({ ...run });
  }
  return result;
}

function drawRuns(runs, x, baseline) {
  const parts = [];
  let at = x;
  for (const run of joined(runs)) {
    const advance = widthOf(run);
    if (run.mono) {
      const small = run.size * 0.86;
      parts.push(box(at, baseline - run.size, advance, run.size * 1.4, { radius: 5, classes: "code" }));
      parts.push(text(run.text, at + codeRoom, baseline, { ...run, size: small, fill: run.fill ?? "ink" }));
    } else {
      parts.push(text(run.text.trimEnd(), at, baseline, { ...run, fill: run.fill ?? "ink" }));
    }
    at += advance;
  }
  return parts;
}

/** Returns the blocks of a text, which blank lines separate, except in blocks of code. */
function blocks(markdown) {
  const found = [];
  const lines = markdown.trim().split("\n");
  while (lines.length > 0) {
    const fence = /^(`{3,})(\w*)$/.exec(lines[0]);
    if (fence) {
      const end = lines.indexOf(fence[1], 1);
      found.push({ kind: "code", language: fence[2], lines: lines.slice(1, end) });
      lines.splice(0, end + 1);
      continue;
    }
    if (lines[0] === "") {
      lines.shift();
      continue;
    }
    const end = lines.indexOf("");
    const own = lines.splice(0, end < 0 ? lines.length : end);
    const heading = /^(#+) (.*)$/.exec(own[0]);
    if (heading) found.push({ kind: "heading", level: heading[1].length, text: heading[2] });
    else if (own[0].startsWith("| "))
      found.push({ kind: "table", rows: own.filter((_, at) => at !== 1).map(cellsOf) });
    else if (own[0].startsWith("> [!"))
      found.push({
        kind: "alert",
        sort: own[0].slice(4, -1),
        lines: own.slice(1).map((line) => line.slice(2)),
      });
    else if (own[0].startsWith("- ")) found.push({ kind: "list", items: own.map((line) => line.slice(2)) });
    else found.push({ kind: "paragraph", text: own.join(" ") });
  }
  return found;
}

function cellsOf(row) {
  return row
    .slice(2, -2)
    .split(" | ")
    .map((cell) => cell.trim());
}

/** Functions that draw a block with its top at `y`, and return its height. */
const draw = {
  heading({ level, text: content }, y) {
    const big = level === 2 ? 20 : 16;
    const runs = inline(content, { size: big, bold: true });
    const parts = drawRuns(runs, padding, y + big);
    if (level > 2) return { parts, height: big + 8 };
    const line = y + big + 12.5;
    return {
      parts: [...parts, `<path d="M${padding} ${line}H${width - padding}" class="line"/>`],
      height: big + 22,
    };
  },

  paragraph({ text: content }, y) {
    const lines = wrap(inline(content, { size }), width - 2 * padding);
    return {
      parts: lines.flatMap((runs, at) => drawRuns(runs, padding, y + at * lineHeight + size + 1)),
      height: lines.length * lineHeight,
    };
  },

  list({ items }, y) {
    const parts = [];
    let height = 0;
    for (const item of items) {
      const lines = wrap(inline(item, { size }), width - 2 * padding - 22);
      parts.push(`<circle cx="${padding + 10}" cy="${y + height + 10}" r="2.5" class="ink"/>`);
      for (const runs of lines) {
        parts.push(...drawRuns(runs, padding + 22, y + height + size + 1));
        height += lineHeight;
      }
    }
    return { parts, height };
  },

  alert({ sort, lines }, y) {
    const color = sort === "CAUTION" ? "danger" : "warning";
    const title = sort.charAt(0) + sort.slice(1).toLowerCase();
    const own = [
      [{ text: title, size, bold: true, fill: color }],
      ...lines
        .filter((line) => line !== "")
        .flatMap((line) => wrap(inline(line, { size }), width - 2 * padding - 20)),
    ];
    const height = own.length * (lineHeight + 2) + 6;
    return {
      parts: [
        box(padding, y, 4, height, { classes: color }),
        ...own.flatMap((runs, at) => drawRuns(runs, padding + 18, y + at * (lineHeight + 2) + size + 5)),
      ],
      height,
    };
  },

  table({ rows }, y) {
    const room = 12;
    const rowHeight = 33;
    const cells = rows.map((row, at) => row.map((cell) => inline(cell, { size, bold: at === 0 })));
    const columns = cells[0].map(
      (_, column) =>
        Math.max(26, ...cells.map((row) => row[column].reduce((sum, run) => sum + widthOf(run), 0))) +
        2 * room,
    );
    const total = columns.reduce((sum, column) => sum + column, 0);
    const height = rows.length * rowHeight;
    const parts = [];
    for (const [at, row] of cells.entries()) {
      const top = y + at * rowHeight;
      if (at > 0 && at % 2 === 0) parts.push(box(padding, top, total, rowHeight, { classes: "stripe" }));
      let x = padding;
      for (const [column, runs] of row.entries()) {
        const centred =
          column === 0 ? (columns[0] - 2 * room - runs.reduce((sum, run) => sum + widthOf(run), 0)) / 2 : 0;
        parts.push(...drawRuns(runs, x + room + centred, top + 21.5));
        x += columns[column];
      }
    }
    const lines = [];
    for (let row = 0; row <= rows.length; row += 1) {
      lines.push(`M${padding} ${y + row * rowHeight + 0.5}h${Math.round(total)}`);
    }
    let x = padding;
    for (const column of [0, ...columns]) {
      x += column;
      lines.push(`M${Math.round(x) + 0.5} ${y}v${height}`);
    }
    parts.push(`<path d="${lines.join("")}" class="line" fill="none"/>`);
    return { parts, height };
  },

  code({ language, lines }, y) {
    const small = 12;
    const own = 19;
    const height = lines.length * own + 22;
    const parts = [box(padding, y, width - 2 * padding, height, { radius: 6, classes: "block" })];
    for (const [at, line] of lines.entries()) {
      const top = y + 11 + at * own;
      const mark = language === "diff" ? { "+": "plus", "-": "minus" }[line.charAt(0)] : undefined;
      if (mark) parts.push(box(padding, top, width - 2 * padding, own, { classes: mark }));
      for (const { index, 0: piece } of line.matchAll(/^[-+]|\S.*/g)) {
        const x = padding + 14 + measure(" ".repeat(index), { size: small, mono: true });
        parts.push(text(piece.trim(), x, top + 13.5, { size: small, mono: true, fill: "ink" }));
      }
    }
    return { parts, height };
  },
};

/** @param {{markdown: string, author: string, title: string, source: string}} options @returns {string} the SVG */
function commentPicture({ markdown, author, title, source }) {
  const body = [];
  let y = headerHeight + 20;
  let former;
  for (const part of blocks(markdown)) {
    if (former && part.kind === "heading") y += 10;
    const { parts, height } = draw[part.kind](part, y);
    body.push(...parts);
    y += height + 14;
    former = part;
  }
  const height = y + 8;
  const header = [
    box(0.5, 0.5, width - 1, height - 1, { radius: 8, classes: "page" }),
    `<path d="M1 ${headerHeight}V8.5A7.5 7.5 0 0 1 8.5 1H${width - 8.5}A7.5 7.5 0 0 1 ${width - 1} 8.5V${headerHeight}Z" class="header"/>`,
    `<path d="M1 ${headerHeight + 0.5}H${width - 1}" class="line"/>`,
    box(0.5, 0.5, width - 1, height - 1, { radius: 8, classes: "frame" }),
    `<circle cx="${padding + 10}" cy="22" r="11" class="avatar"/>`,
    text(author.charAt(0), padding + 6.2, 26.5, { size: 13, bold: true, fill: "white" }),
    ...drawRuns(
      [
        { text: author, size, bold: true },
        { text: " commented on this pull request", size, fill: "quiet" },
      ],
      padding + 30,
      27,
    ),
  ];
  return picture({ width, height, title, source, style, body: [...header, ...body] });
}

module.exports = { commentPicture };
