import * as assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { startEmulator } from "../../../emulator";

const root = join(__dirname, "..", "..", "..");

/** Deploys an application, in a process that cannot load Pulumi. */
const script = `
  const Module = require("node:module");
  const load = Module._load;
  Module._load = (request, ...rest) => {
    if (request.startsWith("@pulumi/")) throw new Error(request + " is loaded");
    return load(request, ...rest);
  };
  require("ts-node/register");
  const { Deployments } = require("./provider/deploy/deployments");
  const { DokployClient } = require("./provider/dokploy/client");
  const { writeEnv } = require("./provider/env/codec");
  const { URL: url, KEY: apiKey, APPLICATION: applicationId } = process.env;
  const client = new DokployClient({ url, apiKey, auth: "x-api-key", warnings: [] });
  const target = { kind: "application", id: applicationId, name: "web" };
  client
    .call("application.update", { applicationId, env: writeEnv({ LEVEL: "debug" }, "application") })
    .then(() => new Deployments(client).run(target, [], { title: "without Pulumi" }))
    .then(({ status }) => console.log(status))
    .finally(() => client.close());
`;

describe("the rooms deploy, dokploy and env", () => {
  it("follow a deployment without Pulumi", async () => {
    const emulator = await startEmulator({ buildMs: 20 });
    try {
      const call = async (endpoint: string, body: object) => {
        const response = await fetch(`${emulator.url}/api/${endpoint}`, {
          method: "POST",
          headers: { "x-api-key": emulator.apiKey, "content-type": "application/json" },
          body: JSON.stringify(body),
        });
        assert.ok(response.ok, await response.clone().text());
        return (await response.json()) as Record<string, string> & { environment: Record<string, string> };
      };
      const { environment } = await call("project.create", { name: "shop" });
      const { environmentId } = environment;
      const { applicationId = "" } = await call("application.create", { name: "web", environmentId });
      await call("application.update", { applicationId, sourceType: "docker", dockerImage: "acme/web:1" });
      const { code, output } = await ended({
        URL: emulator.url,
        KEY: emulator.apiKey,
        APPLICATION: applicationId,
      });
      assert.deepEqual([code, output], [0, "done\n"]);
      assert.deepEqual(emulator.containerEnv(applicationId), { LEVEL: "debug" });
    } finally {
      await emulator.close();
    }
  });
});

/** Runs the script in a process of its own, while this one has the emulator. */
async function ended(env: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ["-e", script], {
    cwd: root,
    env: { ...process.env, ...env, TS_NODE_TRANSPILE_ONLY: "1" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, output };
}
