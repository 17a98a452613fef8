import * as assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { killTree } from "./process-tree";
import { Story } from "./story";

const command = path.join(__dirname, "..", "..", "dist", "cli", "main.js");
export const canary = "canary-session-secret";
export const files: Readonly<Record<string, string>> = {
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

export interface Done {
  readonly code: number | null;
  readonly output: string;
}

interface Listed {
  projectId: string;
  name: string;
  environments: { environmentId: string; applications: { applicationId: string }[]; postgres: unknown[] }[];
}

/** A repository with previews of pull requests, which each test of a file begins anew. */
export class PreviewStory {
  /** All that the commands printed. */
  printed = "";
  private begun: Story | undefined;

  constructor() {
    beforeEach(async () => {
      const config = ["--secret", `sessionKey=${canary}`, "--plaintext", "dokploy:imageTag=1.0"];
      this.begun = await Story.begin({ stack: "preview", config });
      for (const [name, text] of Object.entries(files)) this.story.write(name, text);
      this.story.program('new dokploy.DeploymentRepository("shop");');
      this.printed = "";
    });
    afterEach(() => this.begun?.end());
  }

  get story(): Story {
    return this.begun ?? assert.fail("the test has not begun");
  }

  private start(args: string): { child: ChildProcess; done: Promise<Done> } {
    const child = spawn(process.execPath, [command, "preview-env", ...args.split(" ")], {
      cwd: this.story.workspace.dir,
      env: this.story.workspace.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        this.printed += text;
      });
    const done = new Promise<Done>((resolve) => {
      child.once("close", (code) => resolve({ code, output }));
    });
    return { child, done };
  }

  run(args: string): Promise<Done> {
    return this.start(args).done;
  }

  async succeeds(args: string): Promise<string> {
    const { code, output } = await this.run(args);
    assert.equal(code, 0, output);
    return output;
  }

  projects(): Promise<Listed[]> {
    return this.story.byHand<Listed[]>("project.all", {});
  }

  async webOf(number: number) {
    const project = (await this.projects()).find(({ name }) => name === `shop-pr-${number}`);
    const id = project?.environments[0]?.applications[0]?.applicationId ?? "";
    return await this.story.application(id);
  }

  async assertNothingLeft(): Promise<void> {
    assert.deepEqual(await this.projects(), []);
    assert.match(await this.succeeds("list"), /There are no previews\./);
  }

  /** The stack's configuration as a new checkout of the next job has it: none. */
  newCheckout(number: number): void {
    fs.rmSync(path.join(this.story.workspace.dir, `Pulumi.pr-${number}.yaml`), { force: true });
  }

  /** A run of `up 12` that ends with all its processes when it calls this endpoint. */
  async killed(at: string, ...options: string[]): Promise<void> {
    const { emulator } = this.story;
    const before = emulator.calls.length;
    emulator.faults.add({ endpoint: at, delayMs: 2_000 });
    const { child, done } = this.start(["up 12 --tag web=a", ...options].join(" "));
    const reached = () => emulator.calls.slice(before).some((call) => call.endpoint === at);
    while (child.exitCode === null && !reached()) await sleep(10);
    assert.ok(reached(), `${at} was called`);
    // Pulumi has written the state by then. A file that it has half written is beyond repair.
    await sleep(1_000);
    killTree(child.pid ?? 0);
    await done;
    // Dokploy does what it was asked for, and nobody hears of it.
    await sleep(1_500);
    this.newCheckout(12);
  }

  /** The next run completes what a killed one began, so that nothing is there twice, and all of it is removed. */
  async completedAfter(endpoint: string): Promise<void> {
    await this.killed(endpoint);
    await this.succeeds("up 12 --tag web=b --unlock");
    assert.equal((await this.webOf(12))["dockerImage"], "acme/web:b");
    const [only, ...others] = await this.projects();
    assert.deepEqual(others, []);
    const [{ applications, postgres } = assert.fail("no environment")] = only?.environments ?? [];
    assert.deepEqual([applications.length, postgres.length], [1, 1]);
    await this.succeeds("remove 12");
    assert.deepEqual(await this.projects(), []);
  }
}
