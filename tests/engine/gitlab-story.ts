import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { exampleFiles, GitlabRepository } from "../ci/gitlab";
import { type GitlabHost, noteToken, startGitlab } from "../ci/gitlab-host";
import { RecipeStory } from "./recipe-story";

const { run } = require("../../scripts/run.cjs") as {
  run(
    command: string,
    args: string[],
    options: { cwd: string; env: NodeJS.ProcessEnv; timeoutSeconds: number },
  ): Promise<{ code: number; output: string }>;
};

/** The example with its jobs, as GitLab runs them, and the host of the notes. */
export class GitlabStory extends RecipeStory {
  private gitlab: GitlabRepository | undefined;
  private ordinary: ReturnType<GitlabRepository["jobs"]> = {};
  /** The folder of each job that has run: where its artifacts are. */
  private folders: Record<string, string> = {};
  private begunHost: GitlabHost | undefined;

  constructor() {
    super();
    beforeEach(async () => {
      this.folders = {};
      this.gitlab = new GitlabRepository(exampleFiles());
      this.ordinary = this.jobsOf();
      this.begunHost = await startGitlab();
    });
    afterEach(() => {
      this.begunHost?.close();
      this.gitlab?.remove();
    });
  }

  get host() {
    return this.begunHost ?? assert.fail("the test has not begun");
  }

  /** The jobs of a pipeline that is started with these variables. */
  jobsOf(variables?: Record<string, string>) {
    return (this.gitlab ?? assert.fail("the test has not begun")).jobs(variables);
  }

  /** Runs a job with what stands in the place of the artifacts that it needs. */
  readonly job = async (name: string, variables: Record<string, string> = {}, jobs = this.ordinary) => {
    const definition = jobs[name];
    assert.ok(definition, name);
    const { environment, needs = [], artifacts } = definition;
    const scope = typeof environment === "object" ? environment.name : environment;
    const number = this.next();
    const workspace = this.folderOf(`run-${number}`);
    if (definition.variables?.["GIT_STRATEGY"] === "empty") fs.mkdirSync(workspace);
    else this.checkOut(workspace);
    for (const needed of needs) {
      const from = this.folders[needed.job];
      if (from === undefined && needed.optional) continue;
      assert.ok(from, `${name} comes before ${needed.job}`);
      for (const file of jobs[needed.job]?.artifacts?.paths ?? []) {
        const options = { recursive: true, verbatimSymlinks: true };
        if (fs.existsSync(path.join(from, file))) {
          fs.cpSync(path.join(from, file), path.join(workspace, file), options);
        }
      }
    }
    const env = {
      ...this.machine(),
      ...this.gitlab?.environment(),
      CI_API_V4_URL: this.host.url,
      CI_PROJECT_ID: "12",
      PULUMI_HOME: this.folderOf(`home-${number}`),
      ...this.settingsOf(scope),
      ...(/^(?:notes|deployments)$/.test(scope ?? "") ? { GITLAB_TOKEN: noteToken } : {}),
      ...definition.variables,
      ...variables,
    };
    const script = [...(definition.before_script ?? []), ...definition.script].join("\n");
    const options = { cwd: workspace, env, timeoutSeconds: 120 };
    const { code, output } = await run("bash", ["-eo", "pipefail", "-c", script], options);
    assert.doesNotMatch(output, /canary/);
    const after = { ...env, CI_JOB_STATUS: code === 0 ? "success" : "failed" };
    await run("bash", ["-c", (definition.after_script ?? []).join("\n")], { ...options, env: after });
    const missing = (artifacts?.paths ?? []).filter((file) => !fs.existsSync(path.join(workspace, file)));
    assert.deepEqual(missing, [], output);
    this.folders[name] = workspace;
    return { code, output, workspace };
  };

  /** The text of the plan that a job shows; how the two jobs ended that it takes. */
  readonly shown = async (
    secretive: string,
    showing: string,
    variables: Record<string, string> = {},
    jobs = this.ordinary,
  ) => {
    const made = await this.job(secretive, variables, jobs);
    // It is an artifact, which others can download.
    assert.doesNotMatch(fs.readFileSync(path.join(made.workspace, "plan.json"), "utf8"), /canary/);
    const { code, output, workspace } = await this.job(showing, variables, jobs);
    const text = fs.readFileSync(path.join(workspace, "plan.md"), "utf8");
    if (variables["CI_MERGE_REQUEST_IID"] !== undefined) {
      const noted = await this.job(showing.replace("plan", "note"), variables);
      assert.equal(noted.code, 0, noted.output);
    }
    return { codes: [made.code, code], output: made.output + output, text };
  };

  /** Deploys prod after its plan. */
  async deployProd(): Promise<void> {
    const plan = await this.shown("prepare prod", "review prod");
    assert.deepEqual(plan.codes, [0, 0], plan.output);
    const done = await this.job("deploy prod");
    assert.equal(done.code, 0, done.output);
  }
}
