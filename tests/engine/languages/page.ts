/**
 * The programs of docs/operations/languages.md: the tests of this folder run exactly these texts.
 */
import * as fs from "node:fs";
import * as path from "node:path";

const page = path.join(__dirname, "..", "..", "..", "docs", "operations", "languages.md");

/**
 * Returns the files that a section of the page shows, by name.
 *
 * @param heading of the section, for example `YAML`
 */
export function filesOf(heading: string): Record<string, string> {
  const sections = fs.readFileSync(page, "utf8").split(/^#+ /m);
  const section = sections.find((text) => text.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`docs/operations/languages.md has no section "${heading}"`);
  const blocks = section.matchAll(/^`([^`\n]+)`:\n\n```\w+\n([^`]*)^```$/gm);
  return Object.fromEntries([...blocks].map(([, name = "", text = ""]) => [name, text]));
}
