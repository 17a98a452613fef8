import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { type Run, Story } from "./story";

const command = path.join(__dirname, "..", "..", "dist", "cli", "main.js");

describe("the summary of a plan that the CLI printed", function () {
  this.timeout(120_000);
  let story: Story;
  let worker: string;
  let other: string;

  before(async () => {
    story = await Story.begin();
    worker = await story.existingApplication("worker");
    other = await story.existingApplication("other");
  });
  after(() => story?.end());

  /** Plans a program and sums the plan up; also ends well when the preview fails. */
  async function summarise(body: string, ...args: string[]): Promise<{ markdown: string; preview: Run }> {
    story.program(body);
    const preview = await story.run("preview", "--json", ...args);
    const { status, stdout, stderr } = spawnSync(process.execPath, [command, "plan-summary"], {
      input: preview.stdout,
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    return { markdown: stdout, preview };
  }

  const base = `
    const shop = new dokploy.Project("shop", { name: "shop" });
    const api = new dokploy.Application("api", {
      environmentId: shop.defaultEnvironmentId,
      name: "api",
      source: { type: "docker", image: "acme/api:1" },
      env: { LEVEL: "info", OLD: "gone", TOKEN: pulumi.secret("canary-1"), WAS_PLAIN: "canary-2" },
    });
    const web = new dokploy.Application("web", {
      environmentId: shop.defaultEnvironmentId,
      name: "web",
      source: { type: "docker", image: "acme/web:1" },
      replicas: 1,
    });
  `;
  const block = (id: string) =>
    `new dokploy.EnvironmentBlock("worker-env", { target: { applicationId: "${id}" }, env: { A: "a" } });`;

  it("reports creations", async () => {
    const { markdown } = await summarise(base + block(worker));
    assert.match(
      markdown,
      /^## Plan for `shop\/dev` on `http:\/\/127\.0\.0\.1:\d+`\n\n\*\*4 to create\*\* · deploys up to 3 services$/m,
    );
    assert.match(markdown, /^\| \+ \| `LEVEL` \| `info` \|$/m);
    assert.match(markdown, /^\| \+ \| `TOKEN` \| _secret_ \|$/m);
    assert.doesNotMatch(markdown, /canary-1/);
    await story.up(base + block(worker));
  });

  it("is one line when nothing changes", async () => {
    const { markdown, preview } = await summarise(base + block(worker));
    assert.equal(markdown, `**Plan for \`shop/dev\` on \`${story.emulator.url}\`**: nothing to do.\n`);
    assert.deepEqual(preview.calls, []);
  });

  it("reports changes, hides secrets, and names exactly the deployments that follow", async () => {
    const changed = base
      .replace('LEVEL: "info", OLD: "gone"', 'LEVEL: "debug|`x`", NEW: pulumi.secret("canary-3")')
      .replace("canary-1", "canary-4")
      .replace('WAS_PLAIN: "canary-2"', 'WAS_PLAIN: pulumi.secret("canary-5")')
      .replace("replicas: 1", "replicas: 2");
    const { markdown } = await summarise(changed + block(worker));
    assert.match(markdown, /^\*\*2 to update\*\* · deploys 1 service, reloads 1 service$/m);
    assert.match(markdown, /^\| ~ \| `LEVEL` \| `info` \| <code>debug&#124;&#96;x&#96;<\/code> \|$/m);
    for (const row of [
      "+ | `NEW` |  | _secret_",
      "− | `OLD` | `gone` | ",
      "~ | `TOKEN` | _secret_ | _secret_",
    ]) {
      assert.ok(markdown.includes(`\n| ${row} |\n`), markdown);
    }
    assert.match(markdown, /^\| ~ \| `WAS_PLAIN` \| _secret_ \| _secret_ \|$/m);
    assert.match(markdown, /^### `api` · Application · update\n\nDeploys `api`\.$/m);
    assert.match(markdown, /^### `web` · Application · update\n\nReloads `web`\.$/m);
    assert.doesNotMatch(markdown, /canary/);
    const { calls } = await story.up(changed + block(worker));
    const applied = calls.filter((call) => /^application\.(?:deploy|redeploy|reload)$/.test(call));
    assert.deepEqual(applied.sort(), ["application.deploy", "application.reload"]);
    await story.up(base + block(worker));
  });

  it("reports objects that already match the program, for which nothing changes and nothing is deployed", async () => {
    const first = await story.existingApplication("first", { env: "A=a\nB=b\nC=c" });
    const second = await story.existingApplication("second", { env: "TOKEN=canary-7" });
    for (const applicationId of [first, second]) await story.byHand("application.deploy", { applicationId });
    const { environmentId } = (await story.application(second)) as unknown as { environmentId: string };
    const blockOf = (name: string, id: string, more: string) =>
      `new dokploy.EnvironmentBlock("${name}", { target: { applicationId: "${id}" }, ${more} });`;
    const same = [
      blockOf("first-ab", first, `mode: "additive", env: { B: "b", A: "a" }`),
      blockOf("first-c", first, `mode: "additive", env: { C: "c" }`),
      `new dokploy.Application("second", {
        environmentId: "${environmentId}", name: "second",
        source: { type: "docker", image: "acme/existing:1" },
        env: pulumi.secret({ TOKEN: "canary-7" }),
      }, { import: "${second}" });`,
    ];
    const { markdown, preview } = await summarise(base + block(worker) + same.join("\n"));
    assert.match(
      markdown,
      /^## Plan for `shop\/dev` on `http:\/\/127\.0\.0\.1:\d+`\n\n\*\*3 to adopt\*\* · 0 changes · deploys nothing\n/m,
    );
    assert.match(
      markdown,
      /^### `first-ab` · EnvironmentBlock · adopt\n\nDokploy already has `A`, `B` with these values: nothing changes, and nothing is deployed\.$/m,
    );
    assert.doesNotMatch(markdown, /canary|deploys (?!nothing)|warning|Deploys/);
    assert.match(
      preview.stdout,
      /The variables of the application \\"first\\" \(\S+\) are adopted as they are/,
    );

    const differing = [
      ...same.slice(1),
      blockOf("first-ab", first, `mode: "additive", env: { B: "b", A: "changed" }`),
    ];
    const other = await summarise(base + block(worker) + differing.join("\n"));
    assert.match(
      other.markdown,
      /^\*\*1 to create; 2 to adopt, nothing to change\*\* · deploys up to 1 service$/m,
    );
    assert.match(other.markdown, /^### `first-ab` · EnvironmentBlock · \*\*create\*\*$/m);

    const { calls } = await story.up(base + block(worker) + same.join("\n"));
    assert.deepEqual(
      calls.filter((call) => /deploy$|reload|save|update$/.test(call)),
      [],
    );
    story.program(base + block(worker));
    await story.succeeds("state", "delete", "--yes", story.resource("second").urn);
    await story.succeeds("up", "--skip-preview");
  });

  it("marks replacements and deletions", async () => {
    const { markdown } = await summarise(base.replace(/const web[\s\S]*/, "") + block(other));
    assert.match(markdown, /^\*\*1 to replace, 1 to delete\*\* · deploys up to 1 service$/m);
    assert.match(markdown, /^> \[!CAUTION\]\n> \*\*Deletes\*\* `web` \(Application\)\.$/m);
    assert.match(markdown, /^\| ~ \| `target\.applicationId` \*\*replaces\*\* \| `.*` \| `.*` \|$/m);
  });

  it("reports released resources and moved variables, and an update does what it says", async () => {
    const kept = base.replace("replicas: 1,\n    }", "$&, { retainOnDelete: true }");
    const { environmentId } = (await story.application(other)) as unknown as { environmentId: string };
    const otherBlock = `new dokploy.EnvironmentBlock("other-env", { target: { applicationId: "${other}" }, env: { A: "a" } });`;
    await story.up(kept + block(worker) + otherBlock);
    const { id } = story.resource("web");

    const moved = `new dokploy.Application("other", {
      environmentId: "${environmentId}", name: "other", source: { type: "docker", image: "acme/existing:1" }, env: { A: "a" },
    }, { import: "${other}", retainOnDelete: true });`;
    const after = base.replace(/const web[\s\S]*/, "") + block(worker) + moved;
    const { markdown } = await summarise(after);
    assert.match(markdown, /^\*\*1 to let go, 1 to delete; 1 to adopt, nothing to change\*\*$/m);
    assert.doesNotMatch(markdown, /CAUTION/);
    assert.match(
      markdown,
      /^### `web` · Application · \*\*let go\*\*\n\nIt stays in Dokploy, and is no longer/m,
    );
    assert.match(markdown, /^Its variables move to `other` \(Application\)\.$/m);
    await story.up(after);
    assert.equal((await story.application(other)).env?.trim(), "A=a");
    assert.equal((await story.application(id)).name, "web");

    await story.byHand("application.delete", { applicationId: id });
    await story.up(base + block(worker));
  });

  it("hides what somebody set by hand", async () => {
    const texts = { buildArgs: null, buildSecrets: null, createEnvFile: true };
    const env = "A=canary-6\nHAND=canary-7";
    await story.byHand("application.saveEnvironment", { applicationId: worker, env, ...texts });
    const { markdown } = await summarise(base + block(worker), "--refresh");
    // As the CLI shows it: by hand it may be a secret, and in the program it stands in clear.
    const text = await story.succeeds("preview", "--diff", "--refresh");
    assert.match(text.stdout, /~ A *: \[secret\] => "a"/);
    assert.match(markdown, /^\| ~ \| `A` \| _secret_ \| `a` \|\n\| − \| `HAND` \| _secret_ \| {2}\|$/m);
    assert.match(markdown, /^Deploys the application `.*`\.$/m);
    assert.doesNotMatch(markdown, /canary-[67]/);
  });

  it("of a failed preview gives the reason", async () => {
    const { markdown, preview } = await summarise(base.replace("LEVEL", '"BAD KEY"') + block(worker));
    assert.notEqual(preview.code, 0);
    assert.match(markdown, /^## Plan for `shop\/dev` on `http:\/\/127\.0\.0\.1:\d+`: the preview failed$/m);
    assert.match(markdown, /^Application "api": env\.BAD KEY: is a name that Dokploy ignores/m);
    const thrown = await summarise('throw new Error("no such \\u001b[31mcolour\\u001b[0m @team")');
    assert.match(thrown.markdown, /^Error: no such colour @team$/m);
  });
});

for (const plugin of [false, true]) {
  const by = plugin ? "the plugin" : "dynamic providers";
  describe(`the summary of a plan of ${by}, in a stack whose secrets are words`, function () {
    this.timeout(120_000);
    let story: Story;
    before(async () => {
      const words = ["deploy", "adopt", "one", "info", "base", "import", "variables", "dokploy", "server"];
      const config = words.flatMap((word, at) => ["--secret", `word${at}=${word}`]);
      story = await Story.begin({ config, plugin });
    });
    after(() => story?.end());

    it("shows an adoption with its one change, and names the server", async () => {
      const { environmentId } = await story
        .byHand<{ environmentId: string }>("project.create", {
          name: "shop",
        })
        .then((made) => (made as unknown as { environment: { environmentId: string } }).environment);
      const { applicationId } = await story.byHand<{ applicationId: string }>("application.create", {
        name: "api",
        environmentId,
      });
      const variables = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`NAME_${at}`, `${at}`]));
      const text = Object.entries(variables).map(([key, value]) => `${key}=${value}`);
      await story.byHand("application.update", {
        applicationId,
        sourceType: "docker",
        dockerImage: "acme/api:1",
        env: text.join("\n"),
      });
      story.program(`
        new dokploy.Application("api", {
          environmentId: "${environmentId}",
          name: "api",
          source: { type: "docker", image: "acme/api:1" },
          env: ${JSON.stringify({ ...variables, NAME_7: "changed" })},
          import: "${applicationId}",
        });
      `);
      const preview = await story.succeeds("preview", "--json");
      const { status, stdout, stderr } = spawnSync(process.execPath, [command, "plan-summary"], {
        input: preview.stdout,
        encoding: "utf8",
      });
      assert.equal(status, 0, stderr);
      assert.match(preview.output, /\[\[secret\]\//, "Pulumi masks the codes");
      assert.match(stdout, /^## Plan for `shop\/dev` on `http:\/\/127\.0\.0\.1:\d+`\n\n\*\*1 to adopt\*\*/m);
      assert.deepEqual(stdout.match(/`NAME_\d+`/g), ["`NAME_7`"]);
      assert.doesNotMatch(stdout, /to create/);
    });
  });
}
