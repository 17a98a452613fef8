import * as assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { killTree } from "./process-tree";

const repository = path.join(__dirname, "..", "..");

describe("the demo", function () {
  this.timeout(300_000);
  let temporary: string;
  let demo: ChildProcess | undefined;

  beforeEach(() => {
    temporary = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-demo-test-"));
  });
  afterEach(() => {
    if (demo?.pid !== undefined && demo.exitCode === null) killTree(demo.pid);
    fs.rmSync(temporary, { recursive: true, force: true });
  });

  /** Starts the demo; `output` grows while it runs. */
  function start(): { output: string; ended: Promise<number | null>; child: ChildProcess } {
    const script = path.join(repository, "scripts", "demo.cjs");
    const env = { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary };
    const child = spawn(process.execPath, [script], { env, stdio: ["ignore", "pipe", "pipe"] });
    demo = child;
    const run = { output: "", child, ended: once(child, "close").then(([code]) => code as number | null) };
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        run.output += text;
      });
    }
    return run;
  }

  it("runs to its end, shows no secret, and leaves nothing behind", async () => {
    const example = path.join(repository, "examples", "deployment-repository");
    const before = fs.readdirSync(example, { recursive: true }).sort();
    const run = start();
    assert.equal(await run.ended, 0, run.output);

    assert.match(run.output, /~ API_TOKEN +: \[secret\] => \[secret\]/);
    assert.match(run.output, /\+ CHECKOUT_URL +: "https/);
    assert.match(run.output, /- LEGACY_CHECKOUT: "on"/);
    assert.match(run.output, /~ LOG_LEVEL +: "info" => "debug"/);
    assert.match(run.output, /~ LOG_LEVEL +: \[secret\] => "debug"/);
    assert.match(run.output, /the image traefik\/whoami:v1\.111\.0 does not exist in its registry/);
    // The commands that set them are the only place where they are.
    const reported = run.output.split("\n").filter((line) => !line.startsWith("$ "));
    assert.doesNotMatch(reported.join("\n"), /[tp]-[0-9a-f]{6}\b/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: there must be no terminal codes
    assert.doesNotMatch(run.output, /\u001b/);

    assert.deepEqual(fs.readdirSync(temporary), []);
    assert.deepEqual(fs.readdirSync(example, { recursive: true }).sort(), before);
  });

  it("leaves nothing behind when it is interrupted", async function () {
    if (process.platform === "win32") this.skip();
    const run = start();
    while (!run.output.includes("$ pulumi up")) await once(run.child.stdout ?? run.child, "data");
    run.child.kill("SIGINT");
    assert.equal(await run.ended, 130, run.output);
    assert.deepEqual(fs.readdirSync(temporary), []);
  });
});
