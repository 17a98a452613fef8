import * as assert from "node:assert/strict";
import { Progress } from "../../../provider/run/progress";

describe("the line that all who wait share", () => {
  it("has every service once, the newest state first and it alone with its seconds", () => {
    const lines: string[] = [];
    const progress = new Progress((line) => lines.push(line));
    progress.tell("web: deploying, 12 s");
    progress.tell("api: deployment queued behind 1");
    progress.tell("web: deploying, 2 min 3 s");
    progress.end("web");
    progress.tell("api: runs; seeing whether it stays so, 3 s");
    assert.deepEqual(lines, [
      "web: deploying, 12 s",
      "api: deployment queued behind 1 | web: deploying",
      "web: deploying, 2 min 3 s | api: deployment queued behind 1",
      "api: runs; seeing whether it stays so, 3 s",
    ]);
  });

  it("counts those for which there is no room", () => {
    const lines: string[] = [];
    const progress = new Progress((line) => lines.push(line));
    for (const name of ["a", "b", "c", "d", "e"]) progress.tell(`${name}: deploying`);
    assert.equal(lines.at(-1), "e: deploying | d: deploying | c: deploying | 2 more wait");
  });

  it("tells a failure at once, with its first line", () => {
    const lines: string[] = [];
    const progress = new Progress((line) => lines.push(line));
    progress.tell("web: deploying");
    progress.end("web", new Error('Application "web" does not run: exit code 1.\nRead its output.'));
    progress.tell("api: deploying");
    assert.deepEqual(lines.slice(1), [
      'web failed: Application "web" does not run: exit code 1.',
      "api: deploying",
    ]);
  });
});
