import { type ComposeFile, checkComposeFile, type Finding } from "../checks/check";

export type Options = Partial<Omit<ComposeFile, "text">>;

export function check(text: string, options: Options = {}): Finding[] {
  return checkComposeFile({ text, composeType: "docker-compose", ...options });
}

/** Returns findings as `line:column rule`, or `env.NAME rule`; one about the whole file has no position. */
export function found(text: string, options: Options = {}): string[] {
  return check(text, options).map(({ rule, line, column, variable }) => {
    if (variable !== undefined) return `env.${variable} ${rule}`;
    return line === undefined ? rule : `${line}:${column} ${rule}`;
  });
}

/** Returns a valid file with one service, to which the given lines are added with four blanks of indentation. */
export function service(lines: string, more = ""): string {
  return `services:\n  web:\n    image: acme/web:1\n${indented(lines)}${more}`;
}

function indented(lines: string): string {
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => `    ${line}\n`)
    .join("");
}
