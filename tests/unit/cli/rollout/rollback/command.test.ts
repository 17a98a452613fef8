import * as assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { runRollback } from "../../../../../cli/rollout";
import { connectToStack, type RunGit, type RunPulumi, runGit } from "../../../../../cli/stack";
import { type Emulator, startEmulator } from "../../../../../emulator";
import { UserError } from "../../../../../provider/errors";
import { EnvFolder } from "../../../sdk/env-files/env-folder";
import { byHand } from "../../by-hand";

interface Row {
  readonly image?: string;
  readonly commit?: string;
  readonly doubt?: string;
  readonly why?: string;
  readonly back?: {
    readonly image?: { readonly before?: string; readonly after: string };
    readonly notes: string[];
  };
}

/** Git for a person, since a machine need not have one. */
const gitAs: RunGit = (args, ...rest) =>
  runGit(["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], ...rest);

describe("rollback", function () {
  this.timeout(60_000);
  let folder: EnvFolder;
  let emulator: Emulator;
  let environmentId: string;
  let resources: object[];
  let history: object[];
  let commit: string;

  before(async () => {
    emulator = await startEmulator({ buildMs: 5 });
    const made = await call<{ environment: { environmentId: string } }>("project.create", { name: "shop" });
    environmentId = made.environment.environmentId;
  });
  after(() => emulator.close());
  beforeEach(async () => {
    folder = new EnvFolder();
    resources = [];
    history = [];
    folder.write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    folder.write("Pulumi.prod.yaml", "config:\n  dokploy:imageTags: { api: '1', cache: '7' }\n");
    await git("init", "-q", "-b", "main");
    commit = await committed("First");
  });
  afterEach(() => folder.remove());

  async function git(...args: readonly string[]): Promise<string> {
    const ended = await gitAs(args);
    assert.equal(ended?.code, 0, ended?.stderr);
    return ended?.stdout.trim() ?? "";
  }

  async function committed(subject: string): Promise<string> {
    await git("add", "-A");
    await git("commit", "-q", "-m", subject);
    return await git("rev-parse", "HEAD");
  }

  const call = <T>(...given: [endpoint: string, input: Record<string, unknown>, method?: string]) =>
    byHand<T>(emulator, ...given);

  function declare(kind: string, name: string, id: string, inputs: object): void {
    const type = `pulumi-nodejs:dynamic/dokploy:${kind}`;
    resources = [{ urn: `urn:pulumi:prod::shop::${type}::${name}`, type, id, inputs }];
  }

  async function deploy(
    id: string,
    image: string,
    description: string,
    title = "Pulumi shop/prod",
  ): Promise<void> {
    await deployed(id, image, description, title);
    const [, commit = ""] = /^commit (\w+)$/.exec(description) ?? [];
    if (commit !== "") updated(commit);
  }

  /** Deploys as anybody may do it. */
  async function deployed(id: string, image: string, description: string, title: string): Promise<void> {
    await call("application.update", { applicationId: id, sourceType: "docker", dockerImage: image });
    await call("application.deploy", { applicationId: id, title, description });
    await settled("all", { applicationId: id });
    declare("Application", "api", id, { source: { type: "docker", image } });
  }

  /** Adds a `pulumi up` of a commit to the history of the stack. */
  function updated(commit: string): void {
    const now = Math.floor(Date.now() / 1000) * 1000;
    history.unshift({
      ...{ kind: "update", result: "succeeded", environment: { "git.head": commit } },
      ...{ startTime: new Date(now - 1000).toISOString(), endTime: new Date(now).toISOString() },
    });
  }

  async function settled(endpoint: "all" | "allByCompose", input: Record<string, string>): Promise<void> {
    for (;;) {
      const records = await call<{ status: string }[]>(`deployment.${endpoint}`, input, "GET");
      const queue = await call<unknown[]>("deployment.queueList", {}, "GET");
      if (queue.length === 0 && records.length > 0 && records.every(({ status }) => status !== "running"))
        return;
    }
  }

  async function application(): Promise<string> {
    const made = await call<{ applicationId: string }>("application.create", { name: "api", environmentId });
    return made.applicationId;
  }

  async function run(...args: string[]): Promise<string> {
    const pulumi: RunPulumi = async ([group, name]) => {
      if (group !== "stack") return { code: 0, stdout: "{}", stderr: "" };
      const value = name === "history" ? history : { version: 3, deployment: { resources } };
      return { code: 0, stdout: JSON.stringify(value), stderr: "" };
    };
    const server = { DOKPLOY_URL: emulator.url, DOKPLOY_API_KEY: emulator.apiKey };
    const before = emulator.calls.length;
    const output = await runRollback([...args, "--stage", "prod"], {
      ...{ git: gitAs, pulumi, progress: () => {} },
      connect: (stack) => connectToStack(stack, server),
    });
    assert.doesNotMatch(output, /canary/);
    assert.deepEqual(
      emulator.calls.slice(before).filter(({ method }) => method !== "GET"),
      [],
    );
    return output;
  }

  async function rows(name = "api", ...args: string[]): Promise<Row[]> {
    return (JSON.parse(await run(name, "--json", ...args)) as { deployments: Row[] }).deployments;
  }

  async function refusal(...args: string[]): Promise<string> {
    const error = await run(...args).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof UserError, String(error));
    assert.doesNotMatch(error.message, /canary/);
    return error.message;
  }

  it("goes back to no commit that only a description on the server names", async () => {
    const id = await application();
    folder.write("envs/prod/api.yaml", "TOKEN: of-long-ago\n");
    const old = await committed("Old");
    folder.write("envs/prod/api.yaml", "TOKEN: of-today\n");
    const now = await committed("Now");
    await deploy(id, "acme/api:1", `commit ${now}`);
    // A member deploys, and says what `pulumi up` would say.
    await deployed(id, "acme/evil:1", `commit ${old}`, "Pulumi shop/prod");
    const [theirs] = await rows();
    assert.match(
      theirs?.why ?? "",
      /^it says that this stack made it, but the history of the stack has no pulumi up/,
    );
    assert.equal(theirs?.commit, undefined);
    await run("api", "--previous");
    const texts = ["envs/prod/api.yaml", "Pulumi.prod.yaml"].map((file) => readFileSync(file, "utf8")).join();
    assert.doesNotMatch(texts, /evil|long-ago/);
  });

  it("goes back in a program without a deployment repository, by the tag that it reads", async () => {
    const id = await application();
    await deploy(id, "acme/api:1", `commit ${commit}`);
    folder.write("Pulumi.prod.yaml", "config:\n  dokploy:imageTags: { api: '2' }\n");
    await deploy(id, "acme/api:2", `commit ${await committed("Second")}`);
    const [, older] = await rows();
    assert.match(older?.back?.image?.after ?? "", /^1@sha256:[0-9a-f]{64}$/);
    assert.match(older?.back?.notes[0] ?? "", /^envs has no variables of api: those in the program stay$/);
    assert.match(await run("api", "--previous"), /^ {2}image 2 → 1 \(sha256:.*in Pulumi\.prod\.yaml$/m);
    assert.match(await git("diff", "-U0"), /^\+ {2}dokploy:imageTags: \{ api: '1@sha256:[0-9a-f]{64}' \}$/m);
  });

  it("goes back together with the services that have the image too, and says so", async () => {
    folder.write("services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:${IMAGE_TAG}\n");
    folder.write("services/worker/dokploy-app.yaml", "kind: application\nimageOf: api\n");
    const id = await application();
    const runWorker = async (tag: string) => {
      folder.write("Pulumi.prod.yaml", `config:\n  dokploy:imageTags: { api: '${tag}' }\n`);
      await deploy(id, `acme/api:${tag}`, `commit ${await committed(tag)}`);
      declare("Application", "worker", id, { source: { type: "docker", image: `acme/api:${tag}` } });
    };
    await runWorker("2");
    await runWorker("3");
    const [, older] = await rows("worker");
    assert.match(older?.back?.image?.after ?? "", /^2@sha256:/);
    const note = "api and worker have this image, so all of them go back; the variables of the others stay";
    assert.equal(older?.back?.notes[0], note);
    assert.match(await run("worker", "--previous"), new RegExp(`^ {2}note: ${note}$`, "m"));
    assert.match(await git("diff", "-U0"), /^\+ {2}dokploy:imageTags: \{ api: '2@sha256:[0-9a-f]{64}' \}$/m);

    await git("checkout", "-q", ".");
    folder.write("services/worker/dokploy-app.yaml", "kind: application\nimageOf: web\n");
    const other = await committed("Of another one");
    await deploy(id, "acme/api:4", `commit ${other}`);
    declare("Application", "worker", id, { source: { type: "docker", image: "acme/api:4" } });
    folder.write("services/worker/dokploy-app.yaml", "kind: application\nimageOf: api\n");
    assert.equal((await rows("worker"))[0]?.why, "it had the image of web then: change imageOf by hand");
  });

  it("goes back over a rename, of the service and of those that its files name", async () => {
    const folders: Readonly<Record<string, string>> = { api: "web", worker: "jobs", db: "store" };
    const write = (nameOf: (name: string) => string, tag: string, level: string) => {
      const former = (name: string) => (nameOf(name) === name ? `formerNames: [${folders[name]}]\n` : "");
      const app = (name: string, more: string) =>
        folder.write(`services/${nameOf(name)}/dokploy-app.yaml`, `kind: ${more}\n${former(name)}`);
      app("api", "application\nimage: acme/api:${IMAGE_TAG}");
      app("worker", `application\nimageOf: ${nameOf("api")}`);
      app("db", "redis");
      const url = (database: string) => `redis://${nameOf("db")}:6379/${database}`;
      folder.write(`envs/base/${nameOf("worker")}.yaml`, `BASE: !ref ${url("1")}\n`);
      const host = level === "info" ? `HOST: !ref ${nameOf("db")}\n` : "";
      const own = `LEVEL: ${level}\nCACHE: !ref ${url(tag)}\n${host}`;
      folder.write(`envs/prod/${nameOf("worker")}.yaml`, own);
      folder.write("Pulumi.prod.yaml", `config:\n  dokploy:imageTags: { ${nameOf("api")}: '${tag}' }\n`);
    };
    const id = await application();
    const running = (tag: string) =>
      declare("Application", "worker", id, { source: { type: "docker", image: `acme/api:${tag}` } });
    write((name) => folders[name] ?? name, "2", "info");
    await deploy(id, "acme/api:2", `commit ${await committed("Before")}`);
    for (const name of Object.values(folders))
      for (const path of [`services/${name}`, `envs/base/${name}.yaml`, `envs/prod/${name}.yaml`])
        rmSync(path, { recursive: true, force: true });
    write((name) => name, "3", "debug");
    const then = await git("rev-parse", "--short=9", "HEAD");
    await deploy(id, "acme/api:3", `commit ${await committed("Renamed")}`);
    running("3");
    const [, older] = await rows("worker");
    assert.equal(older?.why, undefined);
    assert.ok(
      older?.back?.notes.includes(
        `other changes stay: git diff ${then} HEAD -- services/jobs/dokploy-app.yaml services/worker/dokploy-app.yaml`,
      ),
    );
    await run("worker", "--previous");
    assert.deepEqual((await git("diff", "--name-only")).split("\n"), [
      "Pulumi.prod.yaml",
      "envs/prod/worker.yaml",
    ]);
    const own = "LEVEL: info\nCACHE: !ref redis://db:6379/2\nHOST: !ref db\n";
    assert.equal(readFileSync("envs/prod/worker.yaml", "utf8"), own);
    assert.match(await git("diff", "-U0"), /^\+ {2}dokploy:imageTags: \{ api: '2@sha256:[0-9a-f]{64}' \}$/m);
    await git("checkout", "-q", ".");
    const wrong = "formerNames: [../worker, 'x\\nHEAD:Pulumi.yaml', -x]\n".replaceAll("'", '"');
    folder.write("services/worker/dokploy-app.yaml", `kind: application\nimageOf: api\n${wrong}`);
    assert.match(
      (await rows("worker"))[1]?.why ?? "",
      /^its commit has no variables of it in envs: .* write it into formerNames/,
    );
  });

  it("says that the release command runs in the earlier image, and only where the image goes back", async () => {
    const id = await application();
    const notes = async () => {
      const [source] = resources as { inputs: object }[];
      declare("Application", "api", id, { ...source?.inputs, release: "npm run migrate" });
      return (await rows()).map(({ back }) =>
        back?.notes.some((note) => note.startsWith("its release command runs in the earlier image")),
      );
    };
    await deploy(id, "acme/api:1", `commit ${commit}`);
    folder.write("Pulumi.prod.yaml", "config:\n  dokploy:imageTags: { api: '2' }\n");
    await deploy(id, "acme/api:2", `commit ${await committed("Second")}`);
    assert.deepEqual(await notes(), [false, true]);
  });

  it("says where the tag that ran was not that of the configuration", async () => {
    const id = await application();
    await deploy(id, "acme/api:9", `commit ${commit}`);
    const notes = (await rows())[0]?.back?.notes ?? [];
    assert.ok(
      notes.some((note) =>
        /^its tag was not that of the configuration: leave DOKPLOY_IMAGE_TAG out/.test(note),
      ),
    );
    await deploy(id, "acme/api:1", `commit ${commit}`);
    assert.ok(!(await rows())[0]?.back?.notes.some((note) => note.includes("DOKPLOY_IMAGE_TAG")));
  });

  it("has no way back to an image for which the files have no place", async () => {
    const id = await application();
    folder.write("Pulumi.prod.yaml", "config: {}\n");
    await deploy(id, "acme/api:1", `commit ${await committed("No tag")}`);
    await deploy(id, "acme/api:2", `commit ${commit}`);
    assert.match(
      (await rows())[1]?.why ?? "",
      /^its image was acme\/api:1@\S+, and Pulumi\.prod\.yaml has no tag for it/,
    );
  });

  it("names files that stay otherwise, but none that going back makes as it was", async () => {
    const id = await application();
    const app = (tag: string, more = "") =>
      folder.write(
        "services/api/dokploy-app.yaml",
        `kind: application\nstages:\n  prod:\n    image: "acme/api:${tag}"\n${more}`,
      );
    const pinned = `1@sha256:${"a".repeat(64)}`;
    app(pinned);
    const then = await committed("One");
    await deploy(id, `acme/api:${pinned}`, `commit ${then}`);
    const notes = async () => (await rows())[0]?.back?.notes;
    app("2");
    await committed("Two");
    assert.ok(!(await notes())?.some((note) => note.startsWith("other changes stay")));
    app("2", "replicas: 2\n");
    folder.write("services/api/other.txt", "x");
    await committed("Three");
    assert.ok(
      (await notes())?.includes(
        `other changes stay: git diff ${then.slice(0, 9)} HEAD -- services/api/dokploy-app.yaml services/api/other.txt`,
      ),
    );
  });

  it("says that nothing older differs", async () => {
    const id = await application();
    await deploy(id, "acme/api:1", `commit ${commit}`);
    assert.match(await refusal("api", "--previous"), /^No earlier deployment is known that worked/);
    assert.match(await run("api", "--to", "1"), /\nNothing to do: the files have its image/);
  });

  it("has no way back to what others deployed, and shows no title of theirs", async () => {
    const id = await application();
    await deploy(id, "acme/api:1", "canary", "canary\u001b[2J");
    await deploy(id, "acme/api:1", "Commit: 0123456789", "Pulumi shop/other");
    const around = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    const environment = { "git.head": commit };
    history = [
      { kind: "update", startTime: around(-5), endTime: around(5), environment, result: "succeeded" },
    ];
    const found = await rows();
    assert.equal(found.length, 2);
    for (const { why } of found)
      assert.match(why ?? "", /nobody knows its variables; its image was acme\/api:1@/);
    assert.match(
      await refusal("api", "--to", "2"),
      /^api cannot go back to the deployment \S+ of .*: no known pulumi up/,
    );
  });

  it("works in a project below the top of the repository", async () => {
    const id = await application();
    folder.write("infra/Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    folder.write("infra/Pulumi.prod.yaml", "config:\n  dokploy:imageTags: { api: '1' }\n");
    folder.write("infra/envs/prod/api.yaml", "A: x\n");
    await deploy(id, "acme/api:1", `commit ${await committed("One")}`);
    folder.write("infra/envs/prod/api.yaml", "A: y\n");
    await committed("Two");
    process.chdir("infra");
    assert.match(await run("api", "--to", "1"), /^ {2}variables A changed$/m);
    process.chdir("..");
    assert.equal(await git("diff", "--name-only"), "infra/envs/prod/api.yaml");
    assert.equal(readFileSync("infra/envs/prod/api.yaml", "utf8"), "A: x\n");
  });

  it("refuses a service that the stack does not have, or has twice", async () => {
    const id = await application();
    assert.match(await refusal("api"), /^Stack prod has nothing yet, so there is nothing to go back to/);
    declare("Application", "api", id, { source: { type: "docker", image: "acme/api:1" } });
    assert.equal(await refusal("web"), "Stack prod has no service web; it has api.");
    resources = [...resources, ...resources];
    assert.match(await refusal("api"), /^Stack prod has 2 services with the name api; rename one\.$/);
  });

  it("takes the service, although a database or a block of variables has its name", async () => {
    const id = await application();
    await deploy(id, "acme/api:1", `commit ${commit}`);
    const service = resources;
    for (const kind of ["EnvironmentBlock", "Postgres"]) {
      declare(kind, "api", "x", {});
      resources = [...resources, ...service];
      assert.equal((await rows()).length, 1, kind);
    }
  });

  it("says that a clone with the latest commits alone lacks one", async () => {
    const id = await application();
    await deploy(id, "acme/api:1", `commit ${commit}`);
    folder.write("x", "1");
    await committed("Third");
    await git("clone", "-q", "--depth", "1", `file://${folder.path}`, "shallow");
    process.chdir("shallow");
    assert.match(
      (await rows())[0]?.why ?? "",
      new RegExp(
        `^its commit ${commit.slice(0, 9)} is not here; this clone has only the latest commits: git fetch --unshallow`,
      ),
    );
    process.chdir("..");
  });

  it("finds the commit in the history of the stack, and refuses one with uncommitted changes", async () => {
    const id = await application();
    const startTime = new Date().toISOString();
    await deploy(id, "acme/api:1", "Changed LOG_LEVEL");
    const environment = { "git.head": commit, "git.author": "Ada", "git.dirty": "true" };
    const update = { kind: "update", startTime, endTime: new Date().toISOString(), environment };
    history = [{ ...update, result: "succeeded" }];
    const [dirty] = await rows();
    assert.match(dirty?.why ?? "", /uncommitted changes, which nobody knows.*--uncommitted/);
    assert.equal(dirty?.commit, commit);
    assert.equal((await rows("api", "--uncommitted"))[0]?.why, undefined);
    history = [{ ...update, result: "failed" }];
    assert.match((await rows())[0]?.doubt ?? "", /its pulumi up failed|its container|no container/);
  });

  it("warns where Swarm went back, although Dokploy says done", async () => {
    const id = await application();
    await deploy(id, "acme/back:1", `commit ${commit}`);
    emulator.setContainers(id, { kind: "rolled-back" });
    await deploy(id, "acme/back:2", `commit ${commit}`);
    const deadline = Date.now() + 20_000;
    for (;;) {
      const [newest] = await rows();
      if (/Swarm went back|the state has .*back:2, and .*back:1 runs/.test(newest?.doubt ?? "")) break;
      assert.ok(Date.now() < deadline, newest?.doubt);
    }
    assert.match(await run("api"), /^ {6}warning: /m);
  });

  it("refuses databases and services that are built from source, and says what to do", async () => {
    declare("Postgres", "db", "x", {});
    assert.match(await refusal("db"), /only applications and compose services can go back.*restore a backup/);
    const id = await application();
    await deploy(id, "acme/api:1", "Commit: 0123456789abcdef");
    declare("Application", "api", id, { source: { type: "github", branch: "main" } });
    assert.match(
      await refusal("api"),
      /built from source \(github\).*its deployments were built from 012345678, newest first\. Revert the bad commit there/,
    );
  });

  it("says which commit is not in this clone, and which file of it cannot be read", async () => {
    const id = await application();
    folder.write("envs/prod/api.yaml", "A: x\n");
    await committed("Variables");
    await deploy(id, "acme/api:1", `commit ${"a".repeat(40)}`);
    folder.write("envs/prod/api.yaml", "A: [canary]\n");
    const broken = await committed("Broken");
    folder.write("envs/prod/api.yaml", "A: x\n");
    await committed("Mended");
    await deploy(id, "acme/api:1", `commit ${broken}`);
    const [unread, gone] = await rows();
    assert.match(unread?.why ?? "", new RegExp(`^at commit ${broken.slice(0, 9)}, envs/prod/api\\.yaml:1:`));
    assert.match(gone?.why ?? "", /^its commit aaaaaaaaa is not here; run git fetch/);
  });

  it("refuses a commit that is not in the history of the branch, although a row on the server names it", async () => {
    const id = await application();
    await git("checkout", "-q", "-b", "never-merged");
    folder.write("envs/prod/api.yaml", "A: of nobody\n");
    const unmerged = await committed("Never merged");
    await deploy(id, "acme/api:1", `commit ${unmerged}`);
    assert.equal((await rows())[0]?.why, undefined);
    await git("checkout", "-q", "main");
    const why = `^its commit ${unmerged.slice(0, 9)} is not in the history of this branch, so nobody may have agreed to its values: check out the branch`;
    assert.match((await rows())[0]?.why ?? "", new RegExp(why));
    assert.match(
      await refusal("api", "--to", "1"),
      /^api cannot go back .* is not in the history of this branch/,
    );
    assert.match(await refusal("api", "--previous"), /^No earlier deployment is known/);
    await git("merge", "-q", "--no-ff", "-m", "Merged", "never-merged");
    assert.equal((await rows())[0]?.why, undefined);
  });

  it("takes a commit as it was merged, although somebody pushed another one to replace it, or gave one a name like its hash", async () => {
    const id = await application();
    folder.write("envs/prod/api.yaml", "A: agreed\n");
    const merged = await committed("Merged");
    await git("checkout", "-q", "-b", "never-merged");
    folder.write("envs/prod/api.yaml", "A: of nobody\n");
    const unmerged = await committed("Never merged");
    await git("checkout", "-q", "main");
    folder.write("envs/prod/api.yaml", "A: now\n");
    await committed("Now");
    await git("replace", merged, unmerged);
    await deploy(id, "acme/api:1", `commit ${merged}`);
    await run("api", "--to", "1");
    assert.equal(readFileSync("envs/prod/api.yaml", "utf8"), "A: agreed\n");
    await git("branch", merged.slice(0, 8), unmerged);
    await deploy(id, "acme/api:2", `commit ${merged.slice(0, 8)}`);
    assert.match((await rows())[0]?.why ?? "", /is not in the history of this branch/);
  });

  it("creates files that are gone, keeps edits that are not committed, and commits nothing", async () => {
    const id = await application();
    folder.write("envs/prod/api.yaml", "A: x\n");
    await deploy(id, "acme/api:1", `commit ${await committed("Variables")}`);
    await git("rm", "-q", "-r", "envs");
    await committed("Gone");
    folder.write("envs/base/api.yaml", "B: y\n");
    const head = await committed("Elsewhere");
    assert.match(await run("api", "--to", "1"), /^ {2}variables A added$/m);
    assert.equal(readFileSync("envs/prod/api.yaml", "utf8"), "A: x\n");
    folder.write("envs/prod/api.yaml", "# why\nA: z\n");
    await run("api", "--to", "1");
    assert.equal(readFileSync("envs/prod/api.yaml", "utf8"), "# why\nA: x\n");
    assert.equal((await git("rev-parse", "HEAD")).trim(), head);
  });

  it("leaves a secret that the dokploy-app.yaml of another service reads as it is", async () => {
    const sealed = (value: string) =>
      `encryptionsalt: v1:abc\nconfig:\n  dokploy:imageTags: { api: '1' }\n  shop:token:\n    secure: ${value}\n`;
    const id = await application();
    folder.write("Pulumi.prod.yaml", sealed("v1:one"));
    folder.write("envs/prod/api.yaml", "TOKEN: !secret token\n");
    folder.write("services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:${IMAGE_TAG}\n");
    const web = (value: string) =>
      folder.write(
        "services/web/dokploy-app.yaml",
        `kind: application\nimage: acme/web:1\nlabels: { a: ${value}, token: x }\n`,
      );
    web("token");
    await deploy(id, "acme/api:1", `commit ${await committed("One")}`);
    folder.write("Pulumi.prod.yaml", sealed("v1:two"));
    await committed("Two");
    const secrets = async () => {
      const [row] = (await rows()) as { back?: { secrets?: string[]; notes: string[] } }[];
      return [row?.back?.secrets, row?.back?.notes.find((note) => note.includes("token"))];
    };
    assert.deepEqual(await secrets(), [["shop:token"], undefined]);
    web("!secret token");
    assert.deepEqual(await secrets(), [[], "the secret shop:token stays as it is: web reads it too"]);
  });

  it("says of a deployment before the first commit that this stack made it", async () => {
    const id = await application();
    const startTime = new Date().toISOString();
    await deploy(id, "acme/api:1", "Changed LOG_LEVEL");
    assert.match(
      (await rows())[0]?.why ?? "",
      /^it says that this stack made it, but the history .* has no pulumi up of that time and commit, so/,
    );
    history = [
      { kind: "update", startTime, endTime: new Date().toISOString(), environment: {}, result: "succeeded" },
    ];
    assert.match(
      (await rows())[0]?.why ?? "",
      /^a pulumi up of this stack made it before the repository had a commit, or outside of a repository, so nobody knows/,
    );
  });

  it("says that a failed update left what differs from the state, and blames nobody else", async () => {
    const id = await application();
    const startTime = new Date().toISOString();
    await deploy(id, "acme/api:2", `commit ${commit}`);
    declare("Application", "api", id, { source: { type: "docker", image: "acme/api:1" } });
    const difference = "the state has acme/api:1, but Dokploy has acme/api:2";
    const update = {
      kind: "update",
      startTime,
      endTime: new Date().toISOString(),
      environment: { "git.head": commit },
    };
    const doubtAfter = async (...results: string[]) => {
      history = results.map((result) => ({ ...update, result }));
      return (await rows())[0]?.doubt;
    };
    assert.equal(await doubtAfter("failed"), `its pulumi up failed, and left it so: ${difference}`);
    assert.equal(await doubtAfter("succeeded"), `somebody changed it in Dokploy: ${difference}`);
    const [later] = [new Date(Date.parse(startTime) + 3_600_000).toISOString()];
    history = [
      { ...update, startTime: later, endTime: later, result: "failed" },
      { ...update, result: "succeeded" },
    ];
    assert.equal(
      (await rows())[0]?.doubt,
      `a pulumi up runs, or failed and left it so, or somebody changed it in Dokploy: ${difference}`,
    );
  });

  it("goes back with a compose service by the tag of the configuration at its commit, and calls it a guess", async () => {
    const file = "services:\n  cache:\n    image: acme/cache:${IMAGE_TAG}\n";
    folder.write("services/cache/dokploy-app.yaml", "kind: compose\n");
    folder.write("services/cache/compose.yaml", file);
    folder.write("envs/prod/cache.yaml", "A: '1'\n");
    const then = await committed("Cache");
    const { composeId } = await call<{ composeId: string }>("compose.create", {
      ...{ name: "cache", environmentId, composeType: "docker-compose", composeFile: file },
    });
    // The configuration at the commit says 7, and DOKPLOY_IMAGE_TAG gave this run 6.
    await call("compose.update", { composeId, sourceType: "raw", composeFile: file, env: "IMAGE_TAG=6\n" });
    await call("compose.deploy", { composeId, title: "Pulumi shop/prod", description: `commit ${then}` });
    await settled("allByCompose", { composeId });
    updated(then);
    folder.write("Pulumi.prod.yaml", "config:\n  dokploy:imageTags: { cache: '8' }\n");
    folder.write("services/cache/compose.yaml", `${file}# changed\n`);
    await committed("Next");
    declare("Compose", "cache", composeId, {
      source: { type: "raw", composeFile: file },
      env: { IMAGE_TAG: "6" },
    });
    const guess =
      "its tag 7 is a guess: the configuration at its commit has it, but a run with DOKPLOY_IMAGE_TAG may have had another one";
    const [row] = await rows("cache");
    assert.deepEqual(row?.back?.image, { file: "Pulumi.prod.yaml", before: "8", after: "7" });
    assert.deepEqual(row?.back?.notes, [
      `other changes stay: git diff ${then.slice(0, 9)} HEAD -- services/cache/compose.yaml`,
      guess,
    ]);
    assert.ok((await run("cache")).includes(`      note: ${guess}\n`));
    assert.ok((await run("cache", "--to", "1")).includes(`  note: ${guess}\n`));
    folder.write("Pulumi.prod.yaml", "config:\n  dokploy:imageTags: { cache: '7' }\n");
    await committed("As the configuration at the commit");
    const [same] = await rows("cache");
    assert.equal(same?.back?.image, undefined);
    assert.ok(same?.back?.notes.includes(guess));
  });
});
