import * as assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { runHistory } from "../../../../cli/env";
import { runProcess } from "../../../../cli/stack";
import { UsageError } from "../../../../cli/terminal";
import { UserError } from "../../../../provider/errors";
import { EnvFolder } from "../../sdk/env-files/env-folder";

const canary = "canary-63bd-11f2";

describe("env history", () => {
  let folder: EnvFolder;
  let warnings: string[];
  let printed: string;
  let commits: number;

  beforeEach(() => {
    folder = new EnvFolder();
    git("init", "-q");
    warnings = [];
    printed = "";
    commits = 0;
  });
  afterEach(() => {
    folder.remove();
    assert.doesNotMatch(printed, /canary/);
  });

  function git(...args: string[]): string {
    const settings = [
      "-c",
      "user.name=Ada",
      "-c",
      "user.email=ada@example.com",
      "-c",
      "init.defaultBranch=main",
    ];
    return execFileSync("git", [...settings, ...args], {
      encoding: "utf8",
      env: { ...process.env, ...when(commits) },
    });
  }

  /** Commits all files; each commit is a day after the one before it. */
  function commit(subject: string, author = "Ada <ada@example.com>"): void {
    commits++;
    git("add", "-A");
    git("commit", "-q", "-m", subject, "--author", author, "--date", `${when(commits).GIT_COMMITTER_DATE}`);
  }

  function when(day: number) {
    return { GIT_COMMITTER_DATE: `2026-03-0${Math.max(1, day)}T10:00:00Z` };
  }

  async function history(line = ""): Promise<string[]> {
    const output = await runHistory(line === "" ? [] : line.split(" "), {
      git: (args, input = "") => runProcess("git", args, { input, encoding: "latin1" }),
      warn: (message) => {
        warnings.push(message);
      },
    });
    printed += output + warnings.join("\n");
    // The ids of commits differ from run to run.
    return output.replace(/ {2}[0-9a-f]{9} /g, "  # ").split("\n");
  }

  it("shows who changed which variable when, newest first", async () => {
    folder.write("envs/base/api.yaml", "A: 1\n");
    folder.write("envs/test/api.yaml", "LOG_LEVEL: info\nOLD: x\n");
    commit("First");
    folder.write("README.md", "no variables");
    folder.write("envs/test/notes/api.yaml", "A: 2\n");
    commit("Nothing here");
    folder.write("envs/test/api.yaml", "# moved\nNEW: a b\nLOG_LEVEL: debug\n");
    folder.write("envs/base/api.yaml", "A: '1'\n");
    commit("Louder: ünïcode", "Grace Höpper <grace@example.com>");
    assert.deepEqual(await history(), [
      "2026-03-03 10:00 UTC  Grace Höpper  # Louder: ünïcode",
      "  envs/test/api.yaml: LOG_LEVEL changed: info → debug",
      "  envs/test/api.yaml: NEW added: a b",
      "  envs/test/api.yaml: OLD removed: x",
      "2026-03-01 10:00 UTC  Ada  # First",
      "  envs/base/api.yaml: A added: 1",
      "  envs/test/api.yaml: LOG_LEVEL added: info",
      "  envs/test/api.yaml: OLD added: x",
    ]);
    assert.deepEqual(await history("LOG_LEVEL --limit 1"), [
      "2026-03-03 10:00 UTC  Grace Höpper  # Louder: ünïcode",
      "  envs/test/api.yaml: LOG_LEVEL changed: info → debug",
      "1 older; --limit shows more",
    ]);
    assert.deepEqual(await history("NONE"), ["The history has no variable NONE."]);
    assert.deepEqual(await history("LOG_LEVLE"), [
      "The history has no variable LOG_LEVLE. Did you mean LOG_LEVEL?",
    ]);
    const unknown = (line: string, message: string) => assert.rejects(history(line), new UsageError(message));
    await unknown("A --service apii", "The history has no variables of apii. Did you mean api?");
    await unknown("--service shop --stage test", "The history has no variables of shop; it has api.");
  });

  it("shows the reference to a secrets manager, and still hides a value before it", async () => {
    folder.write("envs/test/api.yaml", `A: ${canary}\n`);
    commit("First");
    folder.write("envs/test/api.yaml", "A: !vault secret/shop\n");
    commit("To Vault");
    folder.write("envs/test/api.yaml", "A: !op op://shop/api/a\n");
    commit("To 1Password");
    assert.deepEqual(
      (await history("A")).filter((line) => line.startsWith(" ")),
      [
        "  envs/test/api.yaml: A changed: !vault secret/shop#A → !op op://shop/api/a",
        "  envs/test/api.yaml: A changed",
        "  envs/test/api.yaml: A added",
      ],
    );
  });

  it("hides the values of a variable that was a secret in any commit", async () => {
    folder.write(
      "envs/test/api.yaml",
      `HOOK: ${canary}1\nDB_PASSWORD: ${canary}2\nKEY: !env X\nOPEN: !plain a\n`,
    );
    commit("In the file");
    folder.write("envs/test/api.yaml", "HOOK: !secret\nDB_PASSWORD: !secret\nKEY: !secret\nOPEN: !plain b\n");
    commit("In the stack");
    assert.deepEqual(await history(), [
      "2026-03-02 10:00 UTC  Ada  # In the stack",
      "  envs/test/api.yaml: DB_PASSWORD changed",
      "  envs/test/api.yaml: HOOK changed",
      "  envs/test/api.yaml: KEY changed",
      "  envs/test/api.yaml: OPEN changed: a → b",
      "2026-03-01 10:00 UTC  Ada  # In the file",
      "  envs/test/api.yaml: DB_PASSWORD added",
      "  envs/test/api.yaml: HOOK added",
      "  envs/test/api.yaml: KEY added",
      "  envs/test/api.yaml: OPEN added: a",
    ]);
  });

  it("follows renames, of a whole folder too, and takes a copy as a new file", async () => {
    const text = Array.from({ length: 9 }, (_, at) => `K${at}: ${at}\n`).join("");
    folder.write("config/test/api.env", text.replaceAll(": ", "="));
    commit("Begin");
    folder.write("config/test/api.env", text.replaceAll(": ", "=").replace("K1=1", "K1=one"));
    commit("Before the rename");
    renameSync("config", "envs");
    commit("Another folder");
    mkdirSync("envs/prod");
    folder.write("envs/prod/api.env", text.replaceAll(": ", "=").replace("K1=1", "K1=one"));
    commit("A new stage");
    renameSync("envs/test/api.env", "envs/test/backend.env");
    commit("Another name");
    assert.deepEqual(await history("K1 --stage test"), [
      "2026-03-02 10:00 UTC  Ada  # Before the rename",
      "  config/test/api.env: K1 changed: 1 → one",
      "2026-03-01 10:00 UTC  Ada  # Begin",
      "  config/test/api.env: K1 added: 1",
    ]);
    assert.deepEqual(await history("K1 --stage prod"), [
      "2026-03-04 10:00 UTC  Ada  # A new stage",
      "  envs/prod/api.env: K1 added: one",
    ]);
    assert.equal(
      (await history("K1 --service backend"))[0],
      "2026-03-02 10:00 UTC  Ada  # Before the rename",
    );
  });

  it("shows what a removed file had, and chooses by stage and service", async () => {
    folder.write("envs/base/api.yaml", "A: base\n");
    folder.write("envs/test/api.yaml", "A: test\n");
    folder.write("envs/prod/api.yaml", "A: prod\n");
    folder.write("envs/test/web.yaml", "A: web\n");
    folder.write("envs/schema.yaml", "A: schema\n");
    commit("All");
    rmSync("envs/test/api.yaml");
    commit("Gone");
    assert.deepEqual(await history("--stage test --service api"), [
      "2026-03-02 10:00 UTC  Ada  # Gone",
      "  envs/test/api.yaml: A removed: test",
      "2026-03-01 10:00 UTC  Ada  # All",
      "  envs/base/api.yaml: A added: base",
      "  envs/test/api.yaml: A added: test",
    ]);
    // The folder of the stages need not be that of the repository.
    mkdirSync("sub");
    process.chdir("sub");
    assert.equal((await history("--dir ../envs --stage prod")).length, 3);
    process.chdir("..");
  });

  it("names versions that cannot be read, and compares with the last one that could", async () => {
    folder.write("envs/test/api.yaml", "A: 1\nB: 2\n");
    commit("Fine");
    folder.write("envs/test/api.yaml", `A: [${canary}]\n`);
    commit("Broken");
    folder.write("envs/test/api.yaml", "A: 1\nB: 3\n");
    commit("Mended");
    assert.deepEqual((await history()).slice(0, 4), [
      "2026-03-03 10:00 UTC  Ada  # Mended",
      "  envs/test/api.yaml: B changed: 2 → 3",
      "2026-03-02 10:00 UTC  Ada  # Broken",
      "  envs/test/api.yaml: cannot be read: 1:4: A: has a nested value, and a variable is text; put it in quotes, for example as JSON",
    ]);
  });

  it("shows values of several lines and hidden characters on one line", async () => {
    folder.write("envs/test/api.yaml", `A: "a\\nb\\u202E"\nB: ''\nC: ${"x".repeat(200)}\n`);
    commit("\u001b[31mRed");
    const lines = await history();
    assert.equal(lines.length, 4);
    assert.match(lines[0] ?? "", / {2}Ada {2}# \\x1b\[31mRed$/);
    assert.match(lines[1] ?? "", /A added: "a\\nb\\u\{202e\}"$/);
    for (const hidden of ["\u202e", "\u001b"]) assert.equal(lines.join("\n").includes(hidden), false);
    assert.match(lines[2] ?? "", /B added: ""$/);
    assert.ok((lines[3]?.length ?? 0) < 100);
  });

  it("warns of a clone without the older commits", async () => {
    folder.write("envs/test/api.yaml", "A: 1\n");
    commit("First");
    folder.write("envs/test/api.yaml", "A: 2\n");
    commit("Second");
    git("clone", "-q", "--depth", "1", `file://${folder.path}`, "shallow");
    process.chdir("shallow");
    await history();
    assert.match(warnings.join(), /only the latest commits.*git fetch --unshallow/);
  });

  it("prints the whole as JSON", async () => {
    folder.write("envs/test/api.yaml", "A: 1\nTOKEN: !secret\n");
    commit("First");
    const { events } = JSON.parse((await history("--json")).join("\n"));
    assert.match(events[0].commit, /^[0-9a-f]{40}$/);
    assert.deepEqual(
      { ...events[0], commit: "" },
      {
        at: "2026-03-01T10:00:00.000Z",
        source: "git",
        who: "Ada",
        commit: "",
        subject: "First",
        changes: [
          { file: "envs/test/api.yaml", key: "A", change: "added", after: "1" },
          { file: "envs/test/api.yaml", key: "TOKEN", change: "added" },
        ],
        unread: [],
      },
    );
  });

  it("prints the history from a shell, and exits with 1 when there is none, and with 2 for a wrong argument", () => {
    const root = resolve(__dirname, "..", "..", "..", "..");
    const env = {
      ...process.env,
      TS_NODE_PROJECT: join(root, "tsconfig.json"),
      TS_NODE_TRANSPILE_ONLY: "true",
    };
    const run = (...args: string[]) => {
      const main = join(root, "cli", "main.ts");
      const node = ["-r", require.resolve("ts-node/register"), main, "env", "history", ...args];
      const { status, stdout, stderr } = spawnSync(process.execPath, node, { encoding: "utf8", env });
      return { status, stdout: stdout.replace(/ {2}[0-9a-f]{9} /, "  # "), stderr };
    };
    folder.write("envs/test/api.yaml", "A: 1\n");
    commit("First", "Grace Höpper <grace@example.com>");
    assert.deepEqual(run("A", "--stage", "test"), {
      status: 0,
      stdout: "2026-03-01 10:00 UTC  Grace Höpper  # First\n  envs/test/api.yaml: A added: 1\n",
      stderr: "",
    });
    assert.equal(run("--limit", "x").status, 2);
    rmSync(".git", { recursive: true });
    const { status, stderr } = run();
    assert.match(
      stderr,
      /^pulumi-dokploy: The history cannot be read: git says "fatal: not a git repository.*"\.\n$/,
    );
    assert.equal(status, 1);
  }).timeout(30_000);

  it("refuses a stage that no commit and no configuration has, and names those that there are", async () => {
    folder.write("envs/base/api.yaml", "A: 1\n");
    folder.write("envs/test/api.yaml", "A: 2\n");
    commit("One");
    await assert.rejects(
      history("--stage tset"),
      (error) =>
        error instanceof UsageError && /stage tset in envs; the stages are base, test\./.test(error.message),
    );
    folder.write("Pulumi.dev.yaml", "config: {}\n");
    assert.match((await history("--stage dev")).join("\n"), /base\/api\.yaml: A added/);
  });

  it("says why there is no history", async () => {
    await assert.rejects(
      history(),
      (error: Error) => error instanceof UserError && /git says "fatal: /.test(error.message),
    );
    for (const [line, message] of [
      ["A B", /one variable, or none/],
      ["A=1", /not a name of a variable/],
      ["--limit 0", /--limit takes a number/],
      ["--dir ..", /outside of the repository/],
      ["--nope", /nope/],
    ] as const) {
      await assert.rejects(
        history(line),
        (error: Error) => error instanceof UsageError && message.test(error.message),
      );
    }
    const world = { git: async () => undefined, warn: () => {} };
    await assert.rejects(runHistory([], world), /git is not on the PATH/);
  });
});
