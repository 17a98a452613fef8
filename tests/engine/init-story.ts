import * as path from "node:path";
import { npm } from "../../cli/stack";
import { command, execute } from "./export-story";
import { Story } from "./story";

/** Projects that `init` writes into folders of one workspace, and the emulator to which they are deployed. */
export class InitStory {
  private constructor(readonly story: Story) {}

  static async begin(): Promise<InitStory> {
    const story = await Story.begin();
    story.workspace.env["PULUMI_NODEJS_TRANSPILE_ONLY"] = "true";
    return new InitStory(story);
  }

  end(): Promise<void> {
    return this.story.end();
  }

  folderOf(name: string): string {
    return path.join(this.story.workspace.dir, name);
  }

  /** Writes a project without a registry, which only the lock of the packages needs; returns what it printed. */
  async init(name: string, options: readonly string[]): Promise<string> {
    return await this.write(name, options, {
      npm_config_registry: "http://127.0.0.1:1",
      npm_config_fetch_retries: "0",
    });
  }

  /** Writes a project, and installs the packages of its lock; returns what `init` printed. */
  async installed(name: string, options: readonly string[]): Promise<string> {
    const printed = await this.write(name, options);
    const { env } = this.story.workspace;
    await execute(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: this.folderOf(name),
      env,
    });
    return printed;
  }

  private async write(name: string, options: readonly string[], more?: NodeJS.ProcessEnv): Promise<string> {
    const { dir, env } = this.story.workspace;
    const settings = { cwd: dir, env: { ...env, ...more } };
    return (await execute(process.execPath, [command, "init", name, ...options], settings)).stdout;
  }
}
