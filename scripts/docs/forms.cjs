// sdk/lookups/generated/forms.ts: both forms of each lookup that a file of sdk/lookups exports.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const ts = require("typescript");
const { outputDoc } = require("./functions.cjs");

const folder = path.resolve(__dirname, "..", "..", "sdk", "lookups");

/**
 * @param {(file: string, variable: string) => string} docOf the docstring of a constant. It is that of the plain form; what
 * follows its tag `@outputs` belongs to the form that takes outputs.
 * @returns {string} the text of `sdk/lookups/generated/forms.ts`
 */
function forms(head, docOf) {
  const modules = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({ name: name.slice(0, -".ts".length), file: path.join(folder, name) }))
    .map((module) => ({ ...module, lookups: lookupsIn(module.file), types: typesIn(module.file) }))
    .filter(({ lookups }) => lookups.length > 0);
  return `${head}
import type { InputsOf } from "../arguments";
import { outputForm, plainForm } from "../lookup";
${modules.map(importOf).join("")}
${modules.map(({ name, types }) => `export type { ${types.join(", ")} } from "../${name}";\n`).join("")}${modules.map(formsOf).join("")}`;

  function importOf({ name, types }) {
    const args = types.filter((type) => type.endsWith("Args"));
    return args.length === 0 ? "" : `import type { ${args.join(", ")} } from "../${name}";\n`;
  }

  function formsOf({ name, file, lookups, types }) {
    const variable = name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
    const all = lookups.map(([exported, { caller, sets, secrets }]) => {
      const [plain, rest] = docOf(file, exported).split(/(?:\n \*)*\n \* @outputs\n/);
      const more = rest === undefined ? "" : `\n *\n${rest.replace(/\n \*\/$/, "")}`;
      const args = `G${caller.slice(1)}Args`;
      const lookup = `() => ${variable}().${exported}`;
      const takesNone = sets.every((set) => set.length === 0);
      return `
${rest === undefined ? plain : `${plain}\n */`}
export const ${caller} = plainForm(${lookup});

${takesNone ? `/** Returns the result of {@link ${caller}} as an output. */` : outputDoc(caller, secrets.length === 0 ? "" : `, with the secret \`${secrets.join("` and `")}\``, more)}
export const ${caller}Output = outputForm(${lookup});
${types.includes(args) ? `/** Arguments, each of which may be an output. */\nexport type G${caller.slice(1)}OutputArgs = InputsOf<${args}>;\n` : ""}`;
    });
    return `
const ${variable} = () => require("../${name}") as typeof import("../${name}");
${all.join("")}`;
  }
}

/** Returns the exported lookups of a module, by the names of their constants. */
function lookupsIn(file) {
  return Object.entries(require(file)).filter(([, value]) => typeof value === "object" && "caller" in value);
}

/** Returns the types of a module that a program may name. */
function typesIn(file) {
  const source = ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  return source.statements
    .filter((node) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node))
    .filter((node) => node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .map((node) => node.name.text)
    .filter((name) => !name.endsWith("Secrets"));
}

module.exports = { forms };
