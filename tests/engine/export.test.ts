import * as assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import * as ts from "typescript";
import { startEmulator } from "../../emulator";
import { policyOf } from "../../provider/dokploy/endpoint-policy";
import type { Endpoint } from "../../provider/dokploy/endpoints";
import { Example } from "./example";
import { Story } from "./story";

const command = path.join(__dirname, "..", "..", "dist", "cli", "main.js");
const execute = promisify(execFile);

/** Secrets of the example; none of them may be in clear anywhere. */
const secrets: Readonly<Record<string, string>> = {
  registryPassword: "canary-registry",
  staffPassword: "canary-staff",
  searchKey: "canary-search",
  s3AccessKey: "canary-s3-id",
  s3SecretKey: "canary-s3-secret",
  slackWebhook: "https://hooks.example.com/canary-slack",
};

describe("pulumi-dokploy export of a whole server", function () {
  this.timeout(300_000);
  let story: Story;
  let printed = "";
  const folderOf = (name: string) => path.join(story.workspace.dir, name);

  before(async () => {
    story = await Story.begin({ stack: "test", buildMs: 300 });
    const example = new Example(story, "examples/whole-server");
    await example.pulumi("stack init test");
    const given = Object.entries(secrets).map(([name, value]) => `--secret ${name}=${value}`);
    await example.pulumi(`config set-all --stack test ${given.join(" ")}`);
    await example.pulumi("config set --stack test dokploy:waitFor deployed");
    await example.pulumi("up --yes --skip-preview --stack test");
  });
  after(() => story?.end());

  /** Runs the command as a person does, with the CLI on the PATH. */
  async function ran(folder: string, ...args: string[]): Promise<string> {
    const options = { cwd: folder, env: story.workspace.env };
    const { stdout, stderr } = await execute(process.execPath, [command, ...args], options);
    printed += stdout + stderr;
    return stdout;
  }
  const exported = (name: string, ...options: string[]) =>
    ran(story.workspace.dir, "export", "--out", name, ...options);

  const pulumi = async (name: string, ...args: string[]) => {
    const run = await story.succeeds("-C", folderOf(name), ...args, "--stack", "prod");
    printed += run.output;
    return run;
  };
  const writing = (calls: readonly string[]) =>
    calls.filter((call) => policyOf(call as Endpoint).method !== "GET");

  it("only reads, and writes a program that compiles under the strictest settings", async () => {
    story.emulator.clearCalls();
    const report = await exported("taken", "--verify");
    assert.match(report, /Verified by a preview: \d+ to adopt, 0 changes, 0 writing calls, 0 deployments\./);
    assert.match(report, /pulumi config set --secret images-test-password/);
    assert.doesNotMatch(filesIn(folderOf("taken"))["Pulumi.prod.yaml"] ?? "", /images-test-password/);
    assert.match(report, /Read the server with \d+ requests, all of them GET\./);
    assert.deepEqual(
      story.emulator.calls.filter(({ method }) => method !== "GET"),
      [],
    );
    assert.deepEqual(problemsIn(path.join(folderOf("taken"), "index.ts")), []);
  });

  it("adopts everything without a change, and saves and deploys nothing", async () => {
    await pulumi(
      "taken",
      "config",
      "set",
      "--secret",
      "images-test-password",
      secrets["registryPassword"] ?? "",
    );
    const plan = await pulumi("taken", "preview");
    assert.doesNotMatch(plan.output, /is adopted: (?!nothing to change)/);
    const run = await pulumi("taken", "up", "--yes", "--skip-preview");
    assert.deepEqual(writing(run.calls), []);
  });

  it("then shows no change, neither in a plan nor in a refresh", async () => {
    const plan = await pulumi("taken", "preview", "--expect-no-changes", "--diff");
    assert.deepEqual(writing(plan.calls), []);
    await pulumi("taken", "refresh", "--yes", "--expect-no-changes");
  });

  it("proves it before anything is adopted, with secrets from the environment", async () => {
    const report = await exported("proved", "--secrets", "env", "--stack", "proof", "--verify");
    assert.match(report, /Verified by a preview: \d+ to adopt, 0 changes, 0 writing calls, 0 deployments\./);
    assert.deepEqual(problemsIn(path.join(folderOf("proved"), "index.ts")), []);
  });

  it("writes a deployment repository, which adopts everything without a change too", async () => {
    await exported("repository", "--layout", "repository", "--name", "shop");
    assert.deepEqual(problemsIn(path.join(folderOf("repository"), "index.ts")), []);
    await pulumi(
      "repository",
      "config",
      "set",
      "--secret",
      "images-test-password",
      secrets["registryPassword"] ?? "",
    );
    const run = await pulumi("repository", "up", "--yes");
    assert.doesNotMatch(run.output, /is adopted: (?!nothing to change)/);
    assert.deepEqual(writing(run.calls), []);
    await pulumi("repository", "preview", "--expect-no-changes", "--diff");
    await pulumi("repository", "refresh", "--yes", "--expect-no-changes");
  });

  it("makes the same server again on another Dokploy, without its data", async () => {
    const { env } = story.workspace;
    const former = { ...env };
    // A build that ends before the first look at it has lost its title, which a commit replaces.
    const other = await startEmulator({ buildMs: 300 });
    try {
      const at = ["-C", folderOf("taken")];
      await story.succeeds(...at, "stack", "init", "rebuilt", "--copy-config-from", "prod");
      Object.assign(env, { DOKPLOY_URL: other.url, DOKPLOY_API_KEY: other.apiKey });
      for (const setting of ["dokploy:adopt", "dokploy:url"])
        await story.succeeds(...at, "config", "rm", setting, "--stack", "rebuilt");
      await story.succeeds(...at, "up", "--yes", "--skip-preview", "--stack", "rebuilt");
      await exported("second", "--secrets", "none");
    } finally {
      Object.assign(env, { DOKPLOY_URL: former["DOKPLOY_URL"], DOKPLOY_API_KEY: former["DOKPLOY_API_KEY"] });
      await other.close();
    }
    await exported("first", "--secrets", "none");
    // The ids of the objects, and their names inside Docker, are those of each server.
    const made = /"redis-[\w-]+-data"/;
    const [first, second] = ["first", "second"].map((name) => {
      const {
        "dokploy-adopt.json": ids,
        "index.ts": program = "",
        "Pulumi.prod.yaml": settings,
        ...files
      } = filesIn(folderOf(name));
      assert.match(program, made);
      return {
        ...files,
        ids: ids?.replace(/": "[^"]+"/g, '": ""'),
        "Pulumi.prod.yaml": settings?.replace(/^ {2}dokploy:url: .*$/m, ""),
        program: program.replace(made, '"data"'),
      };
    });
    assert.deepEqual(second, first);
  });

  it("finds what somebody made by hand since, and adopts only that", async () => {
    const [{ projectId = "" } = {}] = await story.byHand<{ projectId: string }[]>("project.all", {});
    const { environments } = await story.byHand<{ environments: { environmentId: string }[] }>(
      "project.one",
      {
        projectId,
      },
    );
    const { environmentId = "" } = environments[0] ?? {};
    const { applicationId } = await story.byHand<{ applicationId: string }>("application.create", {
      name: "api",
      environmentId,
    });
    const env = "TOKEN=canary-by-hand";
    await story.byHand("application.update", {
      applicationId,
      sourceType: "docker",
      dockerImage: "acme/x:1",
      env,
    });
    const web = [...story.emulator.instance.tables.application.values()].find((row) => row["name"] === "web");
    await story.byHand("domain.create", {
      applicationId: web?.["applicationId"],
      domainType: "application",
      host: "by-hand.example.com",
      port: 80,
    });
    const folder = folderOf("taken");
    const report = await ran(folder, "export", "--missing", "--stack", "prod", "--out", "by-hand");
    assert.match(report, /Wrote 2 resources to by-hand: Application 1, Domain 1\./);
    const module = fs.readFileSync(path.join(folder, "by-hand", "index.ts"), "utf8");
    assert.match(module, /environmentId is the defaultEnvironmentId of the Project whole-server-test\./);
    fs.appendFileSync(path.join(folder, "index.ts"), 'import "./by-hand";\n');
    const plan = await pulumi("taken", "preview");
    assert.match(plan.output, /Application "api" \([\w-]+\) is adopted: nothing to change/);
    const run = await pulumi("taken", "up", "--yes", "--skip-preview");
    assert.deepEqual(writing(run.calls), []);
    await pulumi("taken", "preview", "--expect-no-changes");
    const managed = JSON.parse(await ran(folder, "coverage", "--stack", "prod", "--json"));
    const names = (objects: { kind: string; name: string }[]) =>
      objects.map(({ kind, name }) => `${kind} ${name}`);
    assert.deepEqual(names(managed.objects.filter(({ stack }: { stack?: string }) => stack !== "prod")), []);
    assert.ok(names(managed.objects).includes("Domain shop.test.example.com"));
    assert.deepEqual(names(managed.withoutBackup), ["Compose search"]);
    assert.match(
      await ran(folder, "export", "--missing", "--stack", "prod", "--out", "none"),
      /The stack prod has everything that a resource can manage; no file was written\./,
    );
    assert.ok(!fs.existsSync(path.join(folder, "none")));
    assert.match(filesIn(folder)["Pulumi.prod.yaml"] ?? "", /dokploy:adopt: by-hand\/dokploy-adopt\.json/);
  });

  it("refuses to export what the stack lacks while the adoption file is still needed", async () => {
    const folder = folderOf("proved");
    await assert.rejects(
      ran(folder, "export", "--missing", "--stack", "proof", "--out", "by-hand"),
      /dokploy-adopt\.json has \w+ "[\w-]+", which the stack proof has not adopted yet: run pulumi up first\./,
    );
    assert.match(filesIn(folder)["Pulumi.proof.yaml"] ?? "", /dokploy:adopt: dokploy-adopt\.json/);
  });

  it("explains what to do when the stack cannot store the secrets", async () => {
    const { PULUMI_CONFIG_PASSPHRASE: _, ...env } = story.workspace.env;
    const options = { cwd: story.workspace.dir, env };
    await assert.rejects(
      execute(process.execPath, [command, "export", "--out", "late"], options),
      /passphrase must be set[\s\S]*run the command again with --force/,
    );
    assert.match(await exported("late", "--force"), /went into the encrypted configuration/);
  });

  it("shows no secret: not in a file, not in its output, not in the state", () => {
    const { tables } = story.emulator.instance;
    const passwords = [
      ...tables.postgres.values(),
      ...tables.mysql.values(),
      ...tables.redis.values(),
    ].flatMap((row) =>
      [row["databasePassword"], row["databaseRootPassword"]].filter((text) => typeof text === "string"),
    );
    assert.ok(passwords.length >= 4);
    const folders = ["taken", "proved", "repository"].flatMap((name) =>
      Object.values(filesIn(folderOf(name))),
    );
    const texts = [printed, story.workspace.stateText(), ...folders];
    for (const secret of [...Object.values(secrets), ...passwords, "PRIVATE KEY", "canary-by-hand"])
      for (const text of texts) assert.ok(!text.includes(secret), `${secret} is in ${text.slice(0, 100)}`);
  });

  it("writes the same bytes again", async () => {
    await exported("again", "--secrets", "none");
    await exported("third", "--secrets", "none");
    assert.deepEqual(filesIn(folderOf("again")), filesIn(folderOf("third")));
  });
});

/** What TypeScript says about a program under the strictest settings. */
function problemsIn(file: string): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noUnusedLocals: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    skipLibCheck: true,
    noEmit: true,
  };
  const program = ts.createProgram([file], options);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

/** The texts of all files by their path. */
function filesIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = path.join(entry.parentPath, entry.name);
        return [path.relative(folder, file), fs.readFileSync(file, "utf8")];
      }),
  );
}
