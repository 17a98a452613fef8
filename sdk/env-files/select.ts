import { FileError } from "../files";
import type { FileVariable } from "./entry";

/** Choice of variables, by names in which `*` matches any characters. */
export interface KeyFilter {
  /** Names of the variables to take. Default: all. A name without `*` that no file has is an error. */
  readonly include?: readonly string[] | undefined;
  /** Names of the variables to leave out, even if included. A name without `*` that no file has is an error. */
  readonly exclude?: readonly string[] | undefined;
}

/** Returns the name under which the file has a variable: that of the variable that rotates for its other value. */
export function nameInFile({ key, rotation }: Pick<FileVariable, "key" | "rotation">): string {
  return rotation?.of ?? key;
}

/** Returns a function that says whether the filter includes a name. */
export function keyFilter({ include, exclude = [] }: KeyFilter): (key: string) => boolean {
  const included = include?.map(pattern);
  const excluded = exclude.map(pattern);
  return (key) =>
    (included?.some((matches) => matches(key)) ?? true) && !excluded.some((matches) => matches(key));
}

function pattern(text: string): (key: string) => boolean {
  if (!text.includes("*")) return (key) => key === text;
  const [start = "", ...rest] = text.split("*");
  const end = rest.pop() ?? "";
  return (key) => {
    if (key.length < start.length + end.length || !key.startsWith(start) || !key.endsWith(end)) return false;
    // Each part is matched as early as possible, which leaves most for those behind it.
    let from = start.length;
    for (const part of rest) {
      const at = key.indexOf(part, from);
      if (at === -1) return false;
      from = at + part.length;
    }
    return from <= key.length - end.length;
  };
}

/** @throws FileError that lists the names in an option that do not occur in these files */
export function checkNames(
  options: Readonly<Record<string, readonly string[] | undefined>>,
  keys: ReadonlySet<string>,
  files: string,
): void {
  const problems = Object.entries(options).flatMap(([option, names = []]) =>
    names
      .filter((name) => !name.includes("*") && !keys.has(name))
      .map((name) => `${files}: has no ${name}, which the option ${option} names; correct it or remove it`),
  );
  if (problems.length > 0) throw new FileError(problems.join("\n"));
}
