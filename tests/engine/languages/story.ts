import * as fs from "node:fs";
import * as path from "node:path";
import { type FoundTool, languageTool } from "../../../scripts/language-hosts.cjs";
import { Story } from "../story";

type ToolName = Parameters<typeof languageTool>[0];

/** Time for a hook that may have to build a language host. */
export const hostMilliseconds = 6 * 60_000;

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

/** Begins a story whose programs the host runs. They have no Dokploy in the environment: the stack has the settings. */
export async function beginWith(host: FoundTool, config: readonly string[]): Promise<Story> {
  const story = await Story.begin();
  const { env } = story.workspace;
  env["PATH"] = [host.binDir, env["PATH"]].join(path.delimiter);
  try {
    write(story, { "Pulumi.yaml": "name: shop\nruntime: yaml\n" });
    const settings = ["--plaintext", `dokploy-native:url=${story.emulator.url}`];
    const secrets = ["--secret", `dokploy-native:apiKey=${story.emulator.apiKey}`];
    await story.succeeds("config", "set-all", ...settings, ...secrets, ...config);
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
