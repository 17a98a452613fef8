// A Pulumi stack and an emulated Dokploy for one measurement. Both are removed at its end.
const path = require("node:path");
const { performance } = require("node:perf_hooks");

const repository = path.join(__dirname, "..", "..");

// The tests' workspace is TypeScript; this process is not measured.
require("ts-node").register({ transpileOnly: true, cwd: repository });
const { createWorkspace } = require("../../tests/engine/cli.ts");
const { startEmulator } = require("pulumi-dokploy/emulator");

/**
 * Runs `work` with an emulator and a function that opens stacks against it, and closes all of them afterwards.
 *
 * @template T
 * @param {(tools: {dokploy: object, openStack: (project: string, options?: object) => Promise<object>}) => Promise<T>} work
 * @param {object} [emulatorOptions] by default builds take 1 ms and run 100 at a time, so that only this package is
 * measured
 * @returns {Promise<T>}
 */
async function withStacks(work, emulatorOptions = { buildMs: 1, buildsConcurrency: 100 }) {
  const dokploy = await startEmulator(emulatorOptions);
  const workspaces = [];
  const openStack = async (project, options = {}) => {
    const env = { DOKPLOY_URL: dokploy.url, DOKPLOY_API_KEY: dokploy.apiKey, DOKPLOY_WAIT_FOR: "deployed" };
    const workspace = await createWorkspace({ project, env, ...options });
    workspaces.push(workspace);
    return workspace;
  };
  try {
    return await work({ dokploy, openStack });
  } finally {
    for (const workspace of workspaces) workspace.close();
    await dokploy.close();
  }
}

/** Runs a command of the CLI to its end, and returns its time in milliseconds. Throws when it fails. */
async function timed(workspace, ...args) {
  const start = performance.now();
  const { code, stdout, stderr } = await workspace.pulumi(...args);
  const milliseconds = performance.now() - start;
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
  return milliseconds;
}

/** Calls Dokploy as another client would, to prepare a measurement. */
async function callDokploy(dokploy, endpoint, input) {
  const response = await fetch(`${dokploy.url}/api/${endpoint}`, {
    method: "POST",
    headers: { "x-api-key": dokploy.apiKey, "content-type": "application/json" },
    body: JSON.stringify(input),
  });
  return await answerOf(endpoint, response);
}

/** Reads from Dokploy as another client would. */
async function askDokploy(dokploy, endpoint, input) {
  const response = await fetch(`${dokploy.url}/api/${endpoint}?${new URLSearchParams(input)}`, {
    headers: { "x-api-key": dokploy.apiKey },
  });
  return await answerOf(endpoint, response);
}

async function answerOf(endpoint, response) {
  if (!response.ok) throw new Error(`${endpoint} answered ${response.status}`);
  const text = await response.text();
  return text === "" ? undefined : JSON.parse(text);
}

/** Creates a project; returns the id of its environment. */
async function makeEnvironment(dokploy, name) {
  const { environment } = await callDokploy(dokploy, "project.create", { name });
  return environment.environmentId;
}

module.exports = { askDokploy, callDokploy, makeEnvironment, repository, timed, withStacks };
