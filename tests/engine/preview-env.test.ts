import * as assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { killTree } from "./process-tree";
import { count, Story } from "./story";

const command = path.join(__dirname, "..", "..", "dist", "cli", "main.js");
const canary = "canary-session-secret";
const files: Readonly<Record<string, string>> = {
  "dokploy-previews.yaml": `from: test
host: \${service}-pr-\${number}.preview.acme.dev
without: [MAIL_KEY]
seed: { web: npm run seed }
limit: 3
`,
  "services/web/dokploy-app.yaml": `kind: application
image: acme/web:\${IMAGE_TAG}
databaseUrls: { DATABASE_URL: orders }
domains: [{ host: shop.acme.dev, port: 3000, https: true, certificateType: letsencrypt }]
`,
  "services/orders/dokploy-app.yaml":
    "kind: postgres\ndatabase: shop\nuser: shop\nimage: postgres:18\nexternalPort: 5432\n",
  "envs/test/web.yaml": "LOG_LEVEL: info\nSESSION_KEY: !secret sessionKey\nMAIL_KEY: !secret mailKey\n",
};

interface Done {
  readonly code: number | null;
  readonly output: string;
}

describe("previews of pull requests", function () {
  this.timeout(240_000);
  let story: Story;
  let printed = "";

  beforeEach(async () => {
    const config = ["--secret", `sessionKey=${canary}`, "--plaintext", "dokploy:imageTag=1.0"];
    story = await Story.begin({ stack: "preview", config });
    for (const [name, text] of Object.entries(files)) write(name, text);
    story.program('new dokploy.DeploymentRepository("shop");');
    printed = "";
  });
  afterEach(() => story?.end());

  const write = (name: string, text: string) => story.write(name, text);

  function start(args: string): { child: ChildProcess; done: Promise<Done> } {
    const child = spawn(process.execPath, [command, "preview-env", ...args.split(" ")], {
      cwd: story.workspace.dir,
      env: story.workspace.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        printed += text;
      });
    const done = new Promise<Done>((resolve) => {
      child.once("close", (code) => resolve({ code, output }));
    });
    return { child, done };
  }
  const run = (args: string) => start(args).done;
  async function succeeds(args: string): Promise<string> {
    const { code, output } = await run(args);
    assert.equal(code, 0, output);
    return output;
  }

  interface Listed {
    projectId: string;
    name: string;
    environments: { environmentId: string; applications: { applicationId: string }[]; postgres: unknown[] }[];
  }
  const projects = () => story.byHand<Listed[]>("project.all", {});
  async function webOf(number: number) {
    const project = (await projects()).find(({ name }) => name === `shop-pr-${number}`);
    const id = project?.environments[0]?.applications[0]?.applicationId ?? "";
    return await story.application(id);
  }
  async function assertNothingLeft(): Promise<void> {
    assert.deepEqual(await projects(), []);
    assert.match(await succeeds("list"), /There are no previews\./);
  }
  /** The stack's configuration as a new checkout of the next job has it: none. */
  const newCheckout = (number: number) =>
    fs.rmSync(path.join(story.workspace.dir, `Pulumi.pr-${number}.yaml`), { force: true });

  it("live at the same time, each with its own services, until they are removed", async () => {
    const first = await Promise.all([12, 13, 14].map((number) => run(`up ${number} --tag web=pr-${number}`)));
    for (const { code, output } of first) assert.equal(code, 0, output);
    assert.match(first[0]?.output ?? "", /### Preview of #12 is deployed/);
    assert.match(
      first[0]?.output ?? "",
      /\| `web` \| yes, since .* UTC \| <https:\/\/web-pr-12\.preview\.acme\.dev\/> \|/,
    );
    assert.match(first[0]?.output ?? "", /\| `orders` \| yes, since .* UTC \| – \|/);
    const names = (await projects()).map(({ name }) => name).sort();
    assert.deepEqual(names, ["shop-pr-12", "shop-pr-13", "shop-pr-14"]);
    const web = await webOf(13);
    assert.equal(web["dockerImage"], "acme/web:pr-13");
    assert.match(web.env ?? "", /SESSION_KEY=/);
    assert.doesNotMatch(web.env ?? "", /MAIL_KEY/);
    assert.equal(
      count(
        story.emulator.calls.map(({ endpoint }) => endpoint),
        "schedule.runManually",
      ),
      3,
    );

    const refused = await run("up 15 --comment comment.md");
    assert.equal(refused.code, 1);
    assert.match(
      refused.output,
      /There are 3 previews, and limit in dokploy-previews\.yaml allows 3: pr-12 \(/,
    );
    assert.match(
      fs.readFileSync(path.join(story.workspace.dir, "comment.md"), "utf8"),
      /^### Preview of #15 was not deployed/,
    );

    for (const number of [12, 13, 14]) newCheckout(number);
    await succeeds("up 12 --tag web=pr-12b");
    assert.equal((await webOf(12))["dockerImage"], "acme/web:pr-12b");
    assert.equal(
      count(
        story.emulator.calls.map(({ endpoint }) => endpoint),
        "schedule.runManually",
      ),
      3,
      "a seed runs once",
    );

    assert.match(await succeeds("list"), /^#12 {2}deployed .* UTC, removed after .* UTC\n#13 /m);
    assert.match(
      await succeeds("sweep --open 12,13 --dry-run"),
      /^#14 would be removed: closed\nkept: #12, #13$/m,
    );
    assert.match(await succeeds("sweep --open 12,13"), /^#14 is removed: closed\nkept: #12, #13$/m);
    const left = JSON.parse(await jsonOf("sweep --open 12 --json")) as { removed: unknown; kept: unknown };
    assert.deepEqual(left, {
      version: 1,
      removed: [{ number: "13", why: "closed" }],
      failed: [],
      kept: ["12"],
    });
    await succeeds("remove 12");
    assert.match(await succeeds("remove 12"), /There is no preview of pull request 12\./);
    await assertNothingLeft();
    const never = JSON.parse(await jsonOf("remove 99 --json")) as unknown;
    assert.deepEqual(never, { version: 1, number: "99", removed: false });
    assert.equal((await run("remove twelve")).code, 2);
    assert.ok(!printed.includes(canary) && !story.workspace.stateText().includes(canary));
  });

  async function jsonOf(args: string): Promise<string> {
    const { code, output } = await run(args);
    assert.equal(code, 0, output);
    return output.slice(output.indexOf("{\n"));
  }

  it("of which one fails shows the cause and the end of the log", async () => {
    story.emulator.registry.missing.add("acme/web:broken");
    const { code, output } = await run("up 12 --tag web=broken");
    assert.equal(code, 1, output);
    const [, comment = ""] = output.split("### Preview of #12 **failed**");
    assert.match(comment, /\| `web` \| \*\*no\*\*<br>the last deployment \*\*failed\*\* \|/);
    assert.match(comment, /application "web"[\s\S]*acme\/web:broken/);
  });

  it("whose seed fails say so, and run it again with the next deployment", async () => {
    write(
      "dokploy-previews.yaml",
      `${files["dokploy-previews.yaml"]}`.replace("npm run seed", `echo ${canary}; exit 1`),
    );
    const { code, output } = await run("up 12");
    assert.equal(code, 1);
    assert.match(output, /The seed of web failed:\n[\s\S]*echo \[secret\]; exit 1[\s\S]*Command failed/);
    write("dokploy-previews.yaml", files["dokploy-previews.yaml"] ?? "");
    await succeeds("up 12");
    assert.equal(
      count(
        story.emulator.calls.map(({ endpoint }) => endpoint),
        "schedule.runManually",
      ),
      2,
    );
  });

  it("whose lifetime is over are removed", async () => {
    await succeeds("up 12");
    const file = path.join(story.workspace.dir, "..", "state", ".pulumi", "stacks", "shop", "pr-12.json");
    const state = JSON.parse(fs.readFileSync(file, "utf8"));
    state.checkpoint.latest.manifest.time = "2026-01-01T00:00:00Z";
    fs.writeFileSync(file, JSON.stringify(state));
    assert.match(await succeeds("list"), /^#12 {2}deployed .* UTC, expired$/m);
    assert.match(await succeeds("sweep"), /^#12 is removed: expired$/m);
    assert.deepEqual(await projects(), []);
  });

  describe("after a run that was killed", () => {
    async function killed(at: string, ...options: string[]): Promise<void> {
      const before = story.emulator.calls.length;
      story.emulator.faults.add({ endpoint: at, delayMs: 2_000 });
      const { child, done } = start(["up 12 --tag web=a", ...options].join(" "));
      const reached = () => story.emulator.calls.slice(before).some((call) => call.endpoint === at);
      while (child.exitCode === null && !reached()) await sleep(2);
      assert.ok(reached(), `${at} was called`);
      // Pulumi has written the state by then. A file that it has half written is beyond repair.
      await sleep(1_000);
      killTree(child.pid ?? 0);
      await done;
      // Dokploy does what it was asked for, and nobody hears of it.
      await sleep(1_500);
      newCheckout(12);
    }

    const steps = ["project.create", "postgres.create", "application.create", "application.deploy"];
    for (const endpoint of [...steps, "schedule.create", "schedule.runManually"]) {
      it(`at ${endpoint}, are completed by the next one`, async () => {
        await killed(endpoint);
        await succeeds("up 12 --tag web=b --unlock");
        assert.equal((await webOf(12))["dockerImage"], "acme/web:b");
        const [only, ...others] = await projects();
        assert.deepEqual(others, []);
        const [{ applications, postgres } = assert.fail("no environment")] = only?.environments ?? [];
        assert.deepEqual([applications.length, postgres.length], [1, 1]);
        await succeeds("remove 12");
        await assertNothingLeft();
      });
    }

    it("twice, are completed by the next one, and removed", async () => {
      await killed("project.create");
      await killed("application.create", "--unlock");
      const output = await succeeds("up 12 --tag web=b --unlock");
      assert.match(output, /Continuing with what a killed run created: web\./);
      assert.equal((await projects())[0]?.environments[0]?.applications.length, 1);
      assert.doesNotMatch(await succeeds("up 12 --tag web=c"), /Continuing with/);
      await succeeds("remove 12");
      await assertNothingLeft();
    });

    it("twice, are removed at once", async () => {
      await killed("project.create");
      await killed("application.create", "--unlock");
      await succeeds("remove 12 --unlock");
      await assertNothingLeft();
    });

    it("stay as long as their project has a service that no run created, and are removed then", async () => {
      await killed("project.create");
      const [project] = await projects();
      const environmentId = project?.environments[0]?.environmentId ?? assert.fail("no environment");
      const { applicationId } = await story.byHand<{ applicationId: string }>("application.create", {
        name: "by hand",
        environmentId,
      });
      const { code, output } = await run("remove 12 --unlock");
      assert.equal(code, 1);
      assert.match(output, /has services that no run created: by hand\. Move or delete them first\./);
      await story.byHand("application.delete", { applicationId });
      await succeeds("remove 12");
      await assertNothingLeft();
    });

    for (const endpoint of ["project.create", "application.create"]) {
      it(`at ${endpoint}, are removed by a sweep, once the lock is old`, async () => {
        await killed(endpoint);
        const locks = path.join(story.workspace.dir, "..", "state", ".pulumi", "locks");
        for (const name of fs.readdirSync(locks, { recursive: true, encoding: "utf8" })) {
          if (!name.endsWith(".json")) continue;
          const file = path.join(locks, name);
          const contents = JSON.parse(fs.readFileSync(file, "utf8"));
          fs.writeFileSync(file, JSON.stringify({ ...contents, timestamp: "2026-01-01T00:00:00Z" }));
        }
        await succeeds("sweep --open 1");
        await assertNothingLeft();
      });
    }
  });
});
