import * as assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator";
import { normalLog } from "./compare";
import { Dokploy } from "./http";
import { needsReference } from "./reference";

interface FailingLog {
  readonly full: string;
  readonly deployment: { readonly status: string };
}

const git = (url: string, more: Record<string, unknown> = {}) => ({
  sourceType: "git",
  customGitUrl: `http://127.0.0.1:3401/${url}.git`,
  customGitBranch: "main",
  buildType: "dockerfile",
  ...more,
});
const docker = (dockerImage: string) => ({ sourceType: "docker", dockerImage });
const web = (more: string) => `services:\n  web:\n    image: 127.0.0.1:5000/hello:1.0\n${more}`;

/** The settings that lead to the recorded failures. */
const applications: Record<string, Record<string, unknown>> = {
  "pull-unknown-tag": docker("127.0.0.1:5000/hello:nope"),
  "pull-unknown-repo": docker("127.0.0.1:5000/nope:1"),
  "pull-registry-down": docker("127.0.0.1:5999/hello:1"),
  "pull-docker-hub-unreachable": docker("redis:7"),
  "pull-bad-name": docker("UPPER/Case:1"),
  "pull-empty-name": docker(""),
  "build-fails": git("bad"),
  "build-fails-redeploy": git("bad"),
  "dockerfile-missing": git("hello", { dockerfile: "Nope" }),
  "clone-unknown-repo": git("nope"),
  "clone-unknown-branch": git("hello", { customGitBranch: "nope" }),
  "buildarg-missing-ref": git("hello", { buildArgs: `A=$${"{{NOPE}}"}` }),
  "env-missing-ref-dockerfile": git("hello", { env: `A=$${"{{NOPE}}"}` }),
};
const composes: Record<string, Record<string, unknown>> = {
  "compose-missing-ref": { composeFile: web(""), env: `A=$${"{{NOPE}}"}` },
  "compose-bad-yaml": { composeFile: "services: [\n" },
  "compose-unknown-image": { composeFile: "services:\n  web:\n    image: 127.0.0.1:5000/hello:nope\n" },
  "compose-required-variable-missing": {
    composeFile: web(`    environment:\n      - A=$${"{A:?A is required}"}\n`),
  },
  "compose-empty-file": { composeFile: "" },
  "compose-createEnvFile-false-with-env_file": {
    composeFile: web("    env_file: .env\n"),
    createEnvFile: false,
    env: "A=1",
  },
};

/** Recorded failures that the emulator does not have. */
const notEmulated: Record<string, string> = {
  "pull-login-fails": "the emulated registry knows no passwords",
  "build-secret": "the recorded machine lacked BuildKit",
};

describe("recorded logs of failing deployments", () => {
  let recorded: Record<string, FailingLog> = {};
  let emulator: Emulator;
  let server: Dokploy;
  let environmentId: string;

  before(async function () {
    recorded = JSON.parse(needsReference(this, "failing-logs.json")) as Record<string, FailingLog>;
    emulator = await startEmulator({ buildMs: 0 });
    emulator.registry.unreachable.set(
      "docker.io",
      'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.255.255.53:53: no such host',
    );
    emulator.registry.unreachable.set(
      "127.0.0.1:5999",
      'Get "http://127.0.0.1:5999/v2/": dial tcp 127.0.0.1:5999: connect: connection refused',
    );
    emulator.git.set("http://127.0.0.1:3401/bad.git", {
      message: "failing build",
      hash: "9a007bafbadbf80ddb1b7a60edbfaefea78d4bb1",
      buildError: "The command '/bin/sh -c echo this build fails; exit 7' returned a non-zero code: 7",
    });
    server = new Dokploy(emulator.url, emulator.apiKey);
    const project = await server.post("project.create", { name: "failures" });
    environmentId = (project.body as { environment: { environmentId: string } }).environment.environmentId;
  });
  after(() => emulator?.close());

  it("every recorded failure is tried, or left out for a reason", () => {
    const tried = [...Object.keys(applications), ...Object.keys(composes), ...Object.keys(notEmulated)];
    assert.deepEqual(tried.sort(), Object.keys(recorded).sort());
  });

  for (const [name, settings] of Object.entries(applications))
    it(`${name}: the application's deployment ends with the recorded log`, async () => {
      const created = await server.post("application.create", { name, environmentId });
      const { applicationId, appName } = created.body as { applicationId: string; appName: string };
      await server.post("application.update", { applicationId, ...settings });
      await server.post("application.deploy", { applicationId });
      if (name.endsWith("-redeploy")) await server.post("application.redeploy", { applicationId });
      await server.idle();
      await check(name, appName, await server.get("deployment.all", { applicationId }));
    });

  for (const [name, settings] of Object.entries(composes))
    it(`${name}: the compose deployment ends with the recorded log`, async () => {
      const created = await server.post("compose.create", { name, environmentId, appName: "envexp" });
      const { composeId, appName } = created.body as { composeId: string; appName: string };
      await server.post("compose.update", { composeId, sourceType: "raw", ...settings });
      await server.post("compose.deploy", { composeId });
      await server.idle();
      await check(name, appName, await server.get("deployment.allByCompose", { composeId }));
    });

  async function check(name: string, appName: string, list: { body: unknown }): Promise<void> {
    const [record] = list.body as { deploymentId: string; status: string }[];
    assert.ok(record);
    const log = String((await server.get("deployment.readLogs", { deploymentId: record.deploymentId })).body);
    const expected = recorded[name];
    assert.ok(expected);
    assert.equal(record.status, expected.deployment.status);
    assert.equal(named(log, appName), named(expected.full, "envexp-[a-z0-9]{6}"));
  }
});

function named(log: string, appName: string): string {
  return normalLog(log).replaceAll(new RegExp(appName, "g"), "<app>");
}
