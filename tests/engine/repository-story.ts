import * as fs from "node:fs";
import * as path from "node:path";
import { count, type Run, Story } from "./story";

export const program = 'new dokploy.DeploymentRepository("shop");';
export const files: Readonly<Record<string, string>> = {
  "services/api/dokploy-app.yaml": "kind: application\nimage: acme/api:${IMAGE_TAG}\ndependsOn: [cache]\n",
  "services/web/dokploy-app.yaml":
    "kind: application\nimage: acme/web:7\nbuildSecrets:\n  NPM_TOKEN: !secret npmToken\n",
  "services/cache/dokploy-app.yaml": "kind: compose\n",
  "services/cache/compose.yaml": "services:\n  cache:\n    image: redis:${IMAGE_TAG}\n",
  "envs/base/api.yaml": "LOG_LEVEL: info\nREGION: !ref environment.REGION\n",
  "envs/dev/api.yaml": "LOG_LEVEL: debug\nAPI_TOKEN: !secret apiToken\n",
  "envs/dev/web.yaml": "COLOUR: blue\n",
  "envs/dev/cache.yaml": "",
  "envs/dev/shared.yaml": "REGION: eu\n",
};

/** A stack of a deployment repository with three services, which each test of a file begins anew. */
export class RepositoryStory {
  private begun: Story | undefined;

  constructor() {
    beforeEach(async () => {
      const secrets = ["--secret", "apiToken=canary-api", "--secret", "npmToken=canary-npm"];
      this.begun = await Story.begin({ config: [...secrets, "--plaintext", "dokploy:imageTag=1.0"] });
      for (const [name, text] of Object.entries(files)) this.write(name, text);
      this.story.program(program);
    });
    afterEach(() => this.begun?.end());
  }

  get story(): Story {
    if (this.begun === undefined) throw new Error("The test has not begun");
    return this.begun;
  }

  write(name: string, text: string): void {
    this.story.write(name, text);
  }

  remove(name: string): void {
    fs.rmSync(path.join(this.story.workspace.dir, name), { recursive: true });
  }

  set(name: string, value: string): Promise<Run> {
    return this.story.succeeds("config", "set", "--path", name, value);
  }

  up(): Promise<Run> {
    return this.story.succeeds("up", "--skip-preview");
  }

  /** What the containers of a service have. */
  running(name: string): Record<string, string> {
    return this.story.emulator.containerEnv(this.story.resource(name).id) ?? {};
  }

  async imageOf(name: string): Promise<unknown> {
    return (await this.story.application(this.story.resource(name).id))["dockerImage"];
  }
}

export const deploys = (run: Run) =>
  count(run.calls, "application.deploy") + count(run.calls, "compose.deploy");
