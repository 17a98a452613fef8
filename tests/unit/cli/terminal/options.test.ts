import * as assert from "node:assert/strict";
import {
  flagOption,
  listOption,
  optionsHelp,
  parseArguments,
  parseOptions,
  UsageError,
  valueOption,
} from "../../../../cli/terminal";

describe("a table of options", () => {
  const json = flagOption("Print JSON");
  const options = {
    json,
    dir: { ...valueOption("DIR", "Folder"), default: "envs" },
    output: { ...valueOption("FILE", "Write to a file"), short: "o" },
    skip: listOption("KEYS", "Leave out variables;", "may be given several times"),
    "unless-it-looks-like-a-secret": flagOption("Show it"),
    long: { ...valueOption("TEXT", "x".repeat(100)), default: "abc" },
  };

  it("says what the parser accepts, and its types", () => {
    const given: { json: boolean; dir: string; output?: string; skip: string[] } = parseOptions(options, []);
    assert.deepEqual({ ...given }, { ...defaults, json: false, dir: "envs", skip: [] });
    assert.deepEqual(
      { ...parseOptions(options, ["--json", "-o", "f", "--skip", "A", "--skip=B", "--dir", "d"]) },
      { ...defaults, json: true, dir: "d", output: "f", skip: ["A", "B"] },
    );
    const { values, positionals } = parseArguments(options, ["a", "--json", "b"]);
    assert.equal(values.json, true);
    assert.deepEqual(positionals, ["a", "b"]);
    for (const [args, error] of [
      [["--other"], "Unknown option '--other'. See --help."],
      [["--jsn"], "Unknown option '--jsn'. Did you mean --json?"],
      [["--sk", "A"], "Unknown option '--sk'. Did you mean --skip?"],
      [["--dir"], "Option '--dir <value>' argument missing. See --help."],
      [["a"], "Unexpected argument 'a'. See --help."],
    ] as const) {
      assert.throws(() => parseOptions(options, args), new UsageError(error));
    }
  });

  it("is the list of options in the help, which ends with --help", () => {
    assert.deepEqual(optionsHelp(options), [
      "Options:",
      "  --json           Print JSON",
      "  --dir DIR        Folder (default: envs)",
      "  --output FILE, -o",
      "                   Write to a file",
      "  --skip KEYS      Leave out variables;",
      "                   may be given several times",
      "  --unless-it-looks-like-a-secret",
      "                   Show it",
      `  --long TEXT      ${"x".repeat(100)}`,
      "                   (default: abc)",
      "  --help, -h       Show this text",
    ]);
    assert.equal(optionsHelp({ json }, 14)[1], "  --json      Print JSON");
  });

  const defaults = { "unless-it-looks-like-a-secret": false, long: "abc" };
});
