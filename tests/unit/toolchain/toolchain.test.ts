import * as assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import {
  cacheFolder,
  cliVersion,
  ensurePulumi,
  findPulumi,
  type InstallMethod,
  isAtLeast,
  minimumVersion,
  parseVersion,
  pulumiEnv,
} from "../../../scripts/toolchain.cjs";

const programs = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];
const quiet = () => {};

describe("the toolchain", () => {
  let home: string;

  beforeEach(() => {
    home = fs.mkdtempSync(path.join(os.tmpdir(), "toolchain-"));
  });
  afterEach(() => fs.rmSync(home, { recursive: true, force: true }));

  /** Makes runnable files in `<home>/<folder>`; `pulumi` answers each command with `version`. */
  function install(folder: string, version: string, names = programs): string {
    const dir = path.join(home, folder);
    fs.mkdirSync(dir, { recursive: true });
    for (const name of names) {
      const script = `#!/bin/sh\n[ -z "$PULUMI_HOME" ] || : > "$PULUMI_HOME/written"\necho ${version}\n`;
      fs.writeFileSync(path.join(dir, name), script, { mode: 0o755 });
    }
    return dir;
  }

  /** An environment in which only `folders` are on PATH and the cache is `<home>/cache`. */
  function environment(...folders: string[]): NodeJS.ProcessEnv {
    return { PATH: folders.join(path.delimiter), XDG_CACHE_HOME: path.join(home, "cache") };
  }

  const making =
    (origin: "installer" | "go", onRun: () => void = quiet): InstallMethod =>
    async (folder, _, version) => {
      onRun();
      install(path.join(path.relative(home, folder), "bin"), `v${version}`);
      return origin;
    };

  const failing =
    (message: string): InstallMethod =>
    async (folder) => {
      fs.writeFileSync(path.join(folder, "half"), "");
      throw new Error(message);
    };

  describe("versions", () => {
    const versions: [string, string | undefined][] = [
      ["v3.274.1\n", "3.274.1"],
      ["3.216.0", "3.216.0"],
      ["v3.300.0-alpha.1+dirty", "3.300.0-alpha.1+dirty"],
      ["warning: something\nv3.250.0", "3.250.0"],
      ["command not found", undefined],
    ];
    for (const [text, version] of versions) {
      it(`reads ${JSON.stringify(text)} as ${version}`, () => assert.equal(parseVersion(text), version));
    }

    const comparisons: [string, string, boolean][] = [
      ["3.216.0", "3.216.0", true],
      ["3.215.9", "3.216.0", false],
      ["3.1000.0", "3.216.0", true],
      ["4.0.0", "3.216.0", true],
      ["2.999.0", "3.216.0", false],
      ["3.216.0-alpha.3", "3.216.0", true],
    ];
    for (const [version, minimum, expected] of comparisons) {
      it(`${version} ${expected ? "is" : "is not"} at least ${minimum}`, () => {
        assert.equal(isAtLeast(version, minimum), expected);
      });
    }

    it("pins a CLI which it would accept itself", () => assert.ok(isAtLeast(cliVersion, minimumVersion)));
  });

  describe("the cache folder", () => {
    const name = `pulumi-dokploy/pulumi-${cliVersion}`;
    it("follows the platform's custom and names version, system and architecture", () => {
      const linux = { platform: "linux", arch: "x64", home: "/home/ada" } as const;
      assert.equal(cacheFolder({ ...linux, env: {} }), `/home/ada/.cache/${name}-linux-x64`);
      assert.equal(cacheFolder({ ...linux, env: { XDG_CACHE_HOME: "/var/c" } }), `/var/c/${name}-linux-x64`);
      const mac = { platform: "darwin", arch: "arm64", home: "/Users/ada", env: {} } as const;
      assert.equal(cacheFolder(mac), `/Users/ada/Library/Caches/${name}-darwin-arm64`);
      const windows = { platform: "win32", arch: "x64", env: { LOCALAPPDATA: "/L" } } as const;
      assert.equal(cacheFolder(windows), `/L/${name}-win32-x64`);
    });

    it("ignores a relative XDG_CACHE_HOME, as the XDG specification asks", () => {
      const options = { platform: "linux", arch: "x64", home: "/home/ada" } as const;
      assert.equal(
        cacheFolder({ ...options, env: { XDG_CACHE_HOME: "c" } }),
        `/home/ada/.cache/${name}-linux-x64`,
      );
    });
  });

  describe("a CLI on PATH", () => {
    it("is used when it is new enough and complete", async () => {
      const binDir = install("bin", "v3.216.0");
      const found = await findPulumi({ env: environment(binDir) });
      assert.deepEqual(found, {
        bin: path.join(binDir, "pulumi"),
        binDir,
        version: "3.216.0",
        origin: "path",
      });
    });

    it("is passed over when it is too old", async () => {
      assert.equal(await findPulumi({ env: environment(install("bin", "v3.215.0")) }), undefined);
    });

    for (const missing of programs) {
      it(`is passed over when there is no ${missing}`, async () => {
        const rest = programs.filter((name) => name !== missing);
        assert.equal(await findPulumi({ env: environment(install("bin", "v3.300.0", rest)) }), undefined);
      });
    }

    it("is passed over when it does not run", async () => {
      const binDir = install("bin", "v3.300.0");
      fs.writeFileSync(path.join(binDir, "pulumi"), "#!/bin/sh\necho v3.300.0\nexit 1\n");
      assert.equal(await findPulumi({ env: environment(binDir) }), undefined);
    });

    it("may have its hosts elsewhere on PATH", async () => {
      const cli = install("cli", "v3.300.0", ["pulumi"]);
      const hosts = install("hosts", "-", programs.slice(1));
      assert.equal((await findPulumi({ env: environment(cli, hosts) }))?.binDir, cli);
    });

    it("may be a link to a folder that has its hosts", async () => {
      const real = install("real", "v3.300.0");
      const linked = path.join(home, "linked");
      fs.mkdirSync(linked);
      fs.symlinkSync(path.join(real, "pulumi"), path.join(linked, "pulumi"));
      assert.equal((await findPulumi({ env: environment(linked) }))?.binDir, linked);
    });

    it("is asked for its version without writing to the user's Pulumi home", async () => {
      const pulumiHome = path.join(home, "pulumi-home");
      fs.mkdirSync(pulumiHome);
      const env = { ...environment(install("bin", "v3.300.0")), PULUMI_HOME: pulumiHome };
      assert.notEqual(await findPulumi({ env }), undefined);
      assert.deepEqual(fs.readdirSync(pulumiHome), []);
    });

    it("goes before a cached one", async () => {
      await ensurePulumi({ env: environment(), log: quiet, methods: [making("go")] });
      const env = environment(install("bin", "v3.300.0"));
      assert.equal((await findPulumi({ env }))?.origin, "path");
    });
  });

  describe("without a CLI", () => {
    it("makes one, once, and finds it in the cache from then on", async () => {
      const env = environment();
      let runs = 0;
      const methods = [making("go", () => runs++)];
      const made = await ensurePulumi({ env, log: quiet, methods });
      assert.equal(made.origin, "go");
      assert.equal(made.version, cliVersion);
      assert.equal(made.binDir, path.join(cacheFolder({ env }), "bin"));
      assert.deepEqual(await ensurePulumi({ env, log: quiet, methods }), made);
      assert.deepEqual(await findPulumi({ env }), made);
      assert.equal(runs, 1);
    });

    it("makes one of a wanted version although there is another", async () => {
      const env = environment(install("bin", "v3.300.0"));
      let runs = 0;
      const options = { env, log: quiet, methods: [making("go", () => runs++)], version: minimumVersion };
      assert.equal(await findPulumi(options), undefined);
      const made = await ensurePulumi(options);
      assert.equal(made.version, minimumVersion);
      assert.match(made.binDir, new RegExp(`pulumi-${minimumVersion}-`));
      assert.deepEqual(await ensurePulumi(options), made);
      assert.equal((await findPulumi({ env }))?.version, "3.300.0");
      assert.equal((await findPulumi({ ...options, version: "3.300.0" }))?.origin, "path");
      assert.equal(runs, 1);
    });

    it("tries the next way when one fails, says so in a line, and leaves nothing half-made", async () => {
      const env = environment();
      const lines: string[] = [];
      const made = await ensurePulumi({
        env,
        log: (line) => lines.push(line),
        methods: [failing("the installer is out of reach"), making("go")],
      });
      assert.equal(made.origin, "go");
      assert.equal(lines[0], "the installer is out of reach");
      assert.deepEqual(fs.readdirSync(path.dirname(cacheFolder({ env }))), [
        path.basename(cacheFolder({ env })),
      ]);
    });

    it("does not take a method's word for it", async () => {
      const incomplete: InstallMethod = async (folder) => {
        install(path.join(path.relative(home, folder), "bin"), "v1", ["pulumi"]);
        return "installer";
      };
      const made = await ensurePulumi({
        env: environment(),
        log: quiet,
        methods: [incomplete, making("go")],
      });
      assert.equal(made.origin, "go");
    });

    it("says what to install when no way works", async () => {
      const methods = [failing("get.example is out of reach"), failing("no Go")];
      await assert.rejects(ensurePulumi({ env: environment(), log: quiet, methods }), (error: Error) => {
        assert.match(error.message, /get\.example is out of reach/);
        assert.match(error.message, /no Go/);
        assert.match(error.message, new RegExp(`Install the Pulumi CLI ${minimumVersion} or newer`));
        assert.match(error.message, /or install Go \d/);
        return true;
      });
    });

    it("does not use a cache folder whose marker is missing", async () => {
      const env = environment();
      install(path.relative(home, path.join(cacheFolder({ env }), "bin")), `v${cliVersion}`);
      assert.equal(await findPulumi({ env }), undefined);
      const made = await ensurePulumi({ env, log: quiet, methods: [making("installer")] });
      assert.equal(made.origin, "installer");
    });

    it("makes one only once for several that ask at the same time", async () => {
      const env = environment();
      let runs = 0;
      const methods = [making("go", () => runs++)];
      const lines: string[] = [];
      const ask = () => ensurePulumi({ env, methods, log: (line) => lines.push(line) });
      const [first, second, third] = await Promise.all([ask(), ask(), ask()]);
      assert.equal(runs, 1);
      assert.deepEqual(second, first);
      assert.deepEqual(third, first);
      assert.equal(lines.filter((line) => line.startsWith("Waiting for another process")).length, 2);
    });

    it("uses what another process made in the meantime", async () => {
      const env = environment();
      const overtaken: InstallMethod = async (folder, log, version) => {
        await making("go")(folder, log, version);
        // As a process does that took over the lock.
        fs.cpSync(folder, cacheFolder({ env }), { recursive: true });
        const marker = path.join(cacheFolder({ env }), "complete.json");
        fs.writeFileSync(marker, JSON.stringify({ version: cliVersion, origin: "installer" }));
        return "go";
      };
      const made = await ensurePulumi({ env, log: quiet, methods: [overtaken] });
      assert.equal(made.origin, "installer");
    });

    it("recovers from a process that was killed while making one", async () => {
      const env = environment();
      const script = `
        const { ensurePulumi } = require(process.argv[1]);
        const hangs = (folder) => {
          require("node:fs").mkdirSync(folder + "/bin");
          process.stdout.write("making");
          return new Promise((resolve) => setTimeout(resolve, 600_000));
        };
        ensurePulumi({ methods: [hangs], log() {} });
      `;
      const toolchain = require.resolve("../../../scripts/toolchain.cjs");
      const child = spawn(process.execPath, ["-e", script, toolchain], {
        env,
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(child.stdout, "data");
      child.kill("SIGKILL");
      await once(child, "exit");
      assert.equal(await findPulumi({ env }), undefined);

      const made = await ensurePulumi({ env, log: quiet, methods: [making("go")], staleMilliseconds: 200 });
      assert.equal(made.origin, "go");
    });
  });

  describe("the environment for running Pulumi", () => {
    const user: NodeJS.ProcessEnv = {
      PATH: "/usr/bin",
      LANG: "C.UTF-8",
      PULUMI_ACCESS_TOKEN: "pul-123",
      PULUMI_HOME: "/home/ada/.pulumi",
      PULUMI_BACKEND_URL: "https://example.org",
      PULUMI_STACK: "prod",
      DOKPLOY_URL: "https://dokploy.example.org",
      DOKPLOY_API_KEY: "key",
      TS_NODE_TRANSPILE_ONLY: "1",
    };

    it("keeps everything that Pulumi writes in the folder, and the user's set-up out", () => {
      const env = pulumiEnv({ binDir: "/opt/pulumi/bin" }, home, { env: user });
      assert.equal(env["PATH"], ["/opt/pulumi/bin", "/usr/bin"].join(path.delimiter));
      assert.equal(env["PULUMI_HOME"], path.join(home, "home"));
      assert.equal(env["PULUMI_BACKEND_URL"], `file://${home}/state`);
      assert.ok(fs.statSync(path.join(home, "state")).isDirectory());
      assert.equal(env["LANG"], "C.UTF-8");
      for (const name of ["PULUMI_ACCESS_TOKEN", "PULUMI_STACK", "DOKPLOY_URL", "DOKPLOY_API_KEY"]) {
        assert.equal(name in env, false, name);
      }
      assert.equal("TS_NODE_TRANSPILE_ONLY" in env, false);
    });

    it("turns colours off only when asked to", () => {
      const options = { env: user };
      assert.equal("NO_COLOR" in pulumiEnv({ binDir: "/b" }, home, options), false);
      assert.equal(pulumiEnv({ binDir: "/b" }, home, { ...options, color: false })["NO_COLOR"], "1");
    });
  });
});
