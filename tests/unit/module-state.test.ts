import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";

const root = path.join(__dirname, "..", "..");
const page = "docs/contributing/module-state.md";

const files = ["provider", "sdk", "plugin", "packages"].flatMap((folder) =>
  fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name).replaceAll("\\", "/"))
    .filter(
      (name) => name.endsWith(".ts") && !/\.d\.ts$|\/(?:tests|dist|node_modules|generated)\//.test(name),
    ),
);

function parse(file: string, text = fs.readFileSync(path.join(root, file), "utf8")): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
}

const changing = new Set([
  "set",
  "add",
  "delete",
  "clear",
  "push",
  "pop",
  "shift",
  "unshift",
  "splice",
  "sort",
]);

/** Names whose value the file changes: by an assignment to a part, or by a method of a collection. */
function changed(source: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression, name } = node.expression;
      if (ts.isIdentifier(expression) && changing.has(name.text)) names.add(expression.text);
    }
    if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      node.operatorToken.kind <= ts.SyntaxKind.LastAssignment &&
      (ts.isPropertyAccessExpression(node.left) || ts.isElementAccessExpression(node.left)) &&
      ts.isIdentifier(node.left.expression)
    )
      names.add(node.left.expression.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

/** Classes whose objects never change. */
const unchanging = new Set(["Set", "Map", "RegExp", "Uint8Array", "Mapping"]);

/** True for an object of a class, which may change out of sight. */
function isObject({ initializer }: ts.VariableDeclaration): boolean {
  return (
    initializer !== undefined &&
    ts.isNewExpression(initializer) &&
    ts.isIdentifier(initializer.expression) &&
    !unchanging.has(initializer.expression.text)
  );
}

/** True for a collection, a record or an expression that is written in the module. */
function isValue({ initializer: value }: ts.VariableDeclaration): boolean {
  return (
    value !== undefined &&
    (ts.isNewExpression(value) ||
      ts.isArrayLiteralExpression(value) ||
      ts.isObjectLiteralExpression(value) ||
      ts.isRegularExpressionLiteral(value))
  );
}

/** Variables of a module, and static ones of its classes, that are not the same for ever. */
function stateOf(source: ts.SourceFile): string[] {
  const names = changed(source);
  return source.statements.flatMap((statement): string[] => {
    if (ts.isVariableStatement(statement)) {
      const isConstant = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
      return statement.declarationList.declarations
        .filter(
          (one) => !isConstant || isObject(one) || (isValue(one) && names.has(one.name.getText(source))),
        )
        .map((one) => one.name.getText(source));
    }
    if (!ts.isClassDeclaration(statement)) return [];
    return statement.members
      .filter(ts.isPropertyDeclaration)
      .filter(({ modifiers = [] }) => {
        const kinds = [...modifiers].map(({ kind }) => kind);
        return kinds.includes(ts.SyntaxKind.StaticKeyword) && !kinds.includes(ts.SyntaxKind.ReadonlyKeyword);
      })
      .map((member) => `${statement.name?.text}.${member.name.getText(source)}`);
  });
}

describe("state of a process outside of its objects", () => {
  it("is found in a module", () => {
    const source = `
      let count = 0; const fixed: ReadonlySet<string> = new Set(["a"]); const seen = new WeakSet<object>();
      const byName = {}; const list = []; const names = new Map(); const run = new Run(); const pattern = new RegExp("a");
      class Client { static latest: string; static readonly limit = 1; own = 2; }
      function work(a) { seen.add(a); byName[a] = 1; list.push(a); names.get(a); let local = 1; const mine = new Map(); mine.set(a, local); }
    `;
    assert.deepEqual(stateOf(parse("x.ts", source)), [
      "count",
      "seen",
      "byName",
      "list",
      "run",
      "Client.latest",
    ]);
  });

  it(`is what ${page} lists, with the reason`, () => {
    const listed = fs
      .readFileSync(path.join(root, page), "utf8")
      .split("\n")
      .flatMap((line) => {
        const [, file, names = "", reason = ""] = /^\| `(\S+\.ts)` \| (.*?) \| (.*) \|$/.exec(line) ?? [];
        assert.ok(file === undefined || reason.length > 20, `a reason: ${line}`);
        return file === undefined
          ? []
          : [...names.matchAll(/`([\w.]+)`/g)].map(([, name]) => `${file} ${name}`);
      });
    const found = files.flatMap((file) => stateOf(parse(file)).map((name) => `${file} ${name}`));
    assert.ok(found.length > 0, "there is some");
    assert.deepEqual(listed.sort(), found.sort());
  });

  it("changes no settings of the process, except for the length of traces where the page says so", () => {
    const settings = /\bstackTraceLimit = |\bconsole\.\w+ = |\.stack = ""|\bprepareStackTrace = /;
    for (const text of ["Error.stackTraceLimit = 0", "console.error = print", 'this.stack = ""'])
      assert.match(text, settings);
    const text = fs.readFileSync(path.join(root, page), "utf8");
    const named = [...text.matchAll(/^- `(\S+\.ts)`/gm)].map(([, file]) => file);
    const found = files.filter((file) => settings.test(fs.readFileSync(path.join(root, file), "utf8")));
    assert.deepEqual(found.sort(), named.sort());
  });

  it("hides no rule behind a Proxy", () => {
    const proxies = files.filter((file) =>
      /\bnew Proxy\b/.test(fs.readFileSync(path.join(root, file), "utf8")),
    );
    // It stands for a package of Pulumi's SDK until the SDK uses it.
    assert.deepEqual(proxies, ["plugin/lazy-sdk.ts"]);
  });
});
