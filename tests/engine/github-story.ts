import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { Artifacts } from "../ci/artifacts";
import { type JobResult, type RunnerOptions, runWorkflow } from "../ci/runner";
import { standIns } from "../ci/stand-ins";
import { exampleFolder, readWorkflows, type WorkflowFile } from "../ci/workflow";
import { RecipeStory } from "./recipe-story";

/** What starts a workflow. */
export interface Event {
  inputs?: Record<string, string | boolean>;
  ref?: string;
  fork?: boolean;
  actor?: string;
  commit?: string;
  /** Another workflow than the example's of this name. */
  file?: WorkflowFile;
  /** Artifacts of an earlier attempt of the run. */
  artifacts?: Artifacts;
  /** Secrets and variables of the environments, in the place of the usual ones. */
  settings?: (environment: string | undefined) => Record<string, string>;
  identity?: RunnerOptions["identity"];
  cancelled?: AbortSignal;
}

/** The example with its workflows, as GitHub runs them. */
export class GithubStory extends RecipeStory {
  /** Runs a workflow of the example, with what stands in the place of the actions that it uses. */
  async workflow(name: string, event: Event = {}): Promise<Record<string, JobResult>> {
    const file = event.file ?? readWorkflows(exampleFolder).find((candidate) => candidate.name === name);
    assert.ok(file, name);
    const folder = this.folderOf(`run-${this.next()}`);
    fs.mkdirSync(folder);
    const head = { sha: event.commit ?? "0123456789abcdef0123456789abcdef01234567" };
    const artifacts = event.artifacts ?? new Artifacts();
    const results = await runWorkflow(file.written, {
      folder,
      machine: {
        ...this.machine(),
        ...this.github.environment(folder, { pull_request: { number: 7, head } }),
      },
      event: {
        github: {
          repository: "acme/shop",
          server_url: "https://github.com",
          run_id: "99",
          ref: event.ref ?? "refs/heads/main",
          actor: event.actor ?? "somebody",
          triggering_actor: event.actor ?? "somebody",
          token: "canary-github-token",
          event: {
            pull_request: {
              number: 7,
              head: { repo: { full_name: event.fork ? "somebody/shop" : "acme/shop" }, ...head },
            },
          },
        },
        inputs: {
          ...{ services: null, "image-tag": null, confirm: null, refresh: null, unlock: null },
          ...event.inputs,
        },
      },
      environment: (environment) => {
        const settings = event.settings?.(environment) ?? this.settingsOf(environment) ?? {};
        const of = (names: readonly string[]) =>
          Object.fromEntries(names.map((each) => [each, settings[each] ?? null]));
        const variables = Object.entries(settings).filter(([each]) => !secretNames.includes(each));
        return { secrets: of(secretNames), vars: Object.fromEntries(variables) };
      },
      actions: standIns(artifacts, async (inputs, { workspace }) => this.checkOut(workspace, inputs)),
      ...(event.identity === undefined ? {} : { identity: event.identity }),
      ...(event.cancelled === undefined ? {} : { cancelled: event.cancelled }),
    });
    for (const { output, summary } of results) assert.doesNotMatch(output + summary, /canary/);
    return Object.fromEntries(results.map((result) => [result.name, result]));
  }
}

/** Settings that are secrets of an environment, and no variables. */
const secretNames = [
  "PULUMI_ACCESS_TOKEN",
  "PULUMI_CONFIG_PASSPHRASE",
  "DOKPLOY_API_KEY",
  "DOKPLOY_PLAN_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "GOOGLE_CREDENTIALS",
  "AZURE_STORAGE_KEY",
];

/** How each job ended. */
export const endings = (results: Record<string, JobResult>) =>
  Object.fromEntries(Object.values(results).map(({ name, result }) => [name, result]));

export function succeeded(results: Record<string, JobResult>): void {
  for (const { name, result, output } of Object.values(results))
    assert.equal(result, "success", `${name}: ${output}`);
}
