// Place of the demo: a copy of an example in a temporary folder, an emulated Dokploy, and a Pulumi CLI that writes
// nothing outside that folder.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { findPulumi, pulumiEnv } = require("../toolchain.cjs");
const { removeFolder } = require("../remove.cjs");
const { run } = require("../run.cjs");

const repository = path.join(__dirname, "..", "..");
/** Packages besides pulumi-dokploy that `npm install` would put into the repository of a team. */
const dependencies = ["@pulumi", "@types", "typescript", "ts-node"];
const commandTimeoutSeconds = 180;

/** Options that make commands print less repetition. */
const brief = {
  preview: ["--suppress-progress"],
  up: ["--suppress-progress", "--suppress-outputs"],
  destroy: ["--suppress-progress", "--suppress-outputs"],
};

/**
 * @param {string} example name of a folder in examples/
 * @param {{color: boolean}} options
 */
async function openStage(example, { color }) {
  const toolchain = await findPulumi();
  if (toolchain === undefined) throw new Error("No Pulumi CLI yet: run `node scripts/setup.cjs` first");

  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-demo-")));
  const remove = () => removeFolder(folder);
  process.once("exit", remove);
  let commands = 0;
  for (const signal of ["SIGINT", "SIGTERM"]) {
    // A running command gets the signal too, and ends the process after it has ended itself.
    process.on(signal, () => {
      if (commands === 0) process.exit(130);
    });
  }

  const project = path.join(folder, example);
  fs.cpSync(path.join(repository, "examples", example), project, { recursive: true });
  installDependencies(project);

  const { startEmulator } = require("pulumi-dokploy/emulator");
  const dokploy = await startEmulator({ buildMs: 1500 });
  const temporary = path.join(folder, "tmp");
  fs.mkdirSync(temporary);
  const env = {
    ...pulumiEnv(toolchain, folder, { color }),
    DOKPLOY_URL: dokploy.url,
    DOKPLOY_API_KEY: dokploy.apiKey,
    // An interrupted CLI leaves files there.
    TMPDIR: temporary,
    TEMP: temporary,
    TMP: temporary,
  };

  return {
    pulumiVersion: toolchain.version,
    project,
    dokploy,

    /** Runs a command to its end, with any exit code; `output` is its printed text. */
    async pulumi(args) {
      const display = ["--non-interactive", "--color", color ? "always" : "never"];
      const all = [...args, ...display, ...(brief[args[0]] ?? [])];
      commands += 1;
      try {
        return await run(toolchain.bin, all, { cwd: project, env, timeoutSeconds: commandTimeoutSeconds });
      } finally {
        commands -= 1;
      }
    },

    /** Calls Dokploy as its web interface does, or any client with an API key. */
    async callDokploy(endpoint, input) {
      const read = input === undefined;
      const response = await fetch(`${dokploy.url}/api/${endpoint}`, {
        method: read ? "GET" : "POST",
        headers: { "x-api-key": dokploy.apiKey, ...(read ? {} : { "content-type": "application/json" }) },
        ...(read ? {} : { body: JSON.stringify(input) }),
      });
      if (!response.ok) throw new Error(`${endpoint} returned ${response.status}: ${await response.text()}`);
      return await response.json();
    },

    async close() {
      await dokploy.close();
      remove();
    },
  };
}

function installDependencies(project) {
  const modules = path.join(project, "node_modules");
  fs.mkdirSync(modules);
  // Junctions, unlike symbolic links, need no privilege on Windows; elsewhere the type is ignored.
  fs.symlinkSync(repository, path.join(modules, "pulumi-dokploy"), "junction");
  for (const name of dependencies) {
    fs.symlinkSync(path.join(repository, "node_modules", name), path.join(modules, name), "junction");
  }
  fs.writeFileSync(path.join(project, "package.json"), '{ "name": "shop", "private": true }\n');
}

module.exports = { openStage };
