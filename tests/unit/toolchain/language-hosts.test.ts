import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type LanguageTool, languageTool } from "../../../scripts/language-hosts.cjs";
import { cliVersion } from "../../../scripts/toolchain.cjs";

const repository = path.join(__dirname, "..", "..", "..");

describe("a language host", () => {
  let home: string;
  let lines: string[];
  beforeEach(() => {
    home = fs.mkdtempSync(path.join(os.tmpdir(), "language-hosts-"));
    lines = [];
  });
  afterEach(() => fs.rmSync(home, { recursive: true, force: true }));

  const log = (line: string) => lines.push(line);

  /** Makes programs that are shell scripts, and returns their folder. */
  function install(folder: string, scripts: Readonly<Record<string, string>>): string {
    const dir = path.join(home, folder);
    fs.mkdirSync(dir, { recursive: true });
    for (const [name, script] of Object.entries(scripts)) {
      fs.writeFileSync(path.join(dir, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    return dir;
  }

  /** A Go that builds programs which do nothing, and notes each build in a file. */
  const go = (build = "") => install("go", { go: `[ "$1" = version ] && exit 0\n${build || building}` });
  const building = `
    echo built >> ${"$HOME"}/builds
    while [ "$1" != -o ]; do shift; done
    echo '#!/bin/sh' > "$2"; chmod +x "$2"`;
  const builds = () => fs.readFileSync(path.join(home, "builds"), "utf8").split("\n").length - 1;

  const reasonOf = (tool: LanguageTool) => (tool.file === undefined ? tool.reason : `found ${tool.file}`);

  function environment(...folders: string[]): NodeJS.ProcessEnv {
    const system = ["/bin", "/usr/bin"];
    return {
      HOME: home,
      PATH: [...folders, ...system].join(path.delimiter),
      XDG_CACHE_HOME: path.join(home, "cache"),
    };
  }

  it("is the one of the CLI's installation", async () => {
    const names = [
      "pulumi",
      "pulumi-language-nodejs",
      "pulumi-resource-pulumi-nodejs",
      "pulumi-language-yaml",
    ];
    const bin = install("bin", Object.fromEntries(names.map((name) => [name, `echo v${cliVersion}`])));
    assert.deepEqual(await languageTool("yaml", { env: environment(bin), log }), {
      file: path.join(bin, "pulumi-language-yaml"),
      binDir: bin,
      origin: "pulumi",
    });
    assert.deepEqual(lines, []);
  });

  it("is built once for all that ask, and found in the cache from then on", async () => {
    const options = { env: environment(go()), log };
    const [first, second] = await Promise.all([languageTool("yaml", options), languageTool("yaml", options)]);
    assert.match(reasonOf(first), /^found .*pulumi-language-yaml$/);
    assert.deepEqual(second, first);
    assert.deepEqual(await languageTool("yaml", options), first);
    assert.equal(builds(), 1);
    assert.equal(lines.filter((line) => line.startsWith("Building pulumi-language-yaml with Go")).length, 1);
  });

  it("is missing with the reason where there is neither", async () => {
    const env = { ...environment(), PATH: path.join(home, "empty") };
    assert.match(
      reasonOf(await languageTool("yaml", { env, log })),
      /^There is no Go to build it with: .*ENOENT/,
    );
  });

  it("is missing with the end of what Go printed when Go fails, and is not tried again in the same run", async () => {
    const failing = go(`echo built >> ${"$HOME"}/builds; echo "no route to host" >&2; exit 1`);
    const options = { env: environment(failing), log };
    const found = await languageTool("go", options);
    assert.deepEqual(found, { reason: "Go could not build pulumi-language-go: no route to host" });
    assert.deepEqual(await languageTool("go", options), found);
    assert.equal(builds(), 1);
  });

  it("is given up after a time, and what builds it is ended", async () => {
    const hanging = go(`sleep 600 & echo $! > ${"$HOME"}/child; wait`);
    const options = { env: environment(hanging), log, timeoutSeconds: 1 };
    assert.match(reasonOf(await languageTool("yaml", options)), /did not end within 1 s/);
    const child = Number(fs.readFileSync(path.join(home, "child"), "utf8"));
    const isRunning = () => {
      try {
        return !/^\d+ \(.*\) Z/.test(fs.readFileSync(`/proc/${child}/stat`, "utf8"));
      } catch {
        return false;
      }
    };
    while (isRunning()) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it("comes with a generator of SDKs of the CLI's version", () => {
    const module = path.join(repository, "scripts", "cli-build", "generate-sdk", "go.mod");
    assert.match(
      fs.readFileSync(module, "utf8"),
      new RegExp(`^require github\\.com/pulumi/pulumi/pkg/v3 v${cliVersion.replaceAll(".", "\\.")}$`, "m"),
    );
  });
});
