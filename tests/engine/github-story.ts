import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { type JobResult, runWorkflow } from "../ci/runner";
import { exampleFolder, readWorkflows } from "../ci/workflow";
import { RecipeStory } from "./recipe-story";

/** The example with its workflows, as GitHub runs them. */
export class GithubStory extends RecipeStory {
  /** Runs a workflow of the example, with what stands in the place of the actions that it uses. */
  async workflow(
    name: string,
    event: {
      inputs?: Record<string, string | boolean>;
      ref?: string;
      fork?: boolean;
      actor?: string;
      commit?: string;
    } = {},
  ): Promise<Record<string, JobResult>> {
    const file = readWorkflows(exampleFolder).find((candidate) => candidate.name === name);
    assert.ok(file, name);
    const run = this.next();
    const folder = this.folderOf(`run-${run}`);
    const artifacts = this.folderOf(`artifacts-${run}`);
    for (const each of [folder, artifacts]) fs.mkdirSync(each);
    const results = await runWorkflow(file.workflow, {
      folder,
      machine: {
        ...this.machine(),
        ...this.github.environment(folder, {
          pull_request: {
            number: 7,
            head: { sha: event.commit ?? "0123456789abcdef0123456789abcdef01234567" },
          },
        }),
      },
      event: {
        github: {
          repository: "acme/shop",
          server_url: "https://github.example",
          run_id: "99",
          ref: event.ref ?? "refs/heads/main",
          actor: event.actor ?? "somebody",
          triggering_actor: event.actor ?? "somebody",
          token: "canary-github-token",
          event: {
            pull_request: {
              number: 7,
              head: {
                repo: { full_name: event.fork ? "somebody/shop" : "acme/shop" },
                sha: event.commit ?? "0123456789abcdef0123456789abcdef01234567",
              },
            },
          },
        },
        inputs: { services: null, "image-tag": null, confirm: null, refresh: null, ...event.inputs },
      },
      environment: (environment) => {
        const settings = this.settingsOf(environment) ?? {};
        const of = (names: string[]) =>
          Object.fromEntries(names.map((each) => [each, settings[each] ?? null]));
        return {
          secrets: of([
            "PULUMI_ACCESS_TOKEN",
            "PULUMI_CONFIG_PASSPHRASE",
            "DOKPLOY_API_KEY",
            "DOKPLOY_PLAN_KEY",
          ]),
          vars: of(["PULUMI_BACKEND_URL", "DOKPLOY_URL"]),
        };
      },
      actions: {
        "actions/checkout": async (_, { workspace }) => this.checkOut(workspace),
        "actions/setup-node": async () => undefined,
        "actions/upload-artifact": async ({ path: file = "" }, { workspace }) => {
          const from = path.resolve(workspace, file);
          // Of a folder, only its contents.
          const isFolder = fs.existsSync(from) && fs.statSync(from).isDirectory();
          if (isFolder) fs.cpSync(from, artifacts, { recursive: true });
          else if (fs.existsSync(from)) fs.copyFileSync(from, path.join(artifacts, path.basename(file)));
          return undefined;
        },
        "actions/download-artifact": async ({ path: to = "" }, { workspace }) => {
          fs.cpSync(artifacts, path.resolve(workspace, to), { recursive: true });
          return undefined;
        },
        // It installs the CLI, which is there already.
        "pulumi/actions": async () => undefined,
      },
    });
    for (const { output, summary } of results) assert.doesNotMatch(output + summary, /canary/);
    return Object.fromEntries(results.map((result) => [result.name, result]));
  }
}

/** How each job ended. */
export const endings = (results: Record<string, JobResult>) =>
  Object.fromEntries(Object.values(results).map(({ name, result }) => [name, result]));

export function succeeded(results: Record<string, JobResult>): void {
  for (const { name, result, output } of Object.values(results))
    assert.equal(result, "success", `${name}: ${output}`);
}
