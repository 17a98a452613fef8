import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..", "..", "..");
const { neededBy, readPrelude } = require("../../../scripts/site/prelude.cjs") as {
  neededBy(code: string, prelude: ReadonlyMap<string, string>): string[];
  readPrelude(root: string): Map<string, string>;
};

/** What README says that recipes take as given, name by name. */
export const prelude: ReadonlyMap<string, string> = readPrelude(root);

/** A block of code in a page for people. */
export interface Recipe {
  /** `docs/everyday/databases.md:12`: the line on which it begins. */
  readonly place: string;
  readonly language: string;
  readonly code: string;
  /** Of a part of something: what to put around it, with `…` where it goes. */
  readonly around: string | undefined;
}

/** The pages that people write; those of the reference are made from docstrings. */
export function pages(): string[] {
  const docs = ["", "start", "everyday", "operations"].flatMap((shelf) =>
    readdirSync(join(root, "docs", shelf)).map((name) => join(shelf, name)),
  );
  const examples = readdirSync(join(root, "examples")).map((name) => join("examples", name, "README.md"));
  return ["README.md", ...docs.map((name) => join("docs", name)), ...examples].filter(
    (name) => name.endsWith(".md") && existsSync(join(root, name)),
  );
}

/** The pages of the reference. */
export function referencePages(): string[] {
  return readdirSync(join(root, "docs", "reference")).map((name) => join("docs", "reference", name));
}

/** The blocks of a page. A comment before one, which no reader sees, says what it is a part of: `<!-- in: new … -->`. */
export function recipesOf(page: string): Recipe[] {
  const text = readFileSync(join(root, page), "utf8");
  const blocks = text.matchAll(/(?:^ *<!-- in: (.*) -->\n+)?^( *)```(\w+)\n([\s\S]*?)^ *```$/gm);
  return [...blocks].map(
    ({ index, 0: whole, 1: around, 2: indent = "", 3: language = "", 4: code = "" }) => ({
      place: `${page}:${text.slice(0, index + whole.indexOf("```")).split("\n").length}`,
      language,
      code: code.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
      around,
    }),
  );
}

/** A program of a recipe: itself where it imports what it needs, and else with those names of the prelude that it uses. */
export function programOf({ code, around }: Recipe): string {
  if (/^import /m.test(code)) return code;
  const body = (around === undefined ? code : around.replace("…", () => code)).replaceAll(
    /^export (?=const )/gm,
    "",
  );
  const lines = neededBy(body, prelude);
  // In a block of its own, where it may give a name again.
  return `${lines.join("\n")}\n{\n${body}\n}\nexport {};\n`;
}
