import * as assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const bundle = path.join(__dirname, "..", "..", "..", "..", "actions", "generated", "ci.cjs");
/** Prints the variables of a command as JSON, with the contents of the files that some of them name. */
const show = `
  const env = { ...process.env };
  const { credential_source: source } = JSON.parse(env.GOOGLE_CREDENTIALS?.startsWith("{") ? env.GOOGLE_CREDENTIALS : "{}");
  const files = [env.AWS_WEB_IDENTITY_TOKEN_FILE, env.AZURE_FEDERATED_TOKEN_FILE, source?.file].filter(Boolean);
  const read = (file) => [file, require("node:fs").readFileSync(file, "utf8"), require("node:fs").statSync(file).mode & 0o777];
  console.log(JSON.stringify({ env, files: files.map(read) }));`;

interface Shown {
  env: Record<string, string>;
  files: [name: string, text: string, mode: number][];
}

describe("a command in a job of CI", function () {
  this.timeout(60_000);
  let temp: string;
  before(function () {
    // The jobs run on Linux.
    if (process.platform === "win32") this.skip();
  });
  beforeEach(() => {
    temp = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-job-"));
  });
  const started: ChildProcess[] = [];
  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
    // What a test of a command that outlives its parent waits for.
    fs.writeFileSync(path.join(temp, "go"), "");
    fs.rmSync(temp, { recursive: true, force: true });
  });

  function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    const { HOME, PATH } = process.env;
    const child = spawn(process.execPath, [bundle, ...args], {
      env: { HOME, PATH, RUNNER_TEMP: temp, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    started.push(child);
    return child;
  }
  async function endOf(child: ChildProcess): Promise<{ code: number | null; output: string }> {
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (data) => {
        output += data;
      });
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, output };
  }
  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => endOf(start(args, env));
  async function shown(inputs: Record<string, string>, env: NodeJS.ProcessEnv = {}): Promise<Shown> {
    const command = ["run", "--", process.execPath, "-e", show];
    const { code, output } = await run(command, { SETTINGS: JSON.stringify(inputs), ...env });
    assert.equal(code, 0, output);
    return JSON.parse(output) as Shown;
  }
  async function until(condition: () => boolean): Promise<void> {
    for (const deadline = Date.now() + 20_000; !condition(); await sleep(20))
      if (Date.now() > deadline) throw new Error("Waited in vain.");
  }

  describe("has the settings of the action", () => {
    it("as variables, without empty ones, and keeps those of the job", async () => {
      const { env } = await shown(
        {
          ...{ stage: "test", "dokploy-api-key": 'a "key"\nof two lines', "dokploy-url": "" },
          ...{ "aws-access-key-id": "id", "aws-secret-access-key": "secret", "azure-storage-key": "" },
          ...{ "google-credentials": "", "pulumi-config-passphrase": "", "pulumi-backend-url": "" },
          variables: JSON.stringify({
            ...{ DOKPLOY_URL: "https://dokploy.acme.dev", PULUMI_BACKEND_URL: "s3://acme", AWS_REGION: "eu" },
            // Everybody who may change the variables of an environment would otherwise run code in its jobs.
            ...{ NODE_OPTIONS: "--require ./x.cjs", PATH: "/tmp/evil", DOKPLOY_API_KEY: "other" },
          }),
        },
        { AZURE_STORAGE_KEY: "of the job", STAGE: "test", DOKPLOY_PLAN_KEY: "" },
      );
      const names = [
        "DOKPLOY_URL",
        "DOKPLOY_API_KEY",
        "PULUMI_BACKEND_URL",
        "AWS_REGION",
        "AZURE_STORAGE_KEY",
      ];
      assert.deepEqual(
        names.map((name) => env[name]),
        ["https://dokploy.acme.dev", 'a "key"\nof two lines', "s3://acme", "eu", "of the job"],
      );
      assert.deepEqual([env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]], ["id", "secret"]);
      for (const name of [
        "SETTINGS",
        "NODE_OPTIONS",
        "GOOGLE_CREDENTIALS",
        "PULUMI_ACCESS_TOKEN",
        "VARIABLES",
      ])
        assert.equal(env[name], undefined, name);
      assert.equal(env["PATH"], process.env["PATH"]);
      // A stack may have an empty passphrase.
      assert.equal(env["PULUMI_CONFIG_PASSPHRASE"], "");
    });

    it("with an input before the variable of the environment, and no empty passphrase over one of the job", async () => {
      const { env } = await shown(
        {
          "dokploy-url": "https://a",
          variables: '{ "DOKPLOY_URL": "https://b" }',
          "pulumi-config-passphrase": "",
        },
        { PULUMI_CONFIG_PASSPHRASE_FILE: "/run/passphrase" },
      );
      assert.deepEqual([env["DOKPLOY_URL"], env["PULUMI_CONFIG_PASSPHRASE"]], ["https://a", undefined]);
    });

    it("and a place of its own for what Pulumi keeps of a login, which is gone afterwards", async () => {
      const place = async (inputs: Record<string, string>, env: NodeJS.ProcessEnv = {}) =>
        (await shown(inputs, env)).env["PULUMI_CREDENTIALS_PATH"] ?? "";
      const own = await place({ "pulumi-access-token": "canary" });
      assert.equal(path.dirname(own), temp);
      assert.ok(!fs.existsSync(own));
      assert.equal(await place({ "pulumi-access-token": "x" }, { PULUMI_CREDENTIALS_PATH: "/p" }), "/p");
      // A step before may have logged in.
      assert.equal(await place({}), "");
      assert.deepEqual(fs.readdirSync(temp), []);
    });

    it("or an error that quotes none of them", async () => {
      for (const SETTINGS of [
        "canary",
        '["canary"]',
        '{ "dokploy-api-key": "canary"',
        '{ "variables": "canary" }',
      ]) {
        const { code, output } = await run(["run", "--", "true"], { SETTINGS });
        assert.equal(code, 2, SETTINGS);
        assert.match(output, /SETTINGS is not a JSON object/);
        assert.doesNotMatch(output, /canary/);
      }
      assert.deepEqual(fs.readdirSync(temp), []);
    });
  });

  describe("has the identity of the job", () => {
    const audiences: string[] = [];
    let answer: { status: number; body: string };
    const server = createServer(({ url = "", headers }, response) => {
      audiences.push(new URL(url, "http://localhost").searchParams.get("audience") ?? "");
      const isKnown = headers.authorization === "Bearer canary-request" && url.startsWith("/token?v=1&");
      response.writeHead(isKnown ? answer.status : 401).end(answer.body);
    });
    before((done) => void server.listen(0, "127.0.0.1", done));
    after(() => void server.close());
    beforeEach(() => {
      audiences.length = 0;
      answer = { status: 200, body: JSON.stringify({ value: "canary-token" }) };
    });
    const ofGithub = () => ({
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token?v=1`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "canary-request",
      GITHUB_RUN_ID: "99",
    });
    const variables = (values: Record<string, string>) => ({ variables: JSON.stringify(values) });
    const role = { AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/pulumi-test", AWS_REGION: "eu-central-1" };

    it("for AWS, Google and Azure, in private files that are gone afterwards", async () => {
      const pool = "projects/12/locations/global/workloadIdentityPools/github/providers/acme";
      const { env, files } = await shown(
        variables({
          ...role,
          ...{ GOOGLE_WORKLOAD_IDENTITY_PROVIDER: pool, GOOGLE_SERVICE_ACCOUNT: "pulumi@acme.example" },
          ...{ AZURE_CLIENT_ID: "client", AZURE_TENANT_ID: "tenant", AZURE_STORAGE_ACCOUNT: "acme" },
        }),
        ofGithub(),
      );
      const expected = [
        "sts.amazonaws.com",
        `https://iam.googleapis.com/${pool}`,
        "api://AzureADTokenExchange",
      ];
      assert.deepEqual(audiences, expected);
      assert.equal(files.length, 3);
      for (const [file, text, mode] of files) {
        assert.deepEqual([text, mode], ["canary-token", 0o600]);
        assert.ok(file.startsWith(temp) && !fs.existsSync(file), file);
      }
      assert.equal(env["AWS_ROLE_SESSION_NAME"], "pulumi-dokploy-99");
      const google = JSON.parse(env["GOOGLE_CREDENTIALS"] ?? "{}") as Record<string, unknown>;
      assert.equal(google["audience"], `//iam.googleapis.com/${pool}`);
      assert.match(
        String(google["service_account_impersonation_url"]),
        /\/pulumi%40acme\.example:generateAccessToken$/,
      );
      // The command asks for no other identity.
      for (const name of Object.keys(ofGithub()).slice(0, 2)) assert.equal(env[name], undefined);
    });

    it("only where nothing else gives access", async () => {
      const { files } = await shown(
        { ...variables({ ...role, AZURE_CLIENT_ID: "client" }), "aws-access-key-id": "id" },
        ofGithub(),
      );
      assert.deepEqual([files, audiences], [[], []]);
      // A machine of one's own may have access of its own.
      await shown({}, { ...role });
      await shown({}, { ...role, ...ofGithub(), AWS_WEB_IDENTITY_TOKEN_FILE: bundle });
      assert.deepEqual(audiences, []);
    });

    it("or an error that says what to do, without a secret", async () => {
      const fails = async (env: NodeJS.ProcessEnv) => {
        const settings = { SETTINGS: JSON.stringify(variables(role)), ...env };
        const { code, output } = await run(["run", "--", "true"], settings);
        assert.equal(code, 1, output);
        assert.doesNotMatch(output, /canary|at .*\(/);
        return output;
      };
      assert.match(await fails({}), /AWS_ROLE_ARN is set, but this job has no identity.*id-token: write/);
      const elsewhere = { ...ofGithub(), ACTIONS_ID_TOKEN_REQUEST_URL: "http://acme.example/token" };
      assert.match(await fails(elsewhere), /not an https address/);
      for (const [status, body] of [
        [500, "canary"],
        [403, "{}"],
        [200, '{ "value": "" }'],
        [200, "[]"],
      ] as const) {
        answer = { status, body };
        assert.match(await fails(ofGithub()), /did not give this job its identity/);
      }
      assert.deepEqual(fs.readdirSync(temp), []);
    });
  });

  it("gives its exit code, as in a shell", async () => {
    for (const [command, code] of [
      [["true"], 0],
      [["bash", "-c", "exit 41"], 41],
      [["bash", "-c", "kill -TERM $$"], 143],
      [["no-such-command"], 127],
      [[temp], 126],
    ] as const)
      for (const log of [[], ["--log", path.join(temp, "log")]]) {
        const ended = await run(["run", ...log, "--", ...command]);
        assert.equal(ended.code, code, `${command}: ${ended.output}`);
        assert.ok(!fs.existsSync(path.join(temp, "log.running")));
      }
    assert.equal((await run(["run"])).code, 2);
    assert.equal((await run(["run", "true"])).code, 2);
  });

  describe("with a log", () => {
    const file = () => path.join(temp, "log");
    /** Says that it began and what it gets, and ends when a file is there. */
    const slow = () => `
      trap 'echo interrupted' INT
      echo begun
      until [ -e "${temp}/go" ] || [ ! -e "${temp}" ]; do sleep 0.05; done
      printf 'ended'; echo ::error::x >&2`;
    const contains = (name: string, words: string) =>
      fs.existsSync(name) && fs.readFileSync(name, "utf8").includes(words);
    /** Waits for words of the command, and until its parent has said where it runs: the command may be the faster one. */
    const waits = async (child: ChildProcess, words: string) => {
      await until(() => contains(file(), words) && contains(`${file()}.running`, "}"));
      return child;
    };

    it("prints what the command prints, as text that is no command to the runner, and keeps it", async () => {
      const script = "printf 'a\\n::error::b\\n'; echo c >&2; printf d";
      const { code, output } = await run(["run", "--log", file(), "--", "bash", "-c", script], {
        GITHUB_ACTIONS: "true",
      });
      assert.equal(code, 0);
      assert.equal(fs.readFileSync(file(), "utf8"), "a\n::error::b\nc\nd");
      const [, , text] = /^::stop-commands::([-\w]{30,})\n([\s\S]*)::\1::\n$/.exec(output) ?? [];
      assert.equal(text, "a\n\\x3a:error::b\nc\nd");
    });

    it("passes on the first signal, is left at the second, and is waited for", async () => {
      const child = await waits(start(["run", "--log", file(), "--", "bash", "-c", slow()]), "begun");
      const left = endOf(child);
      child.kill("SIGINT");
      await waits(child, "interrupted");
      child.kill("SIGTERM");
      const first = await left;
      assert.deepEqual([first.code, first.output], [143, "begun\ninterrupted\n"]);
      const waiting = run(["wait", "--log", file()]);
      fs.writeFileSync(path.join(temp, "go"), "");
      const second = await waiting;
      assert.equal(second.code, 0);
      assert.match(second.output, /waits until the command has ended/);
      assert.match(
        second.output.replace(/^pulumi-dokploy: .*\n/, ""),
        /^ended\\x3a:error::x\n$|^ended::error::x\n$/,
      );
      assert.deepEqual(fs.readdirSync(temp).sort(), ["go", "log"]);
      assert.deepEqual(await run(["wait", "--log", file()]), { code: 0, output: "" });
    });

    it("survives when this process is killed", async () => {
      const child = await waits(start(["run", "--log", file(), "--", "bash", "-c", slow()]), "begun");
      const killed = endOf(child);
      child.kill("SIGKILL");
      await killed;
      fs.writeFileSync(path.join(temp, "go"), "");
      assert.match((await run(["wait", "--log", file()])).output, /begun\nended/);
    });

    it("lets the command end by a signal alone", async () => {
      const child = await waits(
        start(["run", "--log", file(), "--", "bash", "-c", "echo begun; sleep 60"]),
        "begun",
      );
      const ended = endOf(child);
      child.kill("SIGTERM");
      assert.equal((await ended).code, 143);
      assert.ok(!fs.existsSync(`${file()}.running`));
    });

    it("waits for nothing when another process has written the file of the running command", async () => {
      for (const state of ["", "{}", '{ "pid": 1, "printed": 0, "folder": "/" }', '{ "pid": "x" }']) {
        fs.writeFileSync(`${file()}.running`, state);
        assert.deepEqual(await run(["wait", "--log", file()]), { code: 0, output: "" }, state);
      }
    });
  });

  it("without a log, gets every signal, and its children too", async () => {
    const script = "trap 'echo own' INT; (trap 'echo child; exit' INT; echo begun; sleep 60); sleep 60; :";
    const child = start(["run", "--", "bash", "-c", script]);
    const ended = endOf(child);
    let output = "";
    child.stdout?.on("data", (data) => {
      output += data;
    });
    await until(() => output.includes("begun"));
    child.kill("SIGINT");
    await until(() => output.includes("own") && output.includes("child"));
    child.kill("SIGTERM");
    assert.equal((await ended).code, 143);
  });
});
