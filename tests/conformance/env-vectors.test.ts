import * as assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator";
import { checkEnv, readEnv, writeEnv } from "../../provider/env/codec";
import { Dokploy } from "./http";
import { jsonLines, needsReference } from "./reference";

/** An env text, and what a real container saw of it. */
interface Vector {
  readonly name: string;
  readonly kind: "application-docker" | "application-dockerfile-buildarg" | "compose-raw" | "compose-stack";
  readonly variant?: string;
  readonly composeFile?: string;
  readonly text: string;
  readonly project?: string;
  readonly environment?: string;
  readonly deploy: "done" | "error";
  readonly seen?: Record<string, string>;
  readonly logTail?: string;
  /** Of a stack, the log's last lines. */
  readonly log?: readonly string[];
  /** Keys whose value depends on the machine. */
  readonly volatile?: readonly string[];
}

describe("recorded env texts: what containers see", function () {
  this.timeout(60_000);
  let vectors: Vector[] = [];
  let stacks: Vector[] = [];
  let emulator: Emulator;
  let server: Dokploy;

  before(async function () {
    vectors = jsonLines(needsReference(this, "env-vectors.jsonl")) as Vector[];
    // The node's own id and name depend on the machine.
    stacks = (jsonLines(needsReference(this, "stack-vectors.jsonl")) as Vector[]).map((vector) =>
      vector.name === "go-template-node" ? { ...vector, volatile: ["A"] } : vector,
    );
    emulator = await startEmulator({ buildMs: 0 });
    server = new Dokploy(emulator.url, emulator.apiKey);
  });
  after(() => emulator?.close());

  it("an application's containers get the recorded variables, or the deployment fails with the recorded log", async () => {
    await checkAll(vectors.filter(({ kind }) => kind === "application-docker"));
  });

  it("the .env of a compose service holds the recorded variables, or the deployment fails with the recorded log", async () => {
    await checkAll(vectors.filter(({ kind, variant }) => kind === "compose-raw" && variant === "env_file"));
  });

  it("a build argument with an unknown reference fails the deployment with the recorded log", async () => {
    await checkAll(
      vectors.filter(({ kind, deploy }) => kind === "application-dockerfile-buildarg" && deploy === "error"),
    );
  });

  it("containers of a stack get the recorded variables, or the deployment fails with the recorded log", async () => {
    await checkAll(stacks);
  });

  it("containers of a stack get what this program writes for each recorded map, as it is", async () => {
    const written = stacks.flatMap((vector) => {
      const env = readEnv(vector.text, "compose");
      // What only the deployment knows of: references, and what others are told to fill in.
      if (/\$\{\{/.test(vector.text) || checkEnv(env, "stack").length > 0) return [];
      const text = writeEnv(env, "stack");
      const taken = [...(vector.composeFile ?? "").matchAll(/- (\w+)=\$\{\1\}/g)].map(([, key = ""]) => key);
      const seen =
        vector.variant === "env_file" ? env : Object.fromEntries(taken.map((key) => [key, env[key] ?? ""]));
      return [{ ...vector, text, deploy: "done" as const, seen, volatile: [] }];
    });
    assert.ok(written.length > 100, String(written.length));
    await checkAll(written);
  });

  async function checkAll(chosen: readonly Vector[]): Promise<void> {
    assert.ok(chosen.length > 5, "the recording holds such texts");
    const failures: string[] = [];
    for (const vector of chosen) {
      try {
        await check(vector);
      } catch (error) {
        failures.push(`${vector.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    assert.equal(failures.length, 0, `${failures.length} of ${chosen.length} differ\n${failures.join("\n")}`);
  }

  async function check(vector: Vector): Promise<void> {
    const created = await server.post("project.create", { name: "vectors", env: vector.project ?? "" });
    const { environmentId } = (created.body as { environment: { environmentId: string } }).environment;
    await server.post("environment.update", { environmentId, env: vector.environment ?? "" });
    const isCompose = vector.kind === "compose-raw" || vector.kind === "compose-stack";
    const id = await (isCompose ? deployCompose : deployApplication)(vector, environmentId);
    await server.idle();
    const endpoint = isCompose ? "deployment.allByCompose" : "deployment.all";
    const key = isCompose ? "composeId" : "applicationId";
    const [record] = (await server.get(endpoint, { [key]: id })).body as {
      deploymentId: string;
      status: string;
    }[];
    assert.ok(record);
    const log = String((await server.get("deployment.readLogs", { deploymentId: record.deploymentId })).body);
    assert.equal(record.status, vector.deploy, log);
    if (vector.deploy === "error" && vector.log !== undefined) {
      const lines = log.split("\n").filter((line) => line !== "");
      assert.deepEqual(lines.slice(-vector.log.length).map(masked), vector.log.map(masked));
      return;
    }
    if (vector.deploy === "error") {
      assert.equal(masked(log), masked(`${vector.logTail}\n`));
      return;
    }
    const inStack = vector.variant === "env_file" ? "f" : "i";
    const seen = emulator.containerEnv(id, vector.kind === "compose-stack" ? inStack : undefined) ?? {};
    const expected = Object.entries(vector.seen ?? {}).filter(
      ([name, value]) => !vector.volatile?.includes(name) && value !== "<appName>",
    );
    // Dokploy's own; where the text has one of them it is compared.
    for (const name of ["APP_NAME", "COMPOSE_PROJECT_NAME", "DOCKER_CONFIG", ...(vector.volatile ?? [])])
      if (!expected.some(([key]) => key === name)) delete seen[name];
    assert.deepEqual({ ...seen }, Object.fromEntries(expected));
  }

  async function deployApplication(vector: Vector, environmentId: string): Promise<string> {
    const created = await server.post("application.create", { name: "app", environmentId });
    const { applicationId } = created.body as { applicationId: string };
    const source =
      vector.kind === "application-docker"
        ? { sourceType: "docker", dockerImage: "127.0.0.1:5000/hello:1.0", env: vector.text }
        : {
            sourceType: "git",
            customGitUrl: "http://127.0.0.1/app.git",
            customGitBranch: "main",
            buildType: "dockerfile",
            buildArgs: vector.text,
          };
    await server.post("application.update", { applicationId, ...source });
    await server.post("application.deploy", { applicationId });
    return applicationId;
  }

  async function deployCompose(vector: Vector, environmentId: string): Promise<string> {
    const { composeFile = "", text: env } = vector;
    const created = await server.post("compose.create", { name: "stack", environmentId, composeFile });
    const { composeId } = created.body as { composeId: string };
    const composeType = vector.kind === "compose-stack" ? "stack" : "docker-compose";
    await server.post("compose.update", { composeId, sourceType: "raw", composeType, env });
    await server.post("compose.deploy", { composeId });
    return composeId;
  }
});

function masked(log: string): string {
  return log
    .replace(/sha256:[0-9a-f]{64}/g, "sha256:<digest>")
    .replace(/(?:compose|stack)-[\w-]+?-\w{6}(?=[_/])/g, "<app>");
}
