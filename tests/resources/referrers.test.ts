import * as assert from "node:assert/strict";
import { type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("services that refer to shared variables", () => {
  let server: Server;
  let count = 0;
  let projectId: string;
  let environmentId: string;
  let stagingId: string;
  let state: Values;
  const ids: Record<string, string> = {};
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  beforeEach(async () => {
    count += 1;
    server.newRun({ waitFor: "deployed" });
    const made = await server.Project.create(
      project({ HOST: "db", PORT: "1", VIA: "${{environment.STAGE}}" }),
    );
    projectId = made.id;
    state = made.outs;
    environmentId = String(made.outs["defaultEnvironmentId"]);
    const staging = await server.Environment.create(
      stagingOf({ STAGE: "staging", HOST: "${{project.HOST}}" }),
    );
    stagingId = staging.id;
    await deployed("host", environmentId, "URL=http://${{project.HOST}}");
    await deployed("port", environmentId, "PORT=${{project.PORT}}");
    await deployed("staged", stagingId, "STAGE=${{environment.STAGE}}");
    await deployed("via", stagingId, "STAGE=${{project.VIA}}");
    await deployed("unread", stagingId, "HOST=1");
    const { applicationId } = await server.byHand<{ applicationId: string }>("application.create", {
      name: "never",
      environmentId,
    });
    await server.byHand("application.update", { applicationId, env: "URL=${{project.HOST}}" });
    const { composeId } = await server.byHand<{ composeId: string }>("compose.create", {
      name: "cache",
      environmentId: stagingId,
    });
    const composeFile = "services:\n  web:\n    image: nginx:1\n";
    await server.byHand("compose.update", {
      composeId,
      sourceType: "raw",
      composeFile,
      env: "H=${{project.HOST}}",
    });
    await server.byHand("compose.deploy", { composeId });
    ids["cache"] = composeId;
    while ((await server.context.api.call("deployment.queueList", {})).length > 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    server.newRun({ waitFor: "deployed" });
    server.warnings.length = 0;
  });

  const project = (env: Values, more: Values = {}) => withProvider({ name: `shop ${count}`, env, ...more });
  const stagingOf = (env: Values, more: Values = {}) =>
    withProvider({ projectId, name: "staging", env, ...more });
  const redeploy = { redeployReferrers: true };

  async function deployed(name: string, inEnvironment: string, env: string): Promise<void> {
    const { applicationId } = await server.byHand<{ applicationId: string }>("application.create", {
      name,
      environmentId: inEnvironment,
    });
    const docker = { sourceType: "docker", dockerImage: `acme/${name}:1` };
    await server.byHand("application.update", { applicationId, ...docker, env });
    await server.byHand("application.deploy", { applicationId });
    ids[name] = applicationId;
  }

  /** Names of what was deployed since the run began. */
  function deployments(): string[] {
    const names = server.emulator.calls.flatMap(({ endpoint, input }) => {
      if (!/\.(re)?deploy$/.test(endpoint)) return [];
      const { applicationId, composeId } = input as Record<string, string>;
      return Object.keys(ids).filter((name) => ids[name] === (applicationId ?? composeId));
    });
    return names.sort();
  }

  it("are deployed, and only those that were deployed before, in every environment of the project", async () => {
    const news = project({ HOST: "db2", PORT: "1", VIA: "${{environment.STAGE}}" }, redeploy);
    const { outs } = await server.Project.update(projectId, state, news);
    assert.deepEqual(deployments(), ["cache", "host"]);
    assert.deepEqual(server.emulator.containerEnv(ids["host"] ?? ""), { URL: "http://db2" });
    assert.equal(outs["pendingReferrers"], undefined);
  });

  it("are named by the plan, with what it means without redeployReferrers", async () => {
    const change = { HOST: "db2", PORT: "1", VIA: "${{environment.STAGE}}" };
    await server.Project.diff(projectId, state, project(change, redeploy));
    assert.match(
      server.warnings.join("\n"),
      /Project "shop \d+" changes HOST: the services that refer to it are deployed: application "host" \(.*compose service "cache" \(/,
    );
    assert.doesNotMatch(server.warnings.join("\n"), /never|port|db2/);
    server.warnings.length = 0;
    await server.Project.diff(projectId, state, project(change));
    assert.match(
      server.warnings.join("\n"),
      /only with their next deployment: application "host".*redeployReferrers: true/,
    );
    server.newRun();
    await server.Project.diff(
      projectId,
      state,
      project({ HOST: "db", PORT: "1", VIA: "${{environment.STAGE}}" }),
    );
    assert.deepEqual(server.calls(), []);
  });

  it("are named when the project takes out what they need", async () => {
    await server.Project.diff(projectId, state, project({ HOST: "db", VIA: "${{environment.STAGE}}" }));
    assert.match(
      server.warnings.join("\n"),
      /takes out PORT, to which the application "port" \(.*\) refers \(env\.PORT\): its next deployment fails/,
    );
  });

  it("are not deployed without redeployReferrers", async () => {
    await server.Project.update(projectId, state, project({ HOST: "db2" }));
    assert.deepEqual(deployments(), []);
    assert.deepEqual(server.calls(), ["project.one", "project.update"]);
  });

  it("of an environment are those in it, also when a variable of the project leads there", async () => {
    const olds = stagingOf({ STAGE: "staging", HOST: "${{project.HOST}}" });
    const news = stagingOf({ STAGE: "two", HOST: "${{project.HOST}}" }, redeploy);
    await server.Environment.update(stagingId, olds, news);
    assert.deepEqual(deployments(), ["staged", "via"]);
    assert.deepEqual(server.emulator.containerEnv(ids["via"] ?? ""), { STAGE: "two" });
  });

  it("of a block are those that refer to what the block changes", async () => {
    const target = { projectId };
    const made = await server.EnvironmentBlock.create(
      withProvider({ target, mode: "additive", env: { PORT: "2" }, ...redeploy }),
    );
    assert.deepEqual(deployments(), ["port"]);
    server.newRun({ waitFor: "deployed" });
    const news = withProvider({ target, mode: "additive", env: { PORT: "3" }, ...redeploy });
    await server.EnvironmentBlock.diff(made.id, made.outs, news);
    assert.match(server.warnings.join("\n"), /changes PORT: .*deployed: application "port"/);
    await server.EnvironmentBlock.update(made.id, made.outs, news);
    assert.deepEqual(deployments(), ["port"]);
    assert.deepEqual(server.emulator.containerEnv(ids["port"] ?? ""), { PORT: "3" });
  });

  it("that fail are named with the reason, and deployed again by the next run, and no others", async () => {
    await server.byHand("application.update", {
      applicationId: ids["host"],
      env: "URL=http://${{project.HOST}}\nBAD=${{NOPE}}",
    });
    const news = project({ HOST: "db2", PORT: "1", VIA: "${{environment.STAGE}}" }, redeploy);
    const failure = await server.Project.update(projectId, state, news).then(
      () => undefined,
      (error: unknown) => error as { message: string; properties: Values },
    );
    assert.match(failure?.message ?? "", /of 2 services .* 1 failed.*\n- application "host".*NOPE/s);
    assert.deepEqual(failure?.properties["pendingReferrers"], [`application/${ids["host"]}`]);
    const left = failure?.properties ?? {};
    assert.equal((left["env"] as Values)["HOST"], "db2");

    server.newRun({ waitFor: "deployed" });
    assert.deepEqual(await server.Project.diff(projectId, left, news), { changes: true });
    assert.deepEqual(server.calls(), []);
    await server.byHand("application.update", { applicationId: ids["host"], env: "URL=${{project.HOST}}" });
    const { outs } = await server.Project.update(projectId, left, news);
    assert.deepEqual(deployments(), ["host"]);
    assert.equal(outs["pendingReferrers"], undefined);
    assert.deepEqual(await server.Project.diff(projectId, outs, news), { changes: false });
  });

  it("that could not be looked up once the variables were saved are looked up and deployed by the next run", async () => {
    const inputs = withProvider({ target: { projectId }, mode: "additive", env: { PORT: "7" }, ...redeploy });
    server.emulator.faults.add({
      endpoint: /^application\.one$/,
      times: Number.POSITIVE_INFINITY,
      status: 500,
    });
    const failure = await server.EnvironmentBlock.create(inputs).then(
      () => undefined,
      (error: unknown) => error as { id: string; properties: Values },
    );
    assert.deepEqual(failure?.properties["pendingReferrers"], ["PORT"]);
    server.emulator.faults.clear();
    server.newRun({ waitFor: "deployed" });
    const left = failure?.properties ?? {};
    assert.deepEqual(await server.EnvironmentBlock.diff(failure?.id ?? "", left, inputs), { changes: true });
    const { outs } = await server.EnvironmentBlock.update(failure?.id ?? "", left, inputs);
    assert.deepEqual(deployments(), ["port"]);
    assert.equal(outs["pendingReferrers"], undefined);
  });

  it("keep what is left to do over a refresh, and give it up with redeployReferrers", async () => {
    const left = { ...state, ...redeploy, pendingReferrers: ["application/x"] };
    const { props } = await server.Project.read(projectId, left);
    assert.deepEqual(props?.["pendingReferrers"], ["application/x"]);
    const { outs } = await server.Project.update(projectId, left, project(state["env"] as Values));
    assert.equal(outs["pendingReferrers"], undefined);
    assert.deepEqual(deployments(), []);
  });

  it("that a resource of the same run deploys are not deployed twice", async () => {
    const id = ids["host"] ?? "";
    const inputs = (image: string) =>
      withProvider({
        name: "host",
        environmentId,
        source: { type: "docker", image },
        env: { URL: "http://${{project.HOST}}" },
      });
    const olds = { ...inputs("acme/host:1"), appName: "host", status: "done" };
    const news = project({ HOST: "db2", PORT: "1", VIA: "${{environment.STAGE}}" }, redeploy);
    await server.Application.diff(id, olds, inputs("acme/host:2"));
    await server.Project.diff(projectId, state, news);
    // In whatever order Pulumi begins them.
    await Promise.all([
      server.Application.update(id, olds, inputs("acme/host:2")),
      server.Project.update(projectId, state, news),
    ]);
    assert.deepEqual(server.emulator.containerEnv(id), { URL: "http://db2" });
    assert.deepEqual(deployments(), ["cache", "host"]);
  });

  it("are deployed also where a resource of the program makes them, whose own plan stays empty", async () => {
    const id = ids["host"] ?? "";
    const host = withProvider({
      name: "host",
      environmentId,
      source: { type: "docker", image: "acme/host:1" },
      env: { URL: "http://${{project.HOST}}" },
    });
    const olds = { ...host, appName: "host", status: "done" };
    const news = project({ HOST: "db2", PORT: "1", VIA: "${{environment.STAGE}}" }, redeploy);
    await server.Project.diff(projectId, state, news);
    assert.deepEqual(await server.Application.diff(id, olds, host), { changes: false });
    await server.Project.update(projectId, state, news);
    assert.deepEqual(deployments(), ["cache", "host"]);
    assert.deepEqual(await server.Application.diff(id, olds, host), { changes: false });
  });

  it("outside of what the run works on wait for another run", async () => {
    server.newRun({ waitFor: "deployed", only: "cache" });
    const news = project({ HOST: "db2", PORT: "1", VIA: "${{environment.STAGE}}" }, redeploy);
    const { outs } = await server.Project.update(projectId, state, news);
    assert.deepEqual(deployments(), ["cache"]);
    assert.deepEqual(outs["pendingReferrers"], [`application/${ids["host"]}`]);
  });
});
