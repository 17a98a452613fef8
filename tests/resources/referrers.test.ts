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
    await settled();
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

  /** Waits until nothing is deployed any more. */
  async function settled(): Promise<void> {
    while ((await server.context.api.call("deployment.queueList", {})).length > 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** The services that a state leaves for another run, without their newest deployments. */
  function pathsIn(outputs: Values | undefined): string[] {
    const entries = (outputs?.["pendingReferrers"] ?? []) as string[];
    return entries.map((entry) => entry.split("/").slice(0, 2).join("/"));
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

  it("are named by the plan, with the effect of leaving out redeployReferrers", async () => {
    const change = { HOST: "db2", PORT: "1", VIA: "${{environment.STAGE}}" };
    await server.Project.diff(projectId, state, project(change, redeploy));
    assert.match(
      server.warnings.join("\n"),
      /Project "shop \d+" changes HOST: the services that refer to it are deployed: application "host" \(.*compose service "cache" \(/,
    );
    assert.doesNotMatch(server.warnings.join("\n"), /never|"port"|db2/);
    assert.match(server.warnings.join("\n"), /also changes in this run is then deployed again/);
    server.warnings.length = 0;
    await server.Project.diff(projectId, state, project(change));
    assert.match(
      server.warnings.join("\n"),
      /for another reason, they get the change only with their next deployment: application "host".*redeployReferrers: true/,
    );
    const target = { applicationId: ids["host"] };
    await server.byHand("application.update", { ...target, env: "URL=http://${{project.HOST}}\nSTAGE=one" });
    server.newRun();
    server.warnings.length = 0;
    const block = (stage: string) => withProvider({ target, mode: "additive", env: { STAGE: stage } });
    await server.EnvironmentBlock.diff(`application/${ids["host"]}`, block("one"), block("two"));
    await server.Project.diff(projectId, state, project(change));
    assert.match(server.warnings.join("\n"), /their next deployment: compose service "cache"/);
    const [unordered = ""] = server.warnings.filter((warning) => warning.includes('application "host"'));
    assert.match(
      unordered,
      /changes HOST\. These services .* change in this run too, but Pulumi may deploy them before/,
    );
    assert.doesNotMatch(unordered, /"cache"/);
    server.newRun();
    await server.Project.diff(
      projectId,
      state,
      project({ HOST: "db", PORT: "1", VIA: "${{environment.STAGE}}" }),
    );
    assert.deepEqual(server.calls(), []);
  });

  it("are named when the project removes a variable that they need", async () => {
    await server.Project.diff(projectId, state, project({ HOST: "db", VIA: "${{environment.STAGE}}" }));
    assert.match(
      server.warnings.join("\n"),
      /removes PORT, to which the application "port" \(.*\) refers \(env\.PORT\): its next deployment fails/,
    );
    server.newRun();
    server.warnings.length = 0;
    await server.Project.diff(projectId, state, project({ VIA: "${{environment.STAGE}}" }));
    const warnings = server.warnings.join("\n");
    assert.match(warnings, /removes PORT, to which the application "port"/);
    assert.match(warnings, /removes HOST, to which the application "host"/);
  });

  it("are not deployed by redeployReferrers alone, and the plan says so", async () => {
    const env = { HOST: "db", PORT: "1", VIA: "${{environment.STAGE}}" };
    const said = /redeployReferrers deploys services for changes from now on/;
    await server.Project.diff(projectId, state, project(env, redeploy));
    assert.match(server.notices.splice(0).join(), said);
    await server.Project.diff(projectId, state, project({ ...env, HOST: "db2" }, redeploy));
    assert.doesNotMatch(server.notices.splice(0).join(), said);
    await server.Project.diff(projectId, { ...state, ...redeploy }, project(env));
    assert.doesNotMatch(server.notices.splice(0).join(), said);
    const block = (more: Values) =>
      withProvider({
        target: { environmentId: stagingId },
        mode: "additive",
        env: { STAGE: "staging" },
        ...more,
      });
    await server.EnvironmentBlock.diff(`environment/${stagingId}`, block({}), block(redeploy));
    assert.match(server.notices.splice(0).join(), said);
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
    assert.match(
      server.warnings.join("\n"),
      /changes PORT: .*deployed: application "port".* also changes in this run is then deployed again/,
    );
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
    assert.match(
      failure?.message ?? "",
      /1 of the 2 deployments of services .* failed.*\n- application "host".*NOPE/s,
    );
    assert.deepEqual(pathsIn(failure?.properties), [`application/${ids["host"]}`]);
    const left = failure?.properties ?? {};
    assert.equal((left["env"] as Values)["HOST"], "db2");

    server.newRun({ waitFor: "deployed" });
    assert.deepEqual(await server.Project.diff(projectId, left, news), { changes: true });
    assert.deepEqual(server.calls(), ["project.one"], "the plan looks for variables that somebody else set");
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

  it("keep the remaining work over a refresh, and drop it with redeployReferrers", async () => {
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

  it("are not deployed once more if a deployment that had begun applied the change", async () => {
    // With containers looked at: stale variables would not be found in them.
    server.newRun();
    const id = ids["host"] ?? "";
    const inputs = (more: Values) =>
      withProvider({
        name: "host",
        environmentId,
        source: { type: "docker", image: "acme/host:1" },
        env: { URL: "http://${{project.HOST}}", ...more },
      });
    const olds = { ...inputs({ STAGE: "one" }), appName: "host", status: "done" };
    await server.byHand("application.update", {
      applicationId: id,
      env: "URL=http://${{project.HOST}}\nSTAGE=one",
    });
    server.newRun();
    await server.Application.diff(id, olds, inputs({ STAGE: "two" }));
    server.emulator.clearCalls();
    server.emulator.faults.add({ endpoint: "application.one", times: 1, delayMs: 300 });
    const changing = server.Application.update(id, olds, inputs({ STAGE: "two" }));
    while (!server.calls().includes("application.one"))
      await new Promise((resolve) => setTimeout(resolve, 1));
    const news = project({ HOST: "db2", PORT: "1", VIA: "${{environment.STAGE}}" }, redeploy);
    await Promise.all([changing, server.Project.update(projectId, state, news)]);
    assert.deepEqual(server.emulator.containerEnv(id), { URL: "http://db2", STAGE: "two" });
    assert.deepEqual(deployments(), ["cache", "host"]);
  });

  it("are deployed also if a resource of the program makes them, whose own plan stays empty", async () => {
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
    assert.deepEqual(pathsIn(outs), [`application/${ids["host"]}`]);

    server.newRun({ waitFor: "deployed" });
    const again = await server.Project.update(projectId, outs, news);
    assert.deepEqual(deployments(), ["host"]);
    assert.equal(again.outs["pendingReferrers"], undefined);
  });

  it("that were deployed by something else meanwhile are not deployed again", async () => {
    server.newRun({ waitFor: "deployed", only: "cache" });
    const news = project({ HOST: "db2", PORT: "1", VIA: "${{environment.STAGE}}" }, redeploy);
    const { outs } = await server.Project.update(projectId, state, news);
    await server.byHand("application.deploy", { applicationId: ids["host"] });
    await settled();
    server.newRun({ waitFor: "deployed" });
    const again = await server.Project.update(projectId, outs, news);
    assert.deepEqual(deployments(), []);
    assert.equal(again.outs["pendingReferrers"], undefined);
  });

  it("of which one is missing are left alone: their own later change repairs them", async () => {
    const news = project({ SERVER: "db2", PORT: "1", VIA: "${{environment.STAGE}}" }, redeploy);
    await server.Project.diff(projectId, state, news);
    const plan = server.warnings.join("\n");
    assert.match(plan, /removes HOST, to which the application "host"/);
    assert.doesNotMatch(plan, /are deployed/);
    server.warnings.length = 0;
    const { outs } = await server.Project.update(projectId, state, news);
    assert.deepEqual(deployments(), []);
    assert.match(
      server.warnings.join("\n"),
      /application "host" \(.*\) is not deployed for the changes of Project "shop \d+".*HOST \(env\.URL\)/,
    );
    assert.equal(outs["pendingReferrers"], undefined);
  });

  it("that would get a changed value are reported by the plan, and not deployed", async () => {
    const news = project({ HOST: "a {{.Service.Name}}", PORT: "1", VIA: "${{environment.STAGE}}" }, redeploy);
    await server.Project.diff(projectId, state, news);
    const plan = server.warnings.join("\n");
    assert.match(
      plan,
      /changes HOST, to which the application "host" .*: env\.URL refers to a value with \{\{, which Swarm/,
    );
    assert.doesNotMatch(plan, /compose service "cache".*takes in/, "a compose service gets it as it is");
    server.warnings.length = 0;
    await server.Project.update(projectId, state, news);
    assert.deepEqual(deployments(), ["cache"]);
    assert.match(
      server.warnings.join("\n"),
      /application "host" \(.*\) is not deployed for the changes of .*, since env\.URL refers to a value with/,
    );
  });

  it("are refused by the plan, new or changed, if they would get a changed value", async () => {
    await server.byHand("project.update", {
      projectId,
      env: "HOST={{.Service.Name}}\nVIA=${{environment.STAGE}}",
    });
    await server.byHand("environment.update", { environmentId: stagingId, env: "STAGE={{name}}" });
    const refused = async (kind: "Application" | "EnvironmentBlock", inputs: Values) =>
      (await server[kind].check({}, withProvider(inputs))).failures.map(({ property }) => property);
    const image = { type: "docker", image: "acme/new:1" };
    const env = { URL: "x${{project.HOST}}", STAGE: "${{project.VIA}}", PLAIN: "{{x}}" };
    const fresh = { name: "new", environmentId: stagingId, source: image, env };
    assert.deepEqual(await refused("Application", fresh), ["env.URL", "env.STAGE"]);
    const target = { applicationId: ids["unread"] };
    const block = { target, mode: "additive", env, buildArgs: env };
    assert.deepEqual(await refused("EnvironmentBlock", block), ["env.URL", "env.STAGE"]);
  });

  it("that would get a changed value are deployed if the setting only warns of references", async () => {
    server.newRun({ waitFor: "deployed", references: "warn" });
    const news = project({ HOST: "a {{.Service.Name}}", PORT: "1", VIA: "${{environment.STAGE}}" }, redeploy);
    await server.Project.update(projectId, state, news);
    assert.deepEqual(deployments(), ["cache", "host"]);
  });

  describe("and whose deployment failed before", () => {
    const broken = { REGION: "eu", PORT: "1", HOST: "db", VIA: "${{environment.STAGE}}" };
    const news = (env: Values) => project(env, redeploy);
    const hostOf = (image: string) =>
      withProvider({
        name: "host",
        environmentId,
        source: { type: "docker", image },
        env: { URL: "http://${{project.HOST}}" },
      });

    /** The host has an image that is not there, and its deployment has failed. */
    async function breakHost(): Promise<void> {
      const applicationId = ids["host"];
      await server.byHand("application.update", { applicationId, dockerImage: "acme/host:missing" });
      await server.byHand("application.deploy", { applicationId });
      await settled();
      server.newRun({ waitFor: "deployed" });
    }

    it("do not keep a run from the change that repairs them", async () => {
      await breakHost();
      const id = ids["host"] ?? "";
      const changed = news({ ...broken, HOST: "db2" });
      const { outs } = await server.Project.update(projectId, state, changed);
      assert.match(server.warnings.join("\n"), /variables still fails.*host:missing/s);
      assert.deepEqual(pathsIn(outs), [`application/${id}`]);
      const olds = { ...hostOf("acme/host:missing"), appName: "host", status: "error" };
      await server.Application.update(id, olds, hostOf("acme/host:2"));
      assert.deepEqual(server.emulator.containerEnv(id), { URL: "http://db2" });

      server.newRun({ waitFor: "deployed" });
      assert.deepEqual(await server.Project.diff(projectId, outs, changed), { changes: true });
      const again = await server.Project.update(projectId, outs, changed);
      assert.deepEqual(deployments(), []);
      assert.equal(again.outs["pendingReferrers"], undefined);
    });
  });

  it("are remembered when the variables may have been saved without a response, and deployed by the next run", async () => {
    const news = project({ HOST: "db2", PORT: "1", VIA: "${{environment.STAGE}}" }, redeploy);
    server.emulator.faults.add({
      endpoint: "project.update",
      times: Number.POSITIVE_INFINITY,
      cut: "after",
      delayMs: 100,
    });
    const failing = server.Project.update(projectId, state, news).then(
      () => undefined,
      (error: unknown) => error as { properties?: Values },
    );
    while (!server.calls().includes("project.update")) await new Promise((resolve) => setTimeout(resolve, 1));
    // The look that would show it fails as well.
    server.emulator.faults.add({ endpoint: "project.one", times: Number.POSITIVE_INFINITY, status: 401 });
    const left = (await failing)?.properties ?? {};
    assert.deepEqual(left["pendingReferrers"], ["HOST"]);
    server.emulator.faults.clear();
    server.newRun({ waitFor: "deployed" });
    const { props = {} } = await server.Project.read(projectId, left);
    const { outs } = await server.Project.update(projectId, props, news);
    assert.deepEqual(deployments(), ["cache", "host"]);
    assert.equal(outs["pendingReferrers"], undefined);
  });

  it("that an earlier run left, and that fail again, do not keep a run from what repairs them", async () => {
    const id = ids["host"] ?? "";
    const news = project({ HOST: "db", PORT: "1", VIA: "${{environment.STAGE}}" }, redeploy);
    const { deployments: records } = await server.byHand<{ deployments: { deploymentId: string }[] }>(
      "application.one",
      { applicationId: id },
    );
    // Its last record says that it went well: only the state knows that it did not.
    const left = {
      ...state,
      ...redeploy,
      pendingReferrers: [`application/${id}/${records[0]?.deploymentId}`],
    };
    server.emulator.setOutcome(id, { status: "error", log: "no space left" });
    const { outs } = await server.Project.update(projectId, left, news);
    assert.deepEqual(pathsIn(outs), [`application/${id}`]);
    assert.match(server.warnings.join("\n"), /variables still fails/);
  });

  it("get a change that their own reload in the same run does not apply", async () => {
    const id = ids["host"] ?? "";
    const inputs = (stage: string) =>
      withProvider({
        target: { applicationId: id },
        mode: "additive",
        env: { STAGE: stage },
        deploy: { method: "reload" },
      });
    const made = await server.EnvironmentBlock.create(inputs("one"));
    server.newRun({ waitFor: "deployed" });
    const news = project({ HOST: "db2", PORT: "1", VIA: "${{environment.STAGE}}" }, redeploy);
    await server.EnvironmentBlock.diff(made.id, made.outs, inputs("two"));
    await server.Project.diff(projectId, state, news);
    await Promise.all([
      server.EnvironmentBlock.update(made.id, made.outs, inputs("two")),
      server.Project.update(projectId, state, news),
    ]);
    assert.deepEqual(server.emulator.containerEnv(id), { URL: "http://db2", STAGE: "two" });
    assert.deepEqual(deployments(), ["cache", "host"]);
  });

  it("are deployed by the run after a refresh that found variables which a killed run had saved", async () => {
    const env = { HOST: "db", PORT: "1", VIA: "${{environment.STAGE}}" };
    const olds = { ...state, ...redeploy };
    await server.byHand("project.update", {
      projectId,
      env: "HOST=db2\nPORT=1\nVIA=${{environment.STAGE}}",
    });
    const { props = {} } = await server.Project.read(projectId, olds);
    assert.deepEqual(props["pendingReferrers"], ["HOST"]);
    const news = project({ ...env, HOST: "db2" }, redeploy);
    const { outs } = await server.Project.update(projectId, props, news);
    assert.deepEqual(deployments(), ["cache", "host"]);
    assert.equal(outs["pendingReferrers"], undefined);
  });

  describe("and that run without variables which a new resource finds saved, as a killed run leaves them", () => {
    const env = { HOST: "db2", PORT: "1", VIA: "${{environment.STAGE}}" };
    const block = (more: Values = redeploy) =>
      withProvider({ target: { projectId }, mode: "additive", env, ...more });
    const adopting = (more: Values = redeploy) => project(env, { import: projectId, ...more });
    const creations = [
      ["EnvironmentBlock", block],
      ["Project", adopting],
    ] as const;
    beforeEach(() =>
      server.byHand("project.update", { projectId, env: "HOST=db2\nPORT=1\nVIA=${{environment.STAGE}}" }),
    );

    for (const [kind, inputs] of creations) {
      it(`are named by the plan of ${kind}, and deployed`, async () => {
        const { failures } = await server[kind].check({}, inputs());
        assert.deepEqual(failures, []);
        assert.match(
          server.warnings.join("\n"),
          /refer to HOST run without .*, so they are deployed: application "host" \(/,
        );
        assert.doesNotMatch(server.warnings.join("\n"), /"port"|"staged"|"via"|never|db2|Nothing to change/);
        await server[kind].create(inputs());
        assert.deepEqual(deployments(), ["host"]);
        assert.deepEqual(server.emulator.containerEnv(ids["host"] ?? ""), { URL: "http://db2" });
      });

      it(`are not deployed by ${kind} where that cannot succeed, which its plan says too`, async () => {
        const applicationId = ids["host"] ?? "";
        await server.byHand("application.update", {
          applicationId,
          env: "URL=http://${{project.HOST}}\nLOST=${{project.LOST}}",
        });
        const refused = /application "host" .* is not deployed for the changes of .*: LOST \(env\.LOST\)/;
        await server[kind].check({}, inputs());
        assert.match(server.warnings.join("\n"), refused);
        assert.doesNotMatch(server.warnings.join("\n"), /so they are deployed/);
        server.newRun({ waitFor: "deployed" });
        server.warnings.length = 0;
        await server[kind].check({}, { ...inputs(), env: { ...env, LOST: "1" } });
        assert.match(server.warnings.join("\n"), /so they are deployed: application "host"/);
        server.newRun({ waitFor: "deployed" });
        server.warnings.length = 0;
        await server[kind].create(inputs());
        assert.match(server.warnings.join("\n"), refused);
        assert.deepEqual(deployments(), []);
      });

      it(`are left alone by ${kind} without redeployReferrers`, async () => {
        await server[kind].check({}, inputs({}));
        assert.doesNotMatch(server.warnings.join("\n"), /run without/);
        await server[kind].create(inputs({}));
        assert.deepEqual(deployments(), []);
      });
    }
  });
});
