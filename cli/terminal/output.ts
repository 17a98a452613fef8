import { writeFileSync } from "node:fs";
import { visibleLines } from "../../packages/text/visible";

/** Where all that a command says leaves it, whatever it is made of: files, the server, plans, arguments. */

/** A result, to stdout; ends the line if it does not end one. */
export function print(text: string): void {
  process.stdout.write(ended(visibleLines(text)));
}

/** An error or a warning, to stderr. */
export function complain(text: string): void {
  process.stderr.write(ended(visibleLines(`pulumi-dokploy: ${text}`)));
}

/** A result, to a file. */
export function save(file: string, text: string): void {
  writeFileSync(file, visibleLines(text));
}

function ended(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
