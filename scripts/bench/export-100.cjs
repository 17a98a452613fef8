// Measures the export of a server with 100 services, and the calls by which its program adopts a small one.
const { execFile } = require("node:child_process");
const path = require("node:path");
const { performance } = require("node:perf_hooks");
const { promisify } = require("node:util");
const { callDokploy, makeEnvironment, repository, timed, withStacks } = require("./stack.cjs");

const serviceCount = 100;
const limitSeconds = 10;
const limitRequests = serviceCount + 20;
const command = path.join(repository, "dist", "cli", "main.js");

async function measure() {
  return await withStacks(async ({ dokploy, openStack }) => {
    for (let index = 0; index < 4; index += 1) await makeServices(dokploy, `project-${index}`, 20, 5);
    const stack = await openStack("large");
    dokploy.clearCalls();
    const start = performance.now();
    const requests = await exported(stack, "all", "--secrets", "none");
    const seconds = (performance.now() - start) / 1000;
    return [
      { figure: "export-100", value: Number(seconds.toFixed(1)), unit: "s", atMost: limitSeconds },
      { figure: "export-100-requests", value: requests, unit: "requests", atMost: limitRequests },
      await adopt(dokploy, await openStack("small")),
    ];
  });
}

/**
 * Adopts 2 projects with 6 applications and 3 compose services by the exported program as it is: without a line by hand.
 *
 * @throws Error when the first preview fails or shows a change
 */
async function adopt(dokploy, stack) {
  await makeServices(dokploy, "shop", 3, 2);
  await makeServices(dokploy, "blog", 3, 1);
  const projects = ["--project", "shop", "--project", "blog"];
  await exported(stack, "shop", ...projects, "--stack", "adopting");
  const folder = path.join(stack.dir, "shop");
  await exported(stack, "proof", ...projects, "--stack", "proof", "--verify");
  dokploy.clearCalls();
  await timed(stack, "-C", folder, "up", "--yes", "--skip-preview", "--stack", "adopting");
  const writing = dokploy.calls.filter(({ method }) => method !== "GET").length;
  return { figure: "adopt-9-writes", value: writing, unit: "calls", atMost: 0 };
}

async function makeServices(dokploy, project, applications, composes) {
  const environmentId = await makeEnvironment(dokploy, project);
  const env = Array.from({ length: 8 }, (_, key) => `VARIABLE_${key}=value ${key}`).join("\n");
  for (let index = 0; index < applications; index += 1) {
    const name = `${project}-api-${index}`;
    const { applicationId } = await callDokploy(dokploy, "application.create", { name, environmentId });
    const source = { sourceType: "docker", dockerImage: "traefik/whoami:v1.11" };
    await callDokploy(dokploy, "application.update", { applicationId, ...source, env });
    const domain = { applicationId, host: `${name}.example.com`, domainType: "application", https: true };
    await callDokploy(dokploy, "domain.create", { ...domain, certificateType: "letsencrypt" });
  }
  for (let index = 0; index < composes; index += 1) {
    const name = `${project}-cache-${index}`;
    const made = { name, environmentId, composeType: "docker-compose" };
    const { composeId } = await callDokploy(dokploy, "compose.create", made);
    const composeFile = "services:\n  cache:\n    image: redis:8\n";
    await callDokploy(dokploy, "compose.update", { composeId, sourceType: "raw", composeFile, env });
  }
}

/** Runs the command, and returns the number of its requests. */
async function exported(stack, folder, ...options) {
  const args = [command, "export", "--out", path.join(stack.dir, folder), ...options];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: stack.env });
  return Number(/Read the server with (\d+) requests/.exec(stdout)[1]);
}

module.exports = { measure };
