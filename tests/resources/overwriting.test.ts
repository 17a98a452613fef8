import * as assert from "node:assert/strict";
import { makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("variables that a program begins to give", () => {
  let server: Server;
  let environmentId: string;
  let applicationId: string;
  let composeId: string;
  let count = 0;
  before(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
  });
  after(() => server.close());
  beforeEach(async () => {
    count += 1;
    ({ applicationId } = await server.byHand<{ applicationId: string }>("application.create", {
      name: `api ${count}`,
      environmentId,
    }));
    await server.byHand("application.update", {
      applicationId,
      sourceType: "docker",
      dockerImage: "acme/api:1",
      env: "MINE=1\nHAND=canary-1\nOTHER=canary-2",
    });
    await server.byHand("application.deploy", { applicationId });
    ({ composeId } = await server.byHand<{ composeId: string }>("compose.create", {
      name: `jobs ${count}`,
      environmentId,
    }));
    await server.byHand("compose.update", {
      composeId,
      sourceType: "raw",
      composeFile: "services:\n  web:\n    image: nginx:1\n    env_file: .env\n",
      env: "A=1",
    });
    await server.byHand("compose.deploy", { composeId });
    await idle();
    server.newRun();
    server.warnings.length = 0;
  });

  async function idle(): Promise<void> {
    while ((await server.context.api.call("deployment.queueList", {})).length > 0) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  const deployments = () => server.calls().filter((call) => /\.(deploy|redeploy|reload)$/.test(call));
  const block = (more: Values) => withProvider({ target: { applicationId }, ...more });
  const application = (more: Values = {}) =>
    withProvider({
      name: `api ${count}`,
      environmentId,
      source: { type: "docker", image: "acme/api:1" },
      ...more,
    });
  const compose = (more: Values = {}) =>
    withProvider({
      name: `jobs ${count}`,
      environmentId,
      source: {
        type: "raw",
        composeFile: "services:\n  web:\n    image: nginx:1\n    env_file: .env\n",
      },
      ...more,
    });

  describe("are named by the plan if somebody else set them", () => {
    it("by an additive block that becomes exclusive", async () => {
      const made = await server.EnvironmentBlock.create(
        block({ mode: "additive", env: { MINE: "1", GONE: "1" } }),
      );
      server.newRun();
      for (const mode of [{ mode: "exclusive" }, {}]) {
        server.warnings.length = 0;
        const news = block({ ...mode, env: { MINE: "1", OTHER: "3" } });
        await server.EnvironmentBlock.diff(made.id, made.outs, news);
        assert.match(
          server.warnings.join("\n"),
          /adopts variables of the application "api \d+" \(.*\): removes HAND; changes OTHER\.$/,
        );
      }
      assert.doesNotMatch(server.warnings.join("\n"), /canary|GONE/);
    });

    it("by a block that becomes additive, which takes nothing", async () => {
      const made = await server.EnvironmentBlock.create(block({ env: { MINE: "1" } }));
      server.newRun();
      server.warnings.length = 0;
      await server.EnvironmentBlock.diff(made.id, made.outs, block({ mode: "additive", env: { MINE: "1" } }));
      assert.deepEqual(server.warnings, []);
    });

    it("by a text that an exclusive block or a service did not give before", async () => {
      await server.byHand("application.update", { applicationId, buildArgs: "ARG=1" });
      const made = await server.EnvironmentBlock.create(block({ mode: "exclusive", env: { MINE: "1" } }));
      server.newRun();
      server.warnings.length = 0;
      const news = block({ mode: "exclusive", env: { MINE: "1" }, buildArgs: { NEW: "1" } });
      await server.EnvironmentBlock.diff(made.id, made.outs, news);
      assert.match(server.warnings.join("\n"), /: buildArgs removes ARG\.$/);

      server.warnings.length = 0;
      const olds = { ...application(), appName: "api", status: "done" };
      await server.byHand("application.update", { applicationId, env: "MINE=1\nHAND=canary-1" });
      server.newRun();
      await server.Application.diff(applicationId, olds, application({ env: { MINE: "2" } }));
      assert.match(
        server.warnings.join("\n"),
        /Application "api \d+" adopts .*: removes HAND; changes MINE\.$/,
      );
    });

    it("by a project or an environment that did not give any before", async () => {
      const { id: projectId, outs: project } = await server.Project.create({ name: `shop ${count}` });
      const { id, outs } = await server.Environment.create({ projectId, name: "staging" });
      await server.byHand("project.update", { projectId, env: "SAME=1\nHAND=canary-1\nOTHER=canary-2" });
      await server.byHand("environment.update", { environmentId: id, env: "HAND=canary-3" });
      const refers = { name: "web", environmentId: id };
      const { applicationId: web } = await server.byHand<{ applicationId: string }>(
        "application.create",
        refers,
      );
      await server.byHand("application.update", { applicationId: web, env: "URL=${{environment.HAND}}" });
      server.newRun();
      server.warnings.length = 0;
      const env = { SAME: "1", OTHER: "3", NEW: "1" };
      await server.Project.diff(projectId, project, { name: `shop ${count}`, env });
      await server.Environment.diff(id, outs, { projectId, name: "staging", env: {} });
      assert.match(
        server.warnings.join("\n"),
        /^Project "shop \d+" adopts variables of the project: removes HAND; changes OTHER\.$/m,
      );
      assert.match(
        server.warnings.join("\n"),
        /^Environment "staging" adopts variables of the environment: removes HAND\.$/m,
      );
      assert.match(
        server.warnings.join("\n"),
        /^Environment "staging" removes HAND, to which the application "web" .*refers \(env\.URL\)/m,
      );
      assert.doesNotMatch(server.warnings.join("\n"), /canary/);
    });
  });

  describe("and that the service already has", () => {
    const adopt = async () => {
      const { id, outs } = await server.Application.create(application({ import: applicationId }));
      server.newRun();
      return { id, outs };
    };
    const env = { MINE: "1", HAND: "canary-1", OTHER: "canary-2" };

    it("deploy nothing", async () => {
      const { id, outs } = await adopt();
      const { outs: saved } = await server.Application.update(id, outs, application({ env }));
      assert.deepEqual(deployments(), []);
      assert.equal(saved["pending"], undefined);
      assert.deepEqual(await server.Application.diff(id, saved, application({ env })), { changes: false });
    });

    it("deploy when a run that was killed has saved them, and the containers do not have them", async () => {
      const { id, outs } = await adopt();
      await server.byHand("application.update", { applicationId, env: "MINE=2" });
      await server.Application.update(id, outs, application({ env: { MINE: "2" } }));
      assert.deepEqual(deployments(), ["application.deploy"]);
      assert.deepEqual(server.emulator.containerEnv(applicationId), { MINE: "2" });
    });

    it("deploy when an earlier deployment is still due", async () => {
      const { id, outs } = await adopt();
      await server.Application.update(id, { ...outs, pending: "deploy" }, application({ env }));
      assert.deepEqual(deployments(), ["application.deploy"]);
    });

    it("deploy when something else changes too", async () => {
      const { id, outs } = await adopt();
      const news = application({ env, source: { type: "docker", image: "acme/api:2" } });
      await server.Application.update(id, outs, news);
      assert.deepEqual(deployments(), ["application.deploy"]);
    });

    it("deploy when they changed in the program, though somebody saved the new values: nobody knows more", async () => {
      await server.byHand("application.update", { applicationId, env: "MINE=2" });
      const olds = { ...application({ env: { MINE: "1" } }), appName: "api", status: "done" };
      await server.Application.update(applicationId, olds, application({ env: { MINE: "2" } }));
      assert.deepEqual(deployments(), ["application.deploy"]);
    });

    it("deploy no compose service either, as far as its containers show them", async () => {
      const { id, outs } = await server.Compose.create(compose({ import: composeId }));
      server.newRun();
      await server.Compose.update(id, outs, compose({ env: { A: "1" } }));
      assert.deepEqual(deployments(), []);
      await server.byHand("compose.update", { composeId, env: "A=2" });
      server.newRun();
      await server.Compose.update(id, outs, compose({ env: { A: "2" } }));
      assert.deepEqual(deployments(), ["compose.deploy"]);
    });

    it("deploy nothing through a block either", async () => {
      await server.byHand("application.update", { applicationId, buildArgs: "ARG=1" });
      const made = await server.EnvironmentBlock.create(block({ buildArgs: { ARG: "1" } }));
      server.newRun();
      await server.EnvironmentBlock.update(made.id, made.outs, block({ buildArgs: { ARG: "1" }, env }));
      assert.deepEqual(deployments(), []);
    });
  });
});
