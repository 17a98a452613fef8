import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { GithubHost } from "../ci/github-host";
import { exampleFolder } from "../ci/workflow";
import { Story } from "./story";

const repository = path.join(__dirname, "..", "..");
const passphrase = "pulumi-dokploy";

interface Project {
  name: string;
  environments: { applications: Service[]; compose: Service[] }[];
}
interface Service {
  name: string;
  applicationId?: string;
  composeId?: string;
  dockerImage?: string | null;
}

/** What jobs of CI work with: the example as a repository, stacks for test and prod, and a machine of CI. */
export class RecipeStory {
  private begun: Story | undefined;
  /** The repository that jobs check out. */
  origin = "";
  /** GitHub, with the comments of the pull request. */
  readonly github = new GithubHost();
  private jobs = 0;

  constructor() {
    before(function () {
      // The jobs run on Linux, with bash and links to files.
      if (process.platform === "win32") this.skip();
    });
    beforeEach(() => this.begin());
    before(() => this.github.start());
    after(() => this.github.close());
    beforeEach(() => {
      this.github.comments = [];
    });
    afterEach(() => this.begun?.end());
  }

  get story(): Story {
    return this.begun ?? assert.fail("the test has not begun");
  }

  private async begin(): Promise<void> {
    this.begun = await Story.begin();
    const folder = path.dirname(this.story.workspace.dir);
    this.origin = path.join(folder, "origin");
    fs.cpSync(exampleFolder, this.origin, { recursive: true });
    fs.writeFileSync(path.join(this.origin, "package.json"), JSON.stringify({ private: true }));
    installIn(this.origin);
    for (const stage of ["test", "prod"]) {
      await this.story.succeeds("-C", this.origin, "stack", "init", stage);
      const secrets = [
        "--secret",
        `apiToken=canary-token-${stage}`,
        "--secret",
        `cachePassword=canary-word-${stage}`,
      ];
      // Containers are watched for 10 s otherwise.
      const settings = ["--plaintext", "dokploy:waitFor=deployed"];
      await this.story.succeeds(
        "-C",
        this.origin,
        "config",
        "set-all",
        "--stack",
        stage,
        ...secrets,
        ...settings,
      );
    }
    git(this.origin, "init", "--quiet", "--initial-branch=main");
    this.commit("The shop");
    writeTools(path.join(folder, "tools"), this.origin);
  }

  /** A folder beside the workspace. */
  folderOf(name: string): string {
    return path.join(path.dirname(this.story.workspace.dir), name);
  }

  /** A number for the next job or workflow. */
  next(): number {
    this.jobs += 1;
    return this.jobs;
  }

  /** What a machine of CI has before any job: tools, and nobody's settings. */
  machine(): NodeJS.ProcessEnv {
    const { PATH, ...env } = this.story.workspace.env;
    const kept = Object.entries(env).filter(
      ([name]) => !/^(DOKPLOY_|PULUMI_(BACKEND|CONFIG|STACK|SKIP_CONF)|GITHUB_|GITLAB_|CI_?)/.test(name),
    );
    return { ...Object.fromEntries(kept), PATH: `${this.folderOf("tools")}${path.delimiter}${PATH}` };
  }

  /** What each environment holds; others, and jobs without one, have nothing. */
  settingsOf(environment: string | undefined): Record<string, string> | undefined {
    const key = { DOKPLOY_PLAN_KEY: "canary-key-of-fingerprints" };
    if (environment === "prod/fingerprint") return key;
    if (!/^(?:test|prod)(?:[-/]plan)?$/.test(environment ?? "")) return undefined;
    return {
      ...key,
      PULUMI_BACKEND_URL: this.story.workspace.env["PULUMI_BACKEND_URL"] ?? "",
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      DOKPLOY_URL: this.story.emulator.url,
      DOKPLOY_API_KEY: this.story.emulator.apiKey,
    };
  }

  /** Commits what was edited, as a merge does. */
  private commit(message: string): void {
    git(this.origin, "add", "--all");
    const author = ["-c", "user.name=somebody", "-c", "user.email=somebody@acme.example"];
    git(this.origin, ...author, "commit", "--quiet", "--allow-empty", `--message=${message}`);
  }

  /** Writes the files of the newest commit, as actions/checkout and GitLab's runner do. */
  checkOut(workspace: string, inputs: Record<string, string> = {}): undefined {
    if (git(this.origin, "status", "--porcelain") !== "") this.commit("A change");
    const { "fetch-depth": depth = "1", path: into = "." } = inputs;
    const options = depth === "0" ? [] : [`--depth=${depth}`];
    const from = inputs["repository"] === undefined ? this.origin : projectIn(this.folderOf("project"));
    git(
      path.dirname(workspace),
      "clone",
      "--quiet",
      ...options,
      `file://${from}`,
      path.resolve(workspace, into),
    );
  }

  /** What Pulumi has noted of the last update of a stage: its commit, and whether there were other changes. */
  async noted(stage: string): Promise<{ head: string | undefined; dirty: string | undefined }> {
    const { stdout } = await this.story.succeeds(
      "-C",
      this.origin,
      "stack",
      "history",
      "--json",
      "--stack",
      stage,
    );
    const [last] = JSON.parse(stdout) as { environment: Record<string, string> }[];
    return { head: last?.environment["git.head"], dirty: last?.environment["git.dirty"] };
  }

  /** The newest commit of the repository. */
  head(): string {
    return git(this.origin, "rev-parse", "HEAD");
  }

  edit(file: string, from: string, to: string): void {
    const full = path.join(this.origin, file);
    const text = fs.readFileSync(full, "utf8");
    assert.ok(text.includes(from), `${file} has no "${from}"`);
    fs.writeFileSync(full, text.replace(from, to));
  }

  async services(stage: string): Promise<Record<string, Service>> {
    const projects = await this.story.byHand<Project[]>("project.all", {});
    const { environments = [] } = projects.find(({ name }) => name === `shop-${stage}`) ?? {};
    const all = environments.flatMap(({ applications, compose }) => [...applications, ...compose]);
    return Object.fromEntries(all.map((service) => [service.name, service]));
  }

  /** The variables in the containers of a service; undefined when none run. */
  async running(stage: string, name: string): Promise<Record<string, string> | undefined> {
    const { applicationId, composeId } = (await this.services(stage))[name] ?? {};
    return this.story.emulator.containerEnv(applicationId ?? composeId ?? "");
  }

  async image(stage: string, name: string): Promise<string | null | undefined> {
    const { applicationId = "" } = (await this.services(stage))[name] ?? {};
    return (await this.story.byHand<Service>("application.one", { applicationId })).dockerImage;
  }

  /** The comment with the plan of a stage. */
  comment(stage: string): string {
    return this.github.comments.find(({ body }) => body.startsWith(`<!-- plan: ${stage} -->`))?.body ?? "";
  }
}

function git(folder: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("git", args, { cwd: folder, encoding: "utf8" });
  assert.equal(status, 0, `git ${args.join(" ")}: ${stderr}`);
  return stdout.trim();
}

/** The actions of this project as a repository. */
function projectIn(folder: string): string {
  if (fs.existsSync(folder)) return folder;
  fs.cpSync(path.join(repository, "actions"), path.join(folder, "actions"), { recursive: true });
  git(folder, "init", "--quiet", "--initial-branch=main");
  git(folder, "add", "--all");
  git(folder, "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "--quiet", "--message=all");
  return folder;
}

/** What `npm ci` gives a repository. */
function installIn(folder: string): void {
  const modules = path.join(folder, "node_modules");
  fs.mkdirSync(path.join(modules, ".bin"), { recursive: true });
  fs.symlinkSync(repository, path.join(modules, "pulumi-dokploy"));
  for (const name of ["@pulumi", "@types", "typescript", "ts-node"]) {
    fs.symlinkSync(path.join(repository, "node_modules", name), path.join(modules, name));
  }
  fs.symlinkSync("../pulumi-dokploy/dist/cli/main.js", path.join(modules, ".bin", "pulumi-dokploy"));
}

/** The command that would reach for the network: `npm ci`. */
function writeTools(folder: string, origin: string): void {
  fs.mkdirSync(folder);
  const write = (name: string, language: string, source: string) => {
    fs.writeFileSync(path.join(folder, name), `#!/usr/bin/env ${language}\n${source}`, { mode: 0o755 });
  };
  const modules = JSON.stringify(path.join(origin, "node_modules"));
  write("npm", "bash", `[ "$1 $2" = "ci --ignore-scripts" ] && cp -R ${modules} .`);
}
