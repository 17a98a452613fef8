import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { companyOptions } from "../unit/cli/server/init/company";
import { InitStory } from "./init-story";
import type { Story } from "./story";

describe("pulumi-dokploy init, for a company", function () {
  this.timeout(600_000);
  let projects: InitStory;
  let story: Story;
  before(async () => {
    projects = await InitStory.begin();
    ({ story } = projects);
  });
  after(() => projects?.end());

  it("writes a company of several services, each stage of which is planned and created at the first try, without a warning", async () => {
    const printed = await projects.installed("shop", companyOptions());
    assert.match(printed, /^ {2}pulumi config set --secret s3AccessKey/m);
    const cwd = projects.folderOf("shop");
    for (const stage of ["test", "prod"]) {
      const pulumi = (...words: string[]) => story.succeeds("-C", cwd, ...words, "--stack", stage);
      await story.succeeds("-C", cwd, "stack", "select", "--create", stage);
      for (const secret of ["s3AccessKey", "s3SecretKey"])
        await pulumi("config", "set", "--secret", secret, `canary-${secret}`);
      assert.doesNotMatch((await pulumi("preview")).output, /warning:|canary/);
      const { output } = await pulumi("up", "--yes", "--skip-preview");
      assert.doesNotMatch(output, /warning:|canary/);
      assert.match(
        output,
        stage === "prod" ? /https:\/\/shop\.acme\.dev/ : /https:\/\/test\.shop\.acme\.dev/,
      );
    }
    fs.rmSync(path.join(cwd, "node_modules"), { recursive: true });
  });
});
