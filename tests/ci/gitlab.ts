/** Asks `gitlab-ci-local`, which has GitLab's schema and evaluates its rules, about a `.gitlab-ci.yml`. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";

const cli = path.join(__dirname, "..", "..", "node_modules", "gitlab-ci-local", "dist", "index.js");

/** The one thing that it uses of Node 22 and Node 20 has not. */
const forNode20 = "Set.prototype.union ??= function (other) { return new Set([...this, ...other]); }";

/** A job with what it extends and what is default for all. */
export interface GitlabJob {
  stage: string;
  script: string[];
  before_script?: string[];
  after_script?: string[];
  variables?: Record<string, string>;
  environment?: string | { name: string; action?: string };
  artifacts?: { paths: string[]; when?: string };
  resource_group?: string;
  needs?: { job: string }[];
  allow_failure?: boolean;
  interruptible?: boolean;
  timeout?: string;
}

/** What would run in a pipeline: the name of each job, with `manual` or `on_success`. */
export type GitlabPipeline = Record<string, string>;

/** A repository with nothing in it but a `.gitlab-ci.yml`. */
export class GitlabRepository {
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-gitlab-"));

  constructor(text: string) {
    fs.writeFileSync(path.join(this.folder, ".gitlab-ci.yml"), text);
    const git = (...args: string[]) => {
      const { status, stderr } = spawnSync("git", args, { cwd: this.folder, encoding: "utf8" });
      if (status !== 0) throw new Error(`git ${args[0]}: ${stderr}`);
    };
    git("init", "--quiet", "--initial-branch=main");
    git("add", "--all");
    git("-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "--quiet", "--message=all");
    git("remote", "add", "origin", "https://gitlab.example.com/acme/shop.git");
    git("update-ref", "refs/remotes/origin/main", "HEAD");
    git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main");
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** What is wrong with it by GitLab's schema; empty when nothing is. */
  problems(): string {
    const { status, output } = this.ask("--list");
    return status === 0 ? "" : output;
  }

  /**
   * Its jobs, by name.
   *
   * @param inputs of the pipeline, as whoever starts it gives them
   * @throws when GitLab would start no pipeline with these inputs
   */
  jobs(inputs: Record<string, string> = {}): Record<string, GitlabJob> {
    const given = Object.entries(inputs).flatMap(([name, value]) => ["--input", `${name}=${value}`]);
    const { stdout } = this.askWell("--preview", ...given);
    const {
      default: defaults,
      stages,
      workflow,
      variables,
      ...jobs
    } = parse(stdout) as Record<string, GitlabJob>;
    return jobs;
  }

  /**
   * The jobs of a pipeline on main, or of a merge request, in which all files changed.
   *
   * @param variables of GitLab, in the place of those of a pipeline on main
   */
  pipeline(
    source: "push" | "merge_request_event" | "schedule" | "web" | "pipeline",
    variables: Record<string, string> = {},
  ): GitlabPipeline {
    const all = { ...variables, CI_PIPELINE_SOURCE: source };
    const { stdout } = this.askWell(
      "--list-csv",
      "--no-evaluate-rule-changes",
      ...Object.entries(all).flatMap(([name, value]) => ["--variable", `${name}=${value}`]),
      ...["--ignore-predefined-vars", Object.keys(all).join(",")],
    );
    const rows = stdout.slice(stdout.indexOf("name;stage;when")).trim().split("\n").slice(1);
    return Object.fromEntries(
      rows.map((row) => row.split(";")).map(([name = "", , when = ""]) => [name, when]),
    );
  }

  private askWell(...args: string[]): { stdout: string } {
    const { status, stdout, output } = this.ask(...args);
    if (status !== 0) throw new Error(output);
    return { stdout };
  }

  private ask(...args: string[]) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        "--import",
        `data:text/javascript,${encodeURIComponent(forNode20)}`,
        cli,
        "--home",
        this.folder,
        ...args,
      ],
      { cwd: this.folder, encoding: "utf8", env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" } },
    );
    return { status, stdout, output: stdout + stderr };
  }
}
