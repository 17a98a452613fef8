import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { actionNames } from "../../ci/calls";
import { componentNames } from "../../ci/gitlab";
import { pages } from "./recipes";

const root = join(__dirname, "..", "..", "..");

/** A command that a page, or a recipe for CI, gives: `pulumi config set …`. */
export interface Documented {
  /** `docs/start/ci.md:12`: where it stands. */
  readonly place: string;
  /** Its words, without quotes; those that the shell makes are empty. */
  readonly words: readonly string[];
}

/** What ends a command in a shell, or is no part of its words. */
const operator = /^(?:\|\|?|&&|;|\)|`|$)/;
const redirection = /^(?:\d*(?:>>?|<)&?\s*(?:"[^"]*"|[^\s`]+)\s*)+/;

/** The commands of a program that pages and recipes give, in blocks and in lines of text. */
export function documented(program: "pulumi" | "pulumi-dokploy"): Documented[] {
  const example = join("examples", "deployment-repository");
  const workflows = readdirSync(join(root, example, ".github", "workflows"));
  const called = readdirSync(join(root, ".github", "workflows")).map((name) =>
    join(".github", "workflows", name),
  );
  const files = [
    ...pages(),
    ...called,
    ...actionNames.map((name) => join("actions", name, "action.yml")),
    "SECURITY.md",
    ...["parts/jobs", ...componentNames].map((name) => join("templates", `${name}.yml`)),
    ...workflows.map((name) => join(example, ".github", "workflows", name)),
  ];
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8").replaceAll(/\\\n\s*/g, " ");
    const starts = text.matchAll(new RegExp(`${before(file)}${program} (?=[a-z-])`, "gm"));
    return [...starts].map(({ index, 0: start }) => ({
      place: `${file}:${text.slice(0, index + start.length).split("\n").length}`,
      words: wordsOf(text.slice(index + start.length)),
    }));
  });
}

/** In a page a command begins a line or a span of code; in a recipe it may follow what sets it up. */
function before(file: string): string {
  const prefix = "(?:[A-Z_]+=\\S* |npx (?:--no -- )?)*";
  return file.endsWith(".md") ? `(?:^ *(?:\\$ )?|\`|&& |run: |\\$\\()${prefix}` : `(?:^ *|[-&(:] )${prefix}`;
}

/** The words of a command, as a shell splits them, up to what ends it. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  let rest = text.split("\n")[0] ?? "";
  for (;;) {
    rest = rest.trimStart().replace(redirection, "");
    if (operator.test(rest) || rest.startsWith("#")) return words;
    let word = "";
    while (!/^\s/.test(rest) && !operator.test(rest)) {
      const [whole = "", double, single, plain = ""] =
        /^(?:"((?:\$\([^)]*\)|[^"])*)"|'([^']*)'|((?:\$\{\{[^}]*\}\}|[^\s"'`|;&)])+)|.)/.exec(rest) ?? [];
      word += double ?? single ?? plain;
      rest = rest.slice(whole.length);
    }
    words.push(word);
  }
}
