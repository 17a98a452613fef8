// The commands `ci` in one file, for the actions: a job that may write runs no package, so it installs none.
"use strict";
const path = require("node:path");
const { build } = require("esbuild");

const root = path.join(__dirname, "..", "..");

const entry = `
  import { ciCommands } from "./cli/commands/ci";
  import { complain, exitCodes, runCommand, UsageError } from "./cli/terminal";
  runCommand(ciCommands.commands, "pulumi-dokploy ci", process.argv.slice(2)).catch((error) => {
    complain(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof UsageError ? exitCodes.wrong : exitCodes.failed;
  });`;

/** Modules of this repository do nothing when they load, so one that a door names and nobody uses is left out. */
const unused = {
  name: "unused",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^\./ }, async ({ path: name, pluginData, ...rest }) => {
      if (pluginData === unused || rest.resolveDir.includes("node_modules")) return undefined;
      return { ...(await resolve(name, { ...rest, pluginData: unused })), sideEffects: false };
    });
  },
};

/** @returns {Promise<string>} */
async function actionBundle() {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: root, loader: "ts" },
    absWorkingDir: root,
    bundle: true,
    packages: "external",
    plugins: [unused],
    write: false,
    platform: "node",
    target: "node20",
    format: "cjs",
    charset: "utf8",
    legalComments: "none",
    banner: { js: "// Written by `npm run docs` from cli/ci: the commands `pulumi-dokploy ci`." },
  });
  const [{ text }] = outputFiles;
  const needed = [...text.matchAll(/\brequire\("(?!node:)([^"]+)"\)/g)].map(([, name]) => name);
  if (needed.length > 0) throw new Error(`The actions would need packages: ${needed.join(", ")}`);
  return text;
}

module.exports = { actionBundle };
