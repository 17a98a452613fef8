import * as fs from "node:fs";
import * as path from "node:path";
import type { Story } from "../story";
import { filesOf } from "./page";
import { addSdk, sdkFolder } from "./sdk";
import { beginWith, createsIt, hostMilliseconds, runIn, runs, skip, toolOrSkip, write } from "./story";

describe("a program in Python", function () {
  this.timeout(120_000);
  let story: Story;
  before(async function () {
    this.timeout(2 * hostMilliseconds);
    const host = await toolOrSkip(this, "python");
    story = await beginWith(host);
    write(story, filesOf("Python"));
    const bin = path.join(story.workspace.dir, "venv", process.platform === "win32" ? "Scripts" : "bin");
    const python = path.join(bin, "python");
    const install = ["-m", "pip", "--no-input", "install", "-r", "requirements.txt"];
    const steps: [string, string[]][] = [
      ["python3", ["-m", "venv", "venv"]],
      [python, install],
    ];
    for (const [command, args] of steps) {
      const { code, output } = await runIn(story, command, args);
      if (code !== 0) skip(this, `no Pulumi for Python: ${output.trim().split("\n").at(-1)}`);
    }
    await addSdk(this, story, "python", async () => {
      fs.appendFileSync(path.join(story.workspace.dir, "requirements.txt"), `${sdkFolder}\n`);
      await runs(story, python, install);
      // The host that Go builds does not know how today's CLI tells it the virtual environment.
      const { env } = story.workspace;
      env["PATH"] = [bin, env["PATH"]].join(path.delimiter);
    });
  });
  after(() => story?.end());

  it("uses the plugin with the SDK of its schema", () => createsIt(story));
});
