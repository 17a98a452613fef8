import * as assert from "node:assert/strict";
import { documented } from "../unit/docs/commands";
import { createWorkspace, type Workspace } from "./cli";

describe("the commands of Pulumi in README, docs and recipes", function () {
  this.timeout(120_000);
  let workspace: Workspace;
  before(async () => {
    // Shows options that are experimental too.
    workspace = await createWorkspace({ env: { PULUMI_EXPERIMENTAL: "true" } });
  });
  after(() => workspace?.close());

  const helps = new Map<string, Promise<string>>();
  function help(words: readonly string[]): Promise<string> {
    const name = words.join(" ");
    const known = helps.get(name);
    if (known !== undefined) return known;
    const asked = workspace.pulumi(...words, "--help").then(({ stdout }) => stdout);
    helps.set(name, asked);
    return asked;
  }
  const usageOf = (text: string) => /^Usage:\n {2}(.*)$/m.exec(text)?.[1] ?? "";

  /** The help of the command that the words begin with, and how many of them name it. */
  async function commandOf(words: readonly string[]): Promise<{ text: string; depth: number }> {
    let text = await help([]);
    let depth = 0;
    while (/^\S.*[Cc]ommands:$/m.test(text) && /^[a-z][a-z-]*$/.test(words[depth] ?? "-")) {
      const inner = await help(words.slice(0, depth + 1));
      if (usageOf(inner) === usageOf(text)) break;
      text = inner;
      depth += 1;
    }
    return { text, depth };
  }

  /** What is wrong with a command. */
  async function problemOf(words: readonly string[]): Promise<string | undefined> {
    const { text, depth } = await commandOf(words);
    const rest = words.slice(depth);
    const [first] = rest;
    if (depth === 0) return `has no command ${first}`;
    const takesOperands = /[<[](?!flags|command)/.test(usageOf(text));
    if (first !== undefined && !first.startsWith("-") && !takesOperands) return `takes no ${first}`;
    const flag = rest
      .filter((word) => /^-/.test(word) && word !== "--")
      .map((word) => word.replace(/=.*$/, ""))
      .find((word) => !new RegExp(`^ +(?:-\\w, )?(?:${word}|${word}, --[\\w-]+)(?![\\w-])`, "m").test(text));
    return flag === undefined ? undefined : `has no option ${flag}`;
  }

  it("are known to the CLI, and so are their options", async () => {
    assert.match((await problemOf(["stack", "innit", "test"])) ?? "", /takes no innit/);
    assert.match(
      (await problemOf(["up", "--target", "x", "--run-programs"])) ?? "",
      /no option --run-programs/,
    );
    const found = documented("pulumi");
    assert.ok(found.length > 150, `${found.length}`);
    const wrong: string[] = [];
    for (const { place, words } of found) {
      const problem = await problemOf(words);
      if (problem !== undefined) wrong.push(`${place}: pulumi ${words.join(" ")}: ${problem}`);
    }
    assert.deepEqual(wrong, []);
  });
});
