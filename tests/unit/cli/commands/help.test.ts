import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { commands as all } from "../../../../cli/commands";
import { type Command, type Commands, longestLine } from "../../../../cli/terminal";

/** Lists the help of each command, by its words. */
function helps(commands: Commands, words = ""): [string, string[], Command][] {
  return Object.entries(commands).flatMap(([name, command]) =>
    "commands" in command
      ? helps(command.commands, `${words}${name} `)
      : [[`${words}${name}`, command.help.split("\n"), command] as [string, string[], Command]],
  );
}

describe("the help of each command", () => {
  const found = helps(all);

  it("fits a screen of 30 lines; the pages have the rest", () => {
    assert.ok(found.length > 15, `${found.length}`);
    assert.deepEqual(
      found.filter(([, lines]) => lines.length > 30).map(([name, lines]) => `${name}: ${lines.length}`),
      [],
    );
    const wide = found.flatMap(([name, lines]) =>
      lines.filter((line) => line.length > longestLine).map((line) => `${name}: ${line}`),
    );
    assert.deepEqual(wide, []);
  });

  it("lists its options", () => {
    for (const [name, lines, { options }] of found)
      for (const option of Object.keys(options))
        assert.ok(
          lines.some((line) => line.startsWith(`  --${option}`)),
          `${name} --${option}`,
        );
  });

  it("begins with its usage, and a page has the JSON of each that prints some", () => {
    const page = readFileSync(`${__dirname}/../../../../docs/operations/json.md`, "utf8");
    for (const [name, lines] of found) {
      assert.ok(lines[0]?.startsWith(`Usage: pulumi-dokploy ${name}`), name);
      const printsJson = lines.some((line) => /^ {2}--json\b/.test(line));
      const row = `docs/operations/json.md, the row of \`${name}\``;
      assert.equal(
        page.includes(`| \`${name}\` |`),
        printsJson,
        `${row}: needed by --json, and by nothing else`,
      );
    }
  });
});
