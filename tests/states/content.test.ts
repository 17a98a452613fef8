import * as assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator";
import { contentOf, fill } from "./content";

type Row = Record<string, string>;

describe("the content of an emulated server", () => {
  const started: Emulator[] = [];
  afterEach(async () => {
    for (const emulator of started.splice(0)) await emulator.close();
  });
  const start = async () => {
    const emulator = await startEmulator({ buildMs: 0 });
    started.push(emulator);
    return emulator;
  };

  async function call<T = Row>(emulator: Emulator, endpoint: string, input: object): Promise<T> {
    const response = await fetch(`${emulator.url}/api/${endpoint}`, {
      method: "POST",
      headers: { "x-api-key": emulator.apiKey, "content-type": "application/json" },
      body: JSON.stringify(input),
    });
    const text = await response.text();
    assert.equal(response.status, 200, `${endpoint}: ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  /** A project with a service of each kind, deployed, and what belongs to an application. */
  async function furnish(emulator: Emulator) {
    const { environment } = await call<{ environment: Row }>(emulator, "project.create", { name: "shop" });
    const { environmentId } = environment;
    const { applicationId = "" } = await call(emulator, "application.create", { name: "api", environmentId });
    const git = { sourceType: "git", customGitUrl: "https://git.acme.dev/api.git", customGitBranch: "main" };
    await call(emulator, "application.update", { applicationId, ...git, env: "A=1", replicas: 2 });
    await call(emulator, "port.create", { applicationId, publishedPort: 8080, targetPort: 80 });
    await call(emulator, "application.deploy", { applicationId });
    const composes: string[] = [];
    for (const composeType of ["docker-compose", "stack"]) {
      const { composeId = "" } = await call(emulator, "compose.create", {
        name: composeType,
        environmentId,
        composeType,
      });
      const composeFile = "services:\n  web:\n    image: nginx\n    environment: [A]\n    env_file: .env\n";
      await call(emulator, "compose.update", { composeId, sourceType: "raw", composeFile, env: "A=1" });
      await call(emulator, "compose.deploy", { composeId });
      composes.push(composeId);
    }
    while (composes.some((id) => emulator.containerEnv(id) === undefined))
      await new Promise((resolve) => setTimeout(resolve, 10));
    return { applicationId, composes };
  }

  it("is the same in the server that starts from it, which continues alone", async () => {
    const first = await start();
    first.connect("github");
    const { applicationId, composes } = await furnish(first);
    const content = contentOf(first);
    // As a file would keep it.
    const second = await start();
    fill(second, JSON.parse(JSON.stringify(content)));
    assert.deepEqual(JSON.parse(JSON.stringify(contentOf(second))), JSON.parse(JSON.stringify(content)));
    assert.deepEqual(second.containerEnv(applicationId), { A: "1" });
    for (const id of composes) {
      assert.equal(second.containerEnv(id, "web")?.["A"], "1");
      assert.deepEqual(second.containerEnv(id), first.containerEnv(id));
      assert.deepEqual(second.serviceFolder(id), first.serviceFolder(id));
    }
    assert.deepEqual(second.takenUp(applicationId), first.takenUp(applicationId));

    await call(second, "application.delete", { applicationId });
    assert.deepEqual(contentOf(first), content);
    assert.equal(contentOf(second).rows["application"], undefined);
  });
});
