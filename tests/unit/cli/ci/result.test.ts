import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { resultOf } from "../../../../cli/ci";
import { UsageError } from "../../../../cli/terminal";

const failed = `Previewing update (test):
  pulumi:pulumi:Stack: (same)
    ~ env: { LOG_LEVEL: "<{%fg 1%}>1 errored<{%reset%}>" }
Resources:
    ~ 1 to update

Updating (test):
api failed: Deployment of application "api" failed
error: 1 error occurred:
\t* Deployment of application "api" failed after 0 s
\t  End of the log (1 line):
\t      npm ERR!

error: update failed
error: 1 error occurred:
\t* Deployment of application "api" failed after 0 s
\t  End of the log (1 line):
\t      npm ERR!
Resources:
    5 unchanged
    <{%fg 1%}>1 errored<{%reset%}>

Duration: 7s
`;

describe("the summary of a deployment in a job of CI", () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-result-"));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  function result(log: string, outcome: string, stage = "test"): string {
    const file = path.join(folder, "deploy.txt");
    fs.writeFileSync(file, log);
    return resultOf(file, stage, outcome);
  }

  it("has what failed first, then the counts without tags of colours, and the log in a fold", () => {
    const [head = "", log = ""] = result(failed, "failure").split("<details>");
    assert.equal(
      head,
      `### The deployment to \`test\` failed

    error: 1 error occurred:
    \t* Deployment of application "api" failed after 0 s
    \t  End of the log (1 line):
    \t      npm ERR!

    Resources:
        5 unchanged
        1 errored
    
    Duration: 7s

`,
    );
    assert.match(log, /^<summary>Log<\/summary>\n\n {4}Previewing update \(test\):\n/);
    // Only what Pulumi writes itself: a value stays.
    assert.deepEqual(log.match(/.*errored.*/g), [
      '        ~ env: { LOG_LEVEL: "\\x3c{%fg 1%}>1 errored\\x3c{%reset%}>" }',
      "        1 errored",
    ]);
  });

  it("says what happened, and never that a stage is deployed after a failure", () => {
    const log = "error: update failed\n";
    assert.match(
      result("Resources:\n    1 created\n", "success"),
      /^### Deployed to `test`\n\n {4}Resources:/,
    );
    assert.match(
      result(log, "failure"),
      /^### The deployment to `test` failed\n\n {4}error: update failed\n/,
    );
    assert.match(result(log, "cancelled"), /^### The deployment to `test` was cancelled\n/);
    assert.equal(
      result("", "failure"),
      "### The deployment to `test` failed\n\nNothing was printed. The log of the job says more.\n\n",
    );
    for (const [outcome, stage] of [
      ["skipped", "test"],
      ["", "test"],
      ["toString", "test"],
      ["success", "a`b"],
      ["success", ""],
    ] as const)
      assert.throws(() => result(log, outcome, stage), UsageError, `${outcome} ${stage}`);
    assert.throws(() => resultOf(path.join(folder, "none"), "test", "success"), /cannot be read/);
  });

  it("keeps the end of a long log, as much as GitHub takes, with no line that is a command or Markdown", () => {
    const line = "é::error::x </details> ##[error]y";
    const text = result(`::stop-commands::x\n${`${line}\n`.repeat(60_000)}last\n`, "success");
    assert.ok(Buffer.byteLength(text) < 1024 * 1024 && Buffer.byteLength(text) > 800_000);
    assert.match(text, /\n {4}…\n[\s\S]*\n {4}last\n\n<\/details>\n\n$/);
    assert.doesNotMatch(text, /^ {0,3}<\/details>[\s\S]*<\/details>|##\[/m);
    assert.match(result("::error::x\n", "success"), /^ {4}\\x3a:error::x$/m);
  });
});
