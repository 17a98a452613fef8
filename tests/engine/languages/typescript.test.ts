import * as fs from "node:fs";
import * as path from "node:path";
import type { Story } from "../story";
import { filesOf } from "./page";
import { addSdk, sdkFolder } from "./sdk";
import { beginWith, createsIt, hostMilliseconds, runs, write } from "./story";

describe("a program in TypeScript with the SDK of the plugin", function () {
  this.timeout(120_000);
  let story: Story;
  before(async function () {
    this.timeout(hostMilliseconds);
    story = await beginWith(undefined);
    story.workspace.writeProgram("", { language: "ts" });
    write(story, filesOf("TypeScript"));
    await addSdk(this, story, "nodejs", async () => {
      const { dir } = story.workspace;
      const sdk = path.join(dir, sdkFolder);
      const compiler = path.join(dir, "node_modules", "typescript", "bin", "tsc");
      // Generators write for their own version of Pulumi's SDK; the newer parts of it are called by none of the programs.
      await runs(story, process.execPath, [compiler, "--project", sdk, "--noCheck"]);
      fs.copyFileSync(path.join(sdk, "package.json"), path.join(sdk, "bin", "package.json"));
      fs.mkdirSync(path.join(dir, "node_modules", "@pulumi-dokploy"));
      fs.symlinkSync(sdk, path.join(dir, "node_modules", "@pulumi-dokploy", "native"), "junction");
    });
  });
  after(() => story?.end());

  it("has the types of the SDK, and uses the plugin", () => createsIt(story));
});
