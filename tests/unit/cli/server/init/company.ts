import { readFileSync } from "node:fs";
import { join } from "node:path";

const page = join(__dirname, "../../../../../docs/start/several-services.md");

/** Returns the options of `init shop` on the page of several services, as a shell reads them. */
export function companyOptions(): string[] {
  const [, text = ""] = /main\.js init shop((?:.*\\\n)+.*)\n/.exec(readFileSync(page, "utf8")) ?? [];
  const words = text.replaceAll("\\\n", " ").matchAll(/(?:'[^']*'|[^\s'])+/g);
  return [...words].map(([word]) => word.replaceAll("'", ""));
}
