import { byText, capital, inWords, visible } from "../../../packages/text";
import type { Rule } from "../../../sdk/env-files";

/** A service with the rules for its variables. */
export interface DescribedService {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/** Returns a TypeScript declaration file with an interface for the variables of each service. */
export function declarationsOf(services: readonly DescribedService[], head: string): string {
  const names = interfaceNames(services.map(({ name }) => name));
  const parts = services.map(({ name, rules }) => {
    const lines = rules.flatMap((rule) => [
      ...comment(linesOf(rule, ["@deprecated "]), "  "),
      `  ${keyOf(rule.key)}${isAlwaysThere(rule) ? "" : "?"}: ${typeOf(rule)};`,
    ]);
    const about = comment([`Variables of the service ${visible(name)}.`], "");
    return [...about, `export interface ${names.get(name)} {`, ...lines, "}"].join("\n");
  });
  return `${[`// ${head}`, ...parts].join("\n\n")}\n`;
}

/** True for a variable that every stage needs. */
export function isAlwaysThere({ required }: Rule): boolean {
  return required === true;
}

/** Returns what people should know of a variable, in lines. */
export function linesOf(
  { description, deprecated, required }: Rule,
  [advice = ""]: readonly string[],
): string[] {
  const stages = typeof required === "boolean" || required.length === 0 ? [] : [...required];
  return [
    ...(description === undefined ? [] : description.trimEnd().split("\n").map(visible)),
    ...(stages.length > 0
      ? [`Needed in ${stages.length === 1 ? "stage" : "the stages"} ${inWords(stages.map(visible), "and")}.`]
      : []),
    ...(deprecated === undefined
      ? []
      : deprecated
          .trimEnd()
          .split("\n")
          .map((line, at) => `${at === 0 ? advice : ""}${visible(line)}`)),
  ];
}

function comment(lines: readonly string[], indent: string): string[] {
  const safe = lines.map((line) => line.replaceAll("*/", "*\\/").trimEnd());
  if (safe.length <= 1) return safe.map((line) => `${indent}/** ${line} */`);
  return [`${indent}/**`, ...safe.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}

function keyOf(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key);
}

function typeOf({ type, values }: Rule): string {
  if (values !== undefined) return [...new Set(values)].map(literal).join(" | ");
  return type === "boolean" ? '"true" | "false"' : "string";
}

/** Returns a text as a literal of TypeScript, without hidden characters. */
function literal(text: string): string {
  return [...JSON.stringify(text)]
    .map((character) => (/^[ -~]$/.test(character) ? character : escaped(character)))
    .join("");
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** Returns a different name for the interface of each service. */
function interfaceNames(services: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const service of [...services].sort(byText)) {
    const words = service.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
    const joined = words.map(capital).join("");
    const base = `${/^[A-Za-z]/.test(joined) ? "" : "Service"}${joined}Env`;
    let name = base;
    for (let count = 2; taken.has(name); count++) name = `${base}${count}`;
    taken.add(name);
    names.set(service, name);
  }
  return names;
}
