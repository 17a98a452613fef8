const ts = require("typescript");
const { markdownTexts } = require("./markdown.cjs");
const { TextBuilder, wordCount } = require("./text.cjs");

const fewestWordsOfMessage = 4;
const directive = /^\s*(?:biome-|@ts-|eslint-|#!|#region|#endregion)/;
/** Tags that hold code or a name. */
const tagsWithoutProse = new Set(["example", "default", "defaultValue", "template", "see", "internal"]);

/**
 * Extracts the prose of a TypeScript file: docstrings, comments and messages, which are literals of four words or
 * more.
 *
 * @param {string} source
 * @returns {import("./text.cjs").Text[]}
 */
function typescriptTexts(source) {
  const file = ts.createSourceFile("file.ts", source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const lineOf = (position) => file.getLineAndCharacterOfPosition(position).line + 1;
  const ranges = new Map();
  const texts = [];
  const visit = (node) => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(file);
    if (children.length === 0) {
      for (const range of ts.getLeadingCommentRanges(source, node.pos) ?? []) ranges.set(range.pos, range);
      for (const range of ts.getTrailingCommentRanges(source, node.end) ?? []) ranges.set(range.pos, range);
    }
    const message = messageOf(node, file, lineOf);
    if (message !== undefined) texts.push(message);
    for (const child of children) visit(child);
  };
  visit(file);
  const sorted = [...ranges.values()].sort((one, other) => one.pos - other.pos);
  return [...commentTexts(sorted, source, lineOf), ...texts];
}

function commentTexts(ranges, source, lineOf) {
  const texts = [];
  /** Consecutive comments of one line each, which form one text. */
  let group = [];
  const close = () => {
    if (group.length > 0)
      texts.push(
        ...markdownTexts(group.map(({ text }) => text).join("\n"), {
          isComment: true,
          firstLine: group[0].line,
        }),
      );
    group = [];
  };
  for (const { pos, end, kind } of ranges) {
    const line = lineOf(pos);
    if (kind === ts.SyntaxKind.MultiLineCommentTrivia) {
      close();
      const text = source.slice(pos, end);
      texts.push(...(text.startsWith("/**") ? docstringTexts(text, line) : blockTexts(text, line)));
      continue;
    }
    const text = source.slice(pos + 2, end).replace(/^ /, "");
    const isBehindCode = source.slice(source.lastIndexOf("\n", pos) + 1, pos).trim() !== "";
    if (isBehindCode || (group.length > 0 && group.at(-1).line !== line - 1)) close();
    if (directive.test(text)) close();
    else group.push({ line, text });
    if (isBehindCode) close();
  }
  close();
  return texts;
}

function blockTexts(comment, line) {
  const text = comment.slice(2, -2).trim();
  return directive.test(text) ? [] : markdownTexts(text, { isComment: true, firstLine: line });
}

/** Returns the description and the tags of a docstring separately. */
function docstringTexts(comment, firstLine) {
  const lines = comment
    .replace(/^\/\*\*/, "")
    .replace(/\s*\*\/$/, "")
    .replace(
      /\{@link(?:code|plain)?\s+([^}\s|]+)[^}]*\}/g,
      (whole, name) => `\`${name}\`${"\n".repeat(whole.split("\n").length - 1)}`,
    )
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").replace(/^ (?! )/, ""));
  const sections = [{ tag: undefined, line: firstLine, lines: [] }];
  lines.forEach((line, at) => {
    const [, tag, rest] = /^@(\w+)\s*(.*)$/.exec(line) ?? [];
    if (tag === undefined) sections.at(-1).lines.push(line);
    else sections.push({ tag, line: firstLine + at, lines: [tag === "param" ? withoutName(rest) : rest] });
  });
  return sections
    .filter(({ tag }) => tag === undefined || !tagsWithoutProse.has(tag))
    .flatMap(({ tag, line, lines: text }) =>
      markdownTexts(text.join("\n"), {
        isComment: true,
        firstLine: line,
        kind: tag === undefined ? "docstring" : "tag",
      }),
    );
}

function withoutName(text) {
  return text.replace(/^\S+\s*(?:-\s+)?/, "");
}

function messageOf(node, file, lineOf) {
  if (!isText(node) || isText(node.parent) || isNoMessage(node)) return undefined;
  const text = new TextBuilder("message");
  addParts(node, text, file, lineOf);
  return wordCount(text.masked) >= fewestWordsOfMessage && /\p{L}/u.test(text.masked.replace(/X+/g, ""))
    ? text.build()
    : undefined;
}

/**
 * Extracts the titles of tests, which are the first arguments of `describe` and `it`.
 *
 * @param {string} source
 * @returns {import("./text.cjs").Text[]}
 */
function titleTexts(source) {
  const file = ts.createSourceFile("file.ts", source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const lineOf = (position) => file.getLineAndCharacterOfPosition(position).line + 1;
  const texts = [];
  const visit = (node) => {
    const [title] = isTest(node) ? node.arguments : [];
    if (title !== undefined && isText(title)) {
      const text = new TextBuilder("message");
      addParts(title, text, file, lineOf);
      texts.push(text.build());
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return texts;
}

function isTest(node) {
  return ts.isCallExpression(node) && /^(?:describe|it)$/.test(node.expression.getText());
}

/** True for a literal of text, or a sum that contains one. */
function isText(node) {
  if (ts.isBinaryExpression(node))
    return node.operatorToken.kind === ts.SyntaxKind.PlusToken && (isText(node.left) || isText(node.right));
  return (
    ts.isStringLiteral(node) || ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node)
  );
}

function isNoMessage(node) {
  const { parent } = node;
  return (
    ts.isImportDeclaration(parent) ||
    ts.isExportDeclaration(parent) ||
    ts.isTaggedTemplateExpression(parent) ||
    ts.isLiteralTypeNode(parent)
  );
}

function addParts(node, text, file, lineOf) {
  const add = (literal) => addLiteral(literal, text, file, lineOf);
  if (ts.isBinaryExpression(node) && isText(node)) {
    addParts(node.left, text, file, lineOf);
    addParts(node.right, text, file, lineOf);
  } else if (ts.isTemplateExpression(node)) {
    add(node.head);
    for (const { expression, literal } of node.templateSpans) {
      text.addCode(placeholder(expression.getText(file)), lineOf(expression.getStart(file)));
      add(literal);
    }
  } else if (isText(node)) add(node);
  else text.addCode(placeholder(node.getText(file)), lineOf(node.getStart(file)));
}

function addLiteral(literal, text, file, lineOf) {
  const first = lineOf(literal.getStart(file));
  const isOnManyLines = lineOf(literal.end) > first;
  // Code in backquotes is masked here too.
  let line = first;
  for (const part of literal.text.split(/(`[^`\n]+`|\n)/)) {
    if (part.startsWith("`") && part.length > 1) text.addCode(part, line);
    else if (part !== "") text.add(part, line);
    if (part === "\n" && isOnManyLines) line += 1;
  }
}

function placeholder(expression) {
  return /^[\w.()?]{1,30}$/.test(expression) ? `\${${expression}}` : "${…}";
}

module.exports = { titleTexts, typescriptTexts };
