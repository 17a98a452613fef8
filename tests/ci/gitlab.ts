/**
 * Asks `gitlab-ci-local`, which has GitLab's schema, reads components with their inputs, and evaluates rules, about a
 * `.gitlab-ci.yml`.
 */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { exampleFolder } from "./workflow";

const root = path.join(__dirname, "..", "..");
const cli = path.join(root, "node_modules", "gitlab-ci-local", "dist", "index.js");

/** The one thing that it uses of Node 22 and Node 20 has not. */
const forNode20 = "Set.prototype.union ??= function (other) { return new Set([...this, ...other]); }";

const { version } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as {
  version: string;
};

function git(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("git", args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args[0]}: ${stderr}`);
  return stdout.trim();
}

/** Makes a folder a repository with one commit. */
function commitAll(folder: string): string {
  git(folder, "init", "--quiet", "--initial-branch=main");
  git(folder, "add", "--all");
  const author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  git(folder, ...author, "commit", "--quiet", "--message=all");
  return git(folder, "rev-parse", "HEAD");
}

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
  needs?: { job: string; optional?: boolean }[];
  allow_failure?: boolean;
  interruptible?: boolean;
  timeout?: string;
}

/** What the shell of a job runs until the job succeeds or fails. */
export function scriptOf(job: GitlabJob | undefined): string {
  if (job === undefined) throw new Error("There is no such job.");
  return [...(job.before_script ?? []), ...job.script].join("\n");
}

/** An input of a component. */
export interface ComponentInput {
  description?: string;
  default?: string | number | boolean;
  regex?: string;
  type?: string;
}

/** The components, each a file of `templates`. */
export const componentNames = fs
  .readdirSync(path.join(root, "templates"))
  .filter((name) => name.endsWith(".yml"))
  .map((name) => name.replace(/\.yml$/, ""))
  .sort();

export function textOfComponent(name: string): string {
  return fs.readFileSync(path.join(root, "templates", `${name}.yml`), "utf8");
}

export function inputsOf(component: string): Record<string, ComponentInput> {
  const [head = ""] = textOfComponent(component).split("\n---\n");
  return (parse(head) as { spec: { inputs: Record<string, ComponentInput> } }).spec.inputs;
}

/** What would run in a pipeline: the name of each job, with `manual` or `on_success`. */
export type GitlabPipeline = Record<string, string>;

/** The pipeline of the example, by the paths of its files. */
export function exampleFiles(): Record<string, string> {
  const names = fs.readdirSync(path.join(exampleFolder, ".gitlab")).map((name) => `.gitlab/${name}`);
  const read = (name: string) => [name, fs.readFileSync(path.join(exampleFolder, name), "utf8")];
  return Object.fromEntries([".gitlab-ci.yml", ...names].map(read)) as Record<string, string>;
}

/** A repository with the files of a pipeline, and the project of the components, which is this checkout at its version. */
export class GitlabRepository {
  private readonly base = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-gitlab-"));
  private readonly folder = path.join(this.base, "shop");
  private readonly components = path.join(this.base, "components");
  /** Commit of the components. */
  readonly commit: string;

  /** @param files of the pipeline by their paths; a text alone is its `.gitlab-ci.yml` */
  constructor(files: string | Readonly<Record<string, string>>) {
    for (const each of ["templates", "actions/generated"])
      fs.cpSync(path.join(root, each), path.join(this.components, each), { recursive: true });
    this.commit = commitAll(this.components);
    git(this.components, "tag", `v${version}`);
    const own = typeof files === "string" ? { ".gitlab-ci.yml": files } : files;
    for (const [name, text] of Object.entries(own)) {
      fs.mkdirSync(path.dirname(path.join(this.folder, name)), { recursive: true });
      fs.writeFileSync(path.join(this.folder, name), text);
    }
    commitAll(this.folder);
    git(this.folder, "remote", "add", "origin", "https://gitlab.example.com/acme/shop.git");
    git(this.folder, "update-ref", "refs/remotes/origin/main", "HEAD");
    git(this.folder, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main");
    this.keepComponents();
  }

  /**
   * Copies the components to where gitlab-ci-local keeps what it fetched. It fetches those of one pipeline at once, and
   * each copies all files of the project to the same place: now and then one meets a file of the other, and fails.
   */
  private keepComponents(): void {
    const kept = path.join(
      this.folder,
      ".gitlab-ci-local/includes/gitlab.example.com/pulumi-dokploy/pulumi-dokploy",
    );
    for (const reference of [`v${version}`, this.commit])
      fs.cpSync(path.join(this.components, "templates"), path.join(kept, reference, "templates"), {
        recursive: true,
      });
  }

  /** What a job has, and by which git finds the components, in the place of GitLab and GitHub. */
  environment(): Record<string, string> {
    const hosts = ["https://gitlab.example.com", "https://gitlab.example.com:443", "https://github.com"];
    const entries = hosts.map((host, index) => ({
      [`GIT_CONFIG_KEY_${index}`]: `url.file://${this.components}.insteadOf`,
      [`GIT_CONFIG_VALUE_${index}`]: `${host}/pulumi-dokploy/pulumi-dokploy.git`,
    }));
    const job = { CI_JOB_URL: "https://gitlab.example.com/acme/shop/-/jobs/1" };
    return Object.assign({ GITLAB_CI: "true", ...job, GIT_CONFIG_COUNT: String(hosts.length) }, ...entries);
  }

  remove(): void {
    fs.rmSync(this.base, { recursive: true, force: true });
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
   * The jobs of a pipeline on main, or of a merge request.
   *
   * @param variables of GitLab, in the place of those of this pipeline
   * @param changed false for one in which no file changed; otherwise all did
   */
  pipeline(
    source: "push" | "merge_request_event" | "schedule" | "web" | "pipeline",
    variables: Record<string, string> = {},
    changed = true,
  ): GitlabPipeline {
    // A pipeline of a merge request has no branch.
    const branch = source === "merge_request_event" ? { CI_COMMIT_BRANCH: "" } : {};
    const all = { ...branch, ...variables, CI_PIPELINE_SOURCE: source };
    const { stdout } = this.askWell(
      "--list-csv",
      ...(changed ? ["--no-evaluate-rule-changes"] : []),
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
      {
        cwd: this.folder,
        encoding: "utf8",
        env: { ...process.env, ...this.environment(), NO_COLOR: "1", FORCE_COLOR: "0" },
      },
    );
    return { status, stdout, output: stdout + stderr };
  }
}
