import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { GithubHost, githubToken } from "./github-host";
import { exampleFiles, GitlabRepository, scriptOf } from "./gitlab";
import { noteAuthor, noteToken, startGitlab } from "./gitlab-host";
import { Machine } from "./script";
import { exampleFolder, readWorkflows } from "./workflow";

interface Issue {
  number: number;
  title: string;
  state: string;
  body: string;
  user: string;
  comments: string[];
}

/** Where the recipes of one host keep their issues. */
interface Host {
  readonly machine: Machine;
  issues(): Issue[];
  add(issue: Issue): unknown;
  /** Runs the job for each stage with an outcome. */
  night(outcomes: Readonly<Record<string, "success" | "failed">>, text?: string): Promise<void>;
  close(): void;
}

const plan = (stage: string, text: string) => `### Plan of ${stage}\n${text}\n`;

async function github(): Promise<Host> {
  const { jobs } = readWorkflows(exampleFolder).find(({ name }) => name === "drift.yml")?.workflow ?? {};
  const step = jobs?.["issue"]?.steps.at(-1);
  const machine = new Machine();
  const host = await new GithubHost().start();
  return {
    machine,
    issues: () => host.issues.map((issue) => ({ ...issue, user: issue.user.login })),
    add: (issue) => host.issues.push({ ...issue, user: { login: issue.user } }),
    async night(outcomes, text = "LOG_LEVEL changed") {
      const plans = path.join(machine.temp, "plans");
      fs.rmSync(plans, { recursive: true, force: true });
      fs.mkdirSync(plans);
      for (const [stage, outcome] of Object.entries(outcomes)) {
        fs.writeFileSync(path.join(plans, `${stage}.outcome`), `${outcome.replace("failed", "failure")}\n`);
        fs.writeFileSync(path.join(plans, `${stage}.md`), plan(stage, text));
      }
      const own = { ...step?.env, GH_TOKEN: githubToken, STAGES: "test prod" };
      const env = { ...host.environment(machine.temp), ...own };
      const { code, output } = await machine.run(step?.run ?? "exit 9", env);
      assert.equal(code, 0, output);
    },
    close() {
      host.close();
      machine.remove();
    },
  };
}

async function gitlab(): Promise<Host> {
  const repository = new GitlabRepository(exampleFiles());
  const jobs = repository.jobs();
  const host = await startGitlab();
  const machine = new Machine();
  return {
    machine,
    issues: () =>
      host.issues.map(({ iid, title, state, description, author, notes }) => ({
        ...{ number: iid, title, state: state.replace("opened", "open"), body: description },
        ...{ user: author.id === noteAuthor ? "own" : "mallory", comments: notes },
      })),
    add: ({ number, title, body }) =>
      host.issues.push({
        ...{
          iid: number,
          title,
          state: "opened",
          description: body,
          author: { id: noteAuthor + 1 },
          notes: [],
        },
      }),
    async night(outcomes, text = "LOG_LEVEL changed") {
      for (const stage of ["test", "prod"]) {
        const { [stage]: outcome } = outcomes;
        for (const name of ["outcome", "plan.md"])
          fs.rmSync(path.join(machine.workspace, name), { force: true });
        if (outcome !== undefined) {
          fs.writeFileSync(path.join(machine.workspace, "outcome"), `${outcome}\n`);
          fs.writeFileSync(path.join(machine.workspace, "plan.md"), plan(stage, text));
        }
        const { code, output } = await machine.run(scriptOf(jobs[`issue ${stage}`]), {
          CI_API_V4_URL: host.url,
          CI_PROJECT_ID: "12",
          CI_PIPELINE_URL: "https://run/7",
          GITLAB_TOKEN: noteToken,
          ...repository.environment(),
        });
        assert.equal(code, 0, output);
      }
    },
    close() {
      host.close();
      machine.remove();
      repository.remove();
    },
  };
}

for (const [name, start] of Object.entries({ GitHub: github, GitLab: gitlab })) {
  describe(`the recipe for drift on ${name}`, function () {
    this.timeout(60_000);
    let host: Host;

    before(function () {
      // The jobs run on Linux.
      if (process.platform === "win32") this.skip();
    });
    beforeEach(async () => {
      host = await start();
    });
    afterEach(() => host?.close());

    const states = () => host.issues().map(({ title, state }) => [title, state]);

    it("opens one issue for a stage, updates it, and closes it when the difference is gone", async () => {
      await host.night({ test: "failed", prod: "success" });
      assert.deepEqual(states(), [["Drift in test", "open"]]);
      const body = () => host.issues()[0]?.body ?? "";
      assert.match(
        body(),
        /^<!-- drift: test -->\n### Plan of test\nLOG_LEVEL changed\n\nLast seen: https:\/\/(?:run\/7|github\.example\/acme\/shop\/actions\/runs\/99)\n/,
      );
      await host.night({ test: "failed", prod: "success" }, "COLOUR changed");
      assert.equal(host.issues().length, 1);
      assert.match(body(), /COLOUR changed/);
      await host.night({ test: "success", prod: "success" });
      assert.deepEqual([host.issues()[0]?.state, host.issues()[0]?.comments.length], ["closed", 1]);
      await host.night({ test: "failed", prod: "failed" });
      assert.deepEqual(states(), [
        ["Drift in test", "closed"],
        ["Drift in test", "open"],
        ["Drift in prod", "open"],
      ]);
    });

    it("leaves an issue as it is when a stage could not be planned", async () => {
      await host.night({ test: "failed" });
      await host.night({});
      assert.deepEqual(states(), [["Drift in test", "open"]]);
    });

    it("leaves the issues of others alone", async () => {
      const foreign: Issue = {
        ...{ number: 1, title: "x", state: "open", body: "<!-- drift: test -->" },
        ...{ user: "mallory", comments: [] },
      };
      host.add(structuredClone(foreign));
      await host.night({ test: "failed" });
      await host.night({ test: "success" });
      assert.deepEqual(host.issues()[0], foreign);
      assert.deepEqual(
        host.issues().map(({ state }) => state),
        ["open", "closed"],
      );
    });
  });
}
