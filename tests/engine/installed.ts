import * as fs from "node:fs";
import * as path from "node:path";

export const repository = path.join(__dirname, "..", "..");

/** Puts what the package says it depends on beside it, taken from this checkout. */
export function linkDependencies(modules: string): void {
  const { dependencies } = JSON.parse(fs.readFileSync(path.join(repository, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    const link = path.join(modules, name);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    if (!fs.existsSync(link)) fs.symlinkSync(path.join(repository, "node_modules", name), link, "junction");
  }
}
