import * as path from "node:path";
import { filesOf } from "../languages/page";
import { addSdk, sdkFolder } from "../languages/sdk";
import { beginWith, createsIt, runs, toolOrSkip, write } from "../languages/story";
import type { Story } from "../story";

const goMod = "module shop\n\ngo 1.25\n";
const sdkModule = "github.com/pulumi-dokploy/pulumi-dokploy/sdk/go";

// Run by scripts/compat.cjs: Go compiles for minutes.
describe("a program in Go", function () {
  this.timeout(10 * 60_000);
  let story: Story;
  before(async function () {
    story = await beginWith(await toolOrSkip(this, "go"));
    write(story, { ...filesOf("Go"), "go.mod": goMod });
    await addSdk(this, story, "go", async () => {
      const folder = `./${sdkFolder.split(path.sep).join("/")}`;
      await runs(story, "go", ["mod", "edit", "-replace", `${sdkModule}=${folder}`]);
    });
    await runs(story, "go", ["mod", "tidy"]);
  });
  after(() => story?.end());

  it("uses the plugin with the SDK of its schema", () => createsIt(story));
});
