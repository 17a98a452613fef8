import { type ComposeFile, checkComposeFile, type Finding } from "../checks/check";

export type Options = Partial<Omit<ComposeFile, "text">>;

export function check(text: string, options: Options = {}): Finding[] {
  return checkComposeFile({ text, composeType: "docker-compose", ...options });
}

/** What is found as `line:column rule`, or `env.NAME rule`; a whole file has no place. */
export function found(text: string, options: Options = {}): string[] {
  return check(text, options).map(({ rule, line, column, variable }) => {
    if (variable !== undefined) return `env.${variable} ${rule}`;
    return line === undefined ? rule : `${line}:${column} ${rule}`;
  });
}

/** A file of services that are right but for what is given, indented by four blanks. */
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
