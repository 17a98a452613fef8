import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { type FoundTool, languageTool } from "../../../scripts/language-hosts.cjs";
import { Story } from "../story";

const { run } = require("../../../scripts/run.cjs") as {
  run(command: string, args: readonly string[], options: object): Promise<{ code: number; output: string }>;
};

type ToolName = Parameters<typeof languageTool>[0];

/** Time for a hook that may have to build a language host. */
export const hostMilliseconds = 6 * 60_000;

/** The secret that the programs of docs/operations/languages.md take from the stack. */
export const secret = "canary-of-the-session";

/** Returns a language host, or skips the tests of the hook and prints the reason. */
export async function toolOrSkip(hook: Mocha.Context, name: ToolName): Promise<FoundTool> {
  const tool = await languageTool(name);
  if (tool.file !== undefined) return tool;
  return skip(hook, tool.reason);
}

/** Skips the tests of a hook, and prints the reason. */
export function skip(hook: Mocha.Context, reason: string): never {
  console.log(`Skipped "${hook.test?.parent?.fullTitle()}": ${reason}`);
  return hook.skip();
}

/**
 * Begins a story whose programs the host runs; by default that of Node.js. They have no Dokploy in the environment: the
 * stack has the settings, and the secret.
 */
export async function beginWith(host?: FoundTool): Promise<Story> {
  const story = await Story.begin();
  const { env } = story.workspace;
  if (host !== undefined) env["PATH"] = [host.binDir, env["PATH"]].join(path.delimiter);
  try {
    const { url, apiKey } = story.emulator;
    await story.succeeds(
      ...["config", "set-all", "--plaintext", `dokploy-native:url=${url}`],
      ...["--secret", `dokploy-native:apiKey=${apiKey}`, "--secret", `sessionSecret=${secret}`],
    );
    delete env["DOKPLOY_URL"];
    delete env["DOKPLOY_API_KEY"];
    return story;
  } catch (error) {
    await story.end();
    throw error;
  }
}

/** Writes files of the project. */
export function write(story: Story, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files))
    fs.writeFileSync(path.join(story.workspace.dir, name), text);
}

/** Creates what the programs of docs/operations/languages.md say; the next plan is empty. */
export async function createsIt(story: Story): Promise<void> {
  const { output } = await story.succeeds("up", "--skip-preview");
  assert.match(output, /version\s*: "\d+\.\d+\.\d+"/);
  const { env, domains } = (await story.application(story.resource("api").id)) as unknown as {
    env: string;
    domains: { host: string; port: number }[];
  };
  assert.deepEqual(env.split("\n").sort(), ["LOG_LEVEL=info", `SESSION_SECRET=${secret}`]);
  assert.deepEqual(
    domains.map(({ host, port }) => ({ host, port })),
    [{ host: "api.example.com", port: 3000 }],
  );
  assert.doesNotMatch(output + story.workspace.stateText(), new RegExp(secret));
  await story.succeeds("preview", "--expect-no-changes");
}

/** Runs a program in the project, with its environment. */
export async function runs(story: Story, command: string, args: readonly string[]): Promise<void> {
  const { code, output } = await runIn(story, command, args);
  assert.equal(code, 0, output);
}

/** Like {@link runs}, for a program that may fail. */
export function runIn(
  story: Story,
  command: string,
  args: readonly string[],
): Promise<{ code: number; output: string }> {
  const { dir, env } = story.workspace;
  return run(command, args, { cwd: dir, env, timeoutSeconds: 5 * 60 });
}
