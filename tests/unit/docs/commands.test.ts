import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { commands as all } from "../../../cli/commands";
import { type Command, type Commands, exitCodes } from "../../../cli/terminal";
import { documented, wordsOf } from "./commands";

/** Lists the commands, each with its words. */
function listOf(commands: Commands, before: readonly string[] = []): { words: string[]; command: Command }[] {
  return Object.entries(commands).flatMap(([name, command]) => {
    const words = [...before, name];
    return "commands" in command ? listOf(command.commands, words) : [{ words, command }];
  });
}

/** Returns the number of operands that a usage has at most: `promote <from> <to> [service…] [options]`. */
function mostOperands(usage: string, words: readonly string[]): number {
  const operands = usage
    .slice(`Usage: pulumi-dokploy ${words.join(" ")}`.length)
    .replace(/\[options\]|\[?--\w[\w-]*(?: [A-Z]+)?(?: …)?\]?/g, "")
    .trim();
  if (/…|^-- /.test(operands)) return Number.POSITIVE_INFINITY;
  return operands === "" ? 0 : operands.split(/\s+/).length;
}

const commands = listOf(all).map(({ words, command: { help, options } }) => ({
  words,
  options,
  most: mostOperands(help.split("\n")[0] ?? "", words),
}));

/** True for a variable that a shell replaces by any number of words: an array, or an option that may be left out. */
function isSeveral(word: string): boolean {
  return /^\$\{\w+(?:\[@\]|:\+--[\w-]+)\}$/.test(word);
}

describe("the commands in README, docs and recipes", () => {
  const found = documented("pulumi-dokploy").filter(({ words }) => words[0] !== "--help");

  it("are split into words as a shell does it", () => {
    const text = `config set 'a.b' "$(x | y)" --stack "p q" --path=c > "$D/plan.json" 2>&1 # why\nnext`;
    assert.deepEqual(wordsOf(text), ["config", "set", "a.b", "$(x | y)", "--stack", "p q", "--path=c"]);
    assert.deepEqual(wordsOf("up && rm x"), ["up"]);
    assert.deepEqual(wordsOf("plan-summary` turns"), ["plan-summary"]);
  });

  it("may have as many operands as their usage", () => {
    const most = Object.fromEntries(commands.map(({ words, most }) => [words.join(" "), most]));
    const some = Number.POSITIVE_INFINITY;
    const wanted = { coverage: 0, open: 1, "env diff": 2, "env set": some, "env run": some, promote: some };
    assert.deepEqual({ ...most, ...wanted }, most);
  });

  it("have the exit codes of the page, and those of a shell", () => {
    const page = readFileSync(join(__dirname, "..", "..", "..", "docs", "start", "ci.md"), "utf8");
    const [, table = ""] = /^\| code \| `npx pulumi-dokploy …` \|\n([\s\S]*?)\n\n/m.exec(page) ?? [];
    const listed = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    assert.deepEqual(
      listed,
      Object.values(exitCodes).filter((code) => code < 126),
    );
  });

  it("give options that the package's own commands have", () => {
    assert.ok(found.length > 15, `${found.length}`);
    const problemWith = (words: readonly string[], command: (typeof commands)[number]) => {
      const args = words.slice(command.words.length).filter((word) => !isSeveral(word));
      try {
        const { positionals } = parseArgs({ args, options: command.options, allowPositionals: true });
        return positionals.length <= command.most ? undefined : "has too many operands";
      } catch (error) {
        return (error as Error).message;
      }
    };
    const wrong = found.flatMap(({ place, words }) => {
      const meant = commands.filter(({ words: name }) =>
        name.every((word, at) => words[at] === word || isSeveral(words[at] ?? "")),
      );
      if (meant.length === 0) return [`${place}: there is no command ${words.join(" ")}`];
      const problems = meant.map((command) => problemWith(words, command));
      return problems.includes(undefined) ? [] : [`${place}: ${words.join(" ")}: ${problems[0]}`];
    });
    assert.deepEqual(wrong, []);
  });
});
