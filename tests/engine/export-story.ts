import * as assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import * as ts from "typescript";
import { policyOf } from "../../provider/dokploy/endpoint-policy";
import type { Endpoint } from "../../provider/dokploy/endpoints";
import { usePlugin } from "./cli";
import { Example } from "./example";
import { type Run, Story } from "./story";

export const command = path.join(__dirname, "..", "..", "dist", "cli", "main.js");
export const execute = promisify(execFile);

/** Secrets of the example; none of them may be in clear anywhere. */
export const secrets: Readonly<Record<string, string>> = {
  registryPassword: "canary-registry",
  staffPassword: "canary-staff",
  searchKey: "canary-search",
  s3AccessKey: "canary-s3-id",
  s3SecretKey: "canary-s3-secret",
  slackWebhook: "https://hooks.example.com/canary-slack",
};

/** A server that has all that the example of a whole server makes, and exports of it. */
export class ExportStory {
  private begun: Story | undefined;
  /** All that the commands printed. */
  private printed = "";

  constructor() {
    before(() => this.begin());
    after(() => this.begun?.end());
  }

  get story(): Story {
    return this.begun ?? assert.fail("the story has not begun");
  }

  private async begin(): Promise<void> {
    this.begun = await Story.begin({ stack: "test", buildMs: 300 });
    // `problemsIn` checks the types of each program once.
    this.story.workspace.env["PULUMI_NODEJS_TRANSPILE_ONLY"] = "true";
    const example = new Example(this.story, "examples/whole-server");
    await example.pulumi("stack init test");
    const given = Object.entries(secrets).map(([name, value]) => `--secret ${name}=${value}`);
    const settings = "--plaintext dokploy:waitFor=deployed";
    await example.pulumi(`config set-all --stack test ${given.join(" ")} ${settings}`);
    await example.pulumi("up --yes --skip-preview --stack test");
  }

  readonly folderOf = (name: string): string => path.join(this.story.workspace.dir, name);

  /** Runs the command as a person does, with the CLI on the PATH. */
  readonly ran = async (folder: string, ...args: string[]): Promise<string> => {
    const options = { cwd: folder, env: this.story.workspace.env };
    const { stdout, stderr } = await execute(process.execPath, [command, ...args], options);
    this.printed += stdout + stderr;
    return stdout;
  };

  readonly exported = (name: string, ...options: string[]): Promise<string> =>
    this.ran(this.story.workspace.dir, "export", "--out", name, ...options);

  readonly pulumi = async (name: string, ...args: string[]): Promise<Run> => {
    const folder = this.folderOf(name);
    if (this.story.workspace.plugin) usePlugin(this.story.workspace, folder);
    const run = await this.story.succeeds("-C", folder, ...args, "--stack", "prod");
    this.printed += run.output;
    return run;
  };

  /** Gives an exported program the secret that the export cannot read. */
  readonly setPassword = (name: string): Promise<Run> =>
    this.pulumi(name, "config", "set", "--secret", "images-test.password", secrets["registryPassword"] ?? "");

  /** No file of these folders has a secret, neither has the output or the state. */
  assertNoSecret(...folders: string[]): void {
    const { tables } = this.story.emulator.instance;
    const passwords = [
      ...tables.postgres.values(),
      ...tables.mysql.values(),
      ...tables.redis.values(),
    ].flatMap((row) =>
      [row["databasePassword"], row["databaseRootPassword"]].filter((text) => typeof text === "string"),
    );
    assert.ok(passwords.length >= 4);
    const files = folders.flatMap((name) => Object.values(filesIn(this.folderOf(name))));
    assert.ok(files.length > 0);
    const texts = [this.printed, this.story.workspace.stateText(), ...files];
    for (const secret of [...Object.values(secrets), ...passwords, "PRIVATE KEY", "canary-by-hand"])
      for (const text of texts) assert.ok(!text.includes(secret), `${secret} is in ${text.slice(0, 100)}`);
  }
}

export const writing = (calls: readonly string[]): string[] =>
  calls.filter((call) => policyOf(call as Endpoint).method !== "GET");

/** What TypeScript says about a program under the strictest settings. */
export function problemsIn(file: string): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noUnusedLocals: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    skipLibCheck: true,
    noEmit: true,
  };
  const program = ts.createProgram([file], options);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

/** The texts of all files by their path. */
export function filesIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = path.join(entry.parentPath, entry.name);
        return [path.relative(folder, file), fs.readFileSync(file, "utf8")];
      }),
  );
}
