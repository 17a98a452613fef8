import * as assert from "node:assert/strict";
import { parseArgs } from "node:util";
import { approveCheckOptions } from "../../../cli/commands/approve-check";
import { emulatorOptions } from "../../../cli/commands/emulator";
import { planSummaryOptions } from "../../../cli/commands/plan-summary";
import {
  checkOptions,
  contractOptions,
  diffOptions,
  historyOptions,
  runOptions,
  setOptions,
  typesOptions,
} from "../../../cli/env";
import { listOptions, removeOptions, sweepOptions, upOptions } from "../../../cli/preview";
import { promoteOptions, rollbackOptions } from "../../../cli/rollout";
import { coverageOptions, exportOptions } from "../../../cli/server";
import { documented, wordsOf } from "./commands";

/** Each with the most operands that it takes. */
const commands = [
  { words: ["approve-check"], options: approveCheckOptions, most: 1 },
  { words: ["coverage"], options: coverageOptions, most: 0 },
  { words: ["export"], options: exportOptions, most: 0 },
  { words: ["emulator"], options: emulatorOptions, most: 0 },
  { words: ["env", "check"], options: checkOptions, most: Number.POSITIVE_INFINITY },
  { words: ["env", "contract"], options: contractOptions, most: 0 },
  { words: ["env", "types"], options: typesOptions, most: 0 },
  { words: ["env", "diff"], options: diffOptions, most: 2 },
  { words: ["env", "history"], options: historyOptions, most: 1 },
  { words: ["env", "run"], options: runOptions, most: Number.POSITIVE_INFINITY },
  { words: ["env", "set"], options: setOptions, most: Number.POSITIVE_INFINITY },
  { words: ["preview-env", "up"], options: upOptions, most: 1 },
  { words: ["preview-env", "remove"], options: removeOptions, most: 1 },
  { words: ["preview-env", "list"], options: listOptions, most: 0 },
  { words: ["preview-env", "sweep"], options: sweepOptions, most: 0 },
  { words: ["plan-summary"], options: planSummaryOptions, most: 1 },
  // Any number of services after the two stages.
  { words: ["promote"], options: promoteOptions, most: 9 },
  { words: ["rollback"], options: rollbackOptions, most: 1 },
];

describe("the commands in README, docs and recipes", () => {
  const found = documented("pulumi-dokploy").filter(({ words }) => words[0] !== "--help");

  it("are split into words as a shell does it", () => {
    const text = `config set 'a.b' "$(x | y)" --stack "p q" --path=c > "$D/plan.json" 2>&1 # why\nnext`;
    assert.deepEqual(wordsOf(text), ["config", "set", "a.b", "$(x | y)", "--stack", "p q", "--path=c"]);
    assert.deepEqual(wordsOf("up && rm x"), ["up"]);
    assert.deepEqual(wordsOf("plan-summary` turns"), ["plan-summary"]);
  });

  it("give options that the package's own commands have", () => {
    assert.ok(found.length > 15, `${found.length}`);
    const wrong = found.flatMap(({ place, words }) => {
      const command = commands.find(({ words: name }) => name.every((word, at) => words[at] === word));
      if (command === undefined) return [`${place}: there is no command ${words.join(" ")}`];
      const args = words.slice(command.words.length);
      try {
        const { positionals } = parseArgs({ args, options: command.options, allowPositionals: true });
        return positionals.length <= command.most
          ? []
          : [`${place}: ${words.join(" ")} has too many operands`];
      } catch (error) {
        return [`${place}: ${words.join(" ")}: ${(error as Error).message}`];
      }
    });
    assert.deepEqual(wrong, []);
  });
});
