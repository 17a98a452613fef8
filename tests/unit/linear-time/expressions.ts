import * as fs from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";

/** A regular expression of the package. */
export interface Found {
  /** `provider/env/swarm.ts:19` */
  readonly at: string;
  readonly expression: RegExp;
}

/** One that is put together when the program runs. */
export interface Built {
  readonly at: string;
  /** `new RegExp(…)` as the file has it. */
  readonly call: string;
}

const root = path.join(__dirname, "..", "..", "..");

/** All regular expressions in what ships, but for the emulator, which only tests talk to. */
export function expressionsOfPackage(): { found: Found[]; built: Built[] } {
  const found: Found[] = [];
  const built: Built[] = [];
  for (const folder of ["provider", "sdk", "plugin", "cli"]) {
    const names = fs.readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" });
    for (const name of names.filter((name) => name.endsWith(".ts")).sort()) {
      const file = path.posix.join(folder, name);
      const source = ts.createSourceFile(
        file,
        fs.readFileSync(path.join(root, file), "utf8"),
        ts.ScriptTarget.Latest,
        true,
      );
      const visit = (node: ts.Node): void => {
        const at = () => `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
        if (ts.isRegularExpressionLiteral(node)) {
          const end = node.text.lastIndexOf("/");
          found.push({ at: at(), expression: new RegExp(node.text.slice(1, end), node.text.slice(end + 1)) });
        } else if (isCallOfRegExp(node)) {
          built.push({ at: at(), call: node.getText().replace(/\s+/g, " ") });
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
  }
  return { found, built };
}

function isCallOfRegExp(node: ts.Node): boolean {
  return (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === "RegExp";
}
