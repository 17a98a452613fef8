import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { listsIn } from "../../provider/engine/simple/lists";
import { identityKey } from "../../provider/pulumi/identity";
import { applicationSchema } from "../../provider/resources/application";
import { isGone, makeProject, type Server, startServer, until, withProvider } from "./server";

type Values = Record<string, unknown>;

const code = { type: "git", url: "https://git.example/acme/api.git", branch: "main" };
/** Every input of an application, each with a value that is not Dokploy's default. */
const everything = {
  source: code,
  description: "The API",
  icon: "https://acme.dev/icon.png",
  build: {
    type: "dockerfile",
    dockerfile: "ops/Dockerfile",
    contextPath: ".",
    buildStage: "run",
    cleanCache: true,
  },
  env: {
    LOG_LEVEL: "info",
    QUOTED: 'it\'s "so"',
    HASH: "a#b",
    TEMPLATE: "Hello {{name}}",
    LINES: "a\nb",
    EMPTY: "",
  },
  buildArgs: { VERSION: "1" },
  buildSecrets: { NPM_TOKEN: "npm" },
  createEnvFile: false,
  replicas: 3,
  resources: { memoryLimit: "512MiB", memoryReservation: "1.5GB", cpuLimit: 0.5, cpuReservation: 0.25 },
  command: "node",
  args: ["server.js", "--port", "80"],
  healthCheck: {
    path: "/health",
    port: 3000,
    interval: "1s",
    timeout: "500ms",
    retries: 3,
    startPeriod: "1m30s",
  },
  swarm: {
    restartPolicy: { Condition: "on-failure", Delay: "1h", MaxAttempts: 2, Window: 3 },
    placement: {
      Constraints: ["node.role==worker"],
      Preferences: [{ Spread: { SpreadDescriptor: "node.labels.zone" } }],
      MaxReplicas: 2,
      Platforms: [{ Architecture: "amd64", OS: "linux" }],
    },
    updateConfig: { Parallelism: 1, Order: "start-first", Delay: 1, FailureAction: "rollback", Monitor: 5 },
    rollbackConfig: { Parallelism: 0, Order: "stop-first" },
    mode: { Replicated: { Replicas: 2 } },
    labels: { "com.acme.team": "shop" },
    networks: [{ Target: "net", Aliases: ["api"] }],
    stopGracePeriodSeconds: 30,
    endpointSpec: { Mode: "vip", Ports: [{ Protocol: "tcp", TargetPort: 80, PublishedPort: 8080 }] },
    ulimits: [{ Name: "nofile", Soft: 1024, Hard: 2048 }],
  },
  networkIds: ["net100000000000000000"],
  detachDokployNetwork: true,
  autoDeploy: false,
  preview: {
    enabled: true,
    env: { STAGE: "preview" },
    buildArgs: { A: "1" },
    buildSecrets: { B: "2" },
    wildcard: "*.preview.acme.dev",
    port: 8080,
    path: "/app",
    https: true,
    certificateType: "letsencrypt",
    customCertResolver: "le",
    limit: 5,
    labels: ["preview"],
    requireCollaboratorPermissions: false,
  },
  rollbackActive: true,
  rollbackRegistryId: "r10000000000000000000",
  registryId: "r10000000000000000000",
  buildServerId: "s10000000000000000000",
  buildRegistryId: "r10000000000000000000",
};

const docker = { type: "docker", image: "ghcr.io/acme/api:1.4.2" };

describe("Application", () => {
  let server: Server;
  let environmentId: string;
  let projectId: string;
  before(async () => {
    server = await startServer();
    ({ environmentId, projectId } = await makeProject(server));
    const ids = {
      github: "gh1000000000000000000",
      gitlab: "gl1000000000000000000",
      bitbucket: "bb1000000000000000000",
      gitea: "gt1000000000000000000",
      registry: "r10000000000000000000",
      server: "s10000000000000000000",
      sshKey: "k10000000000000000000",
    } as const;
    for (const [kind, id] of Object.entries(ids)) server.emulator.connect(kind as keyof typeof ids, id);
  });
  after(() => server.close());
  let count = 0;
  beforeEach(() => {
    count += 1;
    server.emulator.faults.clear();
    server.newRun();
  });

  const inputs = (more: Values = {}) =>
    withProvider({ environmentId, name: `api ${count}`, source: docker, ...more });
  const row = (applicationId: string) => server.byHand<Values>("application.one", { applicationId });
  const deployments = async (applicationId: string) =>
    await server.byHand<{ title: string; description: string; status: string }[]>("deployment.all", {
      applicationId,
    });
  const update = async (id: string, olds: Values, news: Values) => {
    const { changes } = await server.Application.diff(id, olds, news);
    assert.notEqual(changes, false, "the plan must show the change");
    return (await server.Application.update(id, olds, news)).outs;
  };

  it("is created, configured and deployed with one deployment and at most five calls", async () => {
    const { failures } = await server.Application.check({}, inputs({ env: { A: "1" } }));
    assert.deepEqual(failures, []);
    const { id, outs } = await server.Application.create(inputs({ env: { A: "1" } }));
    assert.deepEqual(server.calls(), [
      "environment.one",
      "application.create",
      "environment.one",
      "application.update",
      "application.deploy",
    ]);
    assert.match(String(outs["appName"]), /^app-/);
    assert.equal(outs["status"], "done");
    assert.equal((outs["lastDeployment"] as Values)["status"], "done");
    assert.deepEqual(server.emulator.containerEnv(id), { A: "1" });
    assert.equal((await deployments(id)).length, 1);
  });

  it("warns of a port in host mode that no update can get, unless the old container stops first", async () => {
    const ports = { smtp: { publishedPort: 25, targetPort: 2525, publishMode: "host" } };
    const config = (Order: string) => ({ swarm: { updateConfig: { Parallelism: 1, Order } } });
    const warned = async (more: Values) => {
      server.newRun();
      server.warnings.length = 0;
      const { failures } = await server.Application.check({}, inputs({ name: "mail", ...more }));
      assert.deepEqual(failures, []);
      return server.warnings.filter((line) => /port in host mode/.test(line)).length;
    };
    assert.equal(await warned({ ports }), 1);
    assert.equal(await warned({ ports, ...config("start-first") }), 1);
    assert.equal(await warned({ ports, ...config("stop-first") }), 0);
    assert.equal(await warned({ ports: { smtp: { publishedPort: 25, targetPort: 2525 } } }), 0);
  });

  it("keeps every input in Dokploy, and reads back exactly what was given", async () => {
    const { networkId } = await server.byHand<{ networkId: string }>("network.create", {
      name: "inner",
      driver: "overlay",
    });
    const news = inputs({ ...everything, networkIds: [networkId] });
    const { failures } = await server.Application.check({}, news);
    assert.deepEqual(failures, []);
    const { id, outs } = await server.Application.create(news);
    const { inputs: live } = await server.Application.read(id, outs);
    assert.deepEqual(live, news);
    assert.deepEqual(await server.Application.diff(id, outs, news), { changes: false });
    const saved = await row(id);
    assert.equal(saved["memoryLimit"], "536870912");
    assert.equal(saved["cpuLimit"], "500000000");
    assert.equal(saved["stopGracePeriodSwarm"], 30_000_000_000);
    assert.equal(saved["buildType"], "dockerfile");
  });

  it("knows every input of its schema in the test above", () => {
    const known = new Set(Object.keys({ ...inputs(everything) }));
    const elsewhere = [
      ...[
        "appNamePrefix",
        "serverId",
        "overwriteVariables",
        "allowReplacement",
        "deploy",
        "import",
        "release",
      ],
      ...listsIn(applicationSchema).keys(),
    ];
    assert.deepEqual(
      Object.keys(applicationSchema.shape)
        .filter((name) => !known.has(name))
        .sort(),
      elsewhere.sort(),
    );
  });

  it("restores Dokploy's defaults when every optional input is removed", async () => {
    const olds = await server.Application.create(inputs({ ...everything, deploy: false }));
    const fresh = await server.Application.create(inputs({ name: `fresh ${count}`, deploy: false }));
    await update(olds.id, olds.outs, inputs({ deploy: false }));
    const [reset, untouched] = [await row(olds.id), await row(fresh.id)];
    const identity = [
      "applicationId",
      "name",
      "appName",
      "createdAt",
      "refreshToken",
      "deployments",
      "environment",
    ];
    const released = [
      "env",
      "buildArgs",
      "buildSecrets",
      "previewEnv",
      "previewBuildArgs",
      "previewBuildSecrets",
    ];
    for (const column of Object.keys(untouched)) {
      if (identity.includes(column) || released.includes(column)) continue;
      assert.deepEqual(reset[column], untouched[column], column);
    }
    assert.match(String(reset["env"]), /LOG_LEVEL=info/, "released variables stay");
  });

  for (const [name, source] of Object.entries({
    docker: { type: "docker", image: "acme/api:1", registryUrl: "ghcr.io", username: "u", password: "p" },
    git: {
      type: "git",
      url: "https://git.acme.dev/api.git",
      branch: "main",
      buildPath: "/api",
      sshKeyId: "k10000000000000000000",
      submodules: true,
      watchPaths: ["api/**"],
    },
    github: {
      type: "github",
      githubId: "gh1000000000000000000",
      owner: "acme",
      repository: "api",
      branch: "main",
      buildPath: "/api",
      trigger: "tag",
    },
    gitlab: {
      type: "gitlab",
      gitlabId: "gl1000000000000000000",
      projectId: 7,
      pathNamespace: "acme/api",
      owner: "acme",
      repository: "api",
      branch: "main",
      buildPath: "/api",
    },
    bitbucket: {
      type: "bitbucket",
      bitbucketId: "bb1000000000000000000",
      owner: "acme",
      repository: "api",
      repositorySlug: "api",
      branch: "main",
      buildPath: "/api",
    },
    gitea: {
      type: "gitea",
      giteaId: "gt1000000000000000000",
      owner: "acme",
      repository: "api",
      branch: "main",
      buildPath: "/api",
    },
  })) {
    it(`keeps and reads back a ${name} source`, async () => {
      const news = inputs({ source, deploy: false });
      assert.deepEqual((await server.Application.check({}, news)).failures, []);
      const { id, outs } = await server.Application.create(news);
      assert.equal((await row(id))["sourceType"], name);
      assert.deepEqual((await server.Application.read(id, outs)).inputs, news);
    });
  }

  for (const build of [
    { type: "nixpacks", publishDirectory: "dist" },
    { type: "railpack", version: "0.16.0" },
    { type: "heroku", version: "22" },
    { type: "paketo" },
    { type: "static", publishDirectory: "site", spa: true },
  ]) {
    it(`keeps and reads back a ${build.type} build`, async () => {
      const news = inputs({ source: code, build, deploy: false });
      assert.deepEqual((await server.Application.check({}, news)).failures, []);
      const { id, outs } = await server.Application.create(news);
      assert.deepEqual((await server.Application.read(id, outs)).inputs, news);
    });
  }

  it("is created on another server under a given name, reads both back, and is replaced for another server", async () => {
    const news = inputs({ serverId: "s10000000000000000000", appNamePrefix: "shop-api", deploy: false });
    const { id, outs } = await server.Application.create(news);
    assert.match(String(outs["appName"]), /^shop-api-[0-9a-f]{8}-[a-z0-9]{6}$/);
    assert.equal((await row(id))["serverId"], "s10000000000000000000");
    assert.deepEqual((await server.Application.read(id, outs)).inputs, news);
    const replaces = async (more: Values) =>
      (
        await server.Application.diff(
          id,
          outs,
          inputs({ serverId: "s10000000000000000000", appNamePrefix: "shop-api", deploy: false, ...more }),
        )
      ).replaces;
    assert.deepEqual(await replaces({ serverId: "s20000000000000000000" }), ["serverId"]);
    assert.deepEqual(await replaces({ appNamePrefix: "x" }), ["appNamePrefix"]);
  });

  it("deploys from a connected git provider", async () => {
    const source = {
      type: "github",
      githubId: "gh1000000000000000000",
      owner: "acme",
      repository: "api",
      branch: "main",
    };
    const { id, outs } = await server.Application.create(inputs({ source, build: { type: "dockerfile" } }));
    assert.equal((outs["lastDeployment"] as Values)["status"], "done");
    assert.match(
      (await deployments(id))[0]?.description ?? "",
      /^Commit: /,
      "Dokploy replaced our title, and ours was found all the same",
    );
  });

  describe("applying a change", () => {
    let id: string;
    let olds: Values;
    beforeEach(async () => {
      const made = await server.Application.create(inputs({ env: { A: "1" } }));
      ({ id, outs: olds } = made);
      server.newRun();
    });

    it("changes one variable with three calls in addition to that of its plan, and one deployment that names it", async () => {
      await update(id, olds, inputs({ env: { A: "2", B: "x" } }));
      // The plan looks for variables that somebody else set.
      assert.deepEqual(server.calls(), [
        "application.one",
        ...["application.one", "application.update", "application.deploy"],
      ]);
      assert.deepEqual(server.emulator.containerEnv(id), { A: "2", B: "x" });
      const [latest, ...others] = await deployments(id);
      assert.equal(others.length, 1);
      assert.match(latest?.title ?? "", /test: \+B ~A/);
    });

    it("reloads for replicas, without a deployment", async () => {
      await update(id, olds, inputs({ env: { A: "1" }, replicas: 2 }));
      assert.deepEqual(server.calls().slice(1), [
        "application.one",
        "application.update",
        "application.reload",
      ]);
    });

    it("only saves a description", async () => {
      await update(id, olds, inputs({ env: { A: "1" }, description: "d" }));
      assert.deepEqual(server.calls().slice(1), ["application.one", "application.update"]);
    });

    it("reloads for variables when that is asked for, and still deploys what needs a build", async () => {
      const deploy = { method: "reload" };
      const outs = await update(id, olds, inputs({ env: { A: "2" }, deploy }));
      assert.deepEqual(server.calls().slice(1), [
        "application.one",
        "application.update",
        "application.reload",
      ]);
      assert.deepEqual(server.emulator.containerEnv(id), { A: "2" });
      server.newRun();
      await update(id, outs, inputs({ env: { A: "2" }, deploy, buildArgs: { V: "1" } }));
      assert.deepEqual(server.calls(), [
        "application.one",
        "application.one",
        "application.update",
        "application.redeploy",
      ]);
    });

    it("saves without applying, remembers that, and applies it with the next run that may", async () => {
      const outs = await update(id, olds, inputs({ env: { A: "2" }, deploy: false }));
      assert.deepEqual(server.calls().slice(1), ["application.one", "application.update"]);
      assert.equal(outs["pending"], "deploy");
      assert.deepEqual(await server.Application.diff(id, outs, inputs({ env: { A: "2" }, deploy: false })), {
        changes: false,
      });
      server.newRun();
      const applied = await update(id, outs, inputs({ env: { A: "2" } }));
      assert.deepEqual(server.calls().slice(1), ["application.one", "application.deploy"]);
      assert.equal(applied["pending"], undefined);
      assert.deepEqual(server.emulator.containerEnv(id), { A: "2" });
    });

    it("moves to another environment in place", async () => {
      const other = await server.byHand<{ environmentId: string }>("environment.create", {
        projectId,
        name: `e${count}`,
      });
      const news = { ...inputs({ env: { A: "1" } }), environmentId: other.environmentId };
      await update(id, olds, news);
      assert.equal((await row(id))["environmentId"], other.environmentId);
      assert.ok(server.calls().includes("application.move"));
    });

    it("moves together with a reference that has a value only where it goes", async () => {
      const { environmentId: there } = await server.byHand<{ environmentId: string }>("environment.create", {
        projectId,
        name: `goes${count}`,
      });
      await server.byHand("environment.update", { environmentId: there, env: "ONLY=there" });
      const referring = inputs({ env: { A: "${{environment.ONLY}}" } });
      await update(id, olds, { ...referring, environmentId: there });
      assert.deepEqual(server.emulator.containerEnv(id), { A: "there" });
    });

    it("may have other variables after a creation that saved none: nobody else has removed them", async () => {
      const { faults } = server.emulator;
      server.newRun();
      faults.add({ endpoint: "application.update", times: 99, status: 500, body: { message: "down" } });
      const named = (env: Values) => ({ ...inputs({ env }), name: `unsaved ${count}` });
      const failed = await server.Application.create(named({ A: "1", B: "1" })).then(
        () => assert.fail("it must fail"),
        (error: Error & { id: string; properties: Values }) => error,
      );
      faults.clear();
      server.newRun();
      await update(failed.id, failed.properties, named({ A: "2", C: "2" }));
      assert.deepEqual(server.emulator.containerEnv(failed.id), { A: "2", C: "2" });
    });

    it("begins with a deployment that names the new variables, and no other input", async () => {
      const titleOf = async (more: Record<string, unknown>) => {
        server.newRun();
        const made = await server.Application.create(
          inputs({ ...more, name: `titled ${Object.keys(more)} ${count}` }),
        );
        const [record] = await server.byHand<Values[]>("deployment.all", { applicationId: made.id });
        return String(record?.["title"]);
      };
      assert.match(await titleOf({ env: { A: "1" }, replicas: 2 }), /^Pulumi [^:]*: \+A \[\w+\]$/);
      assert.match(await titleOf({ replicas: 2 }), /^Pulumi [^:]* \[\w+\]$/);
    });

    it("counts as moved without a response only if Dokploy has moved it", async () => {
      const other = await server.byHand<{ environmentId: string }>("environment.create", {
        projectId,
        name: `lost${count}`,
      });
      const { faults } = server.emulator;
      const there = { ...inputs({ env: { A: "1" } }), environmentId: other.environmentId };
      faults.add({ endpoint: "application.move", times: 99, status: 500, body: { message: "down" } });
      const { message } = await server.Application.update(id, olds, there).then(
        () => assert.fail("it did not move"),
        (error: Error) => error,
      );
      assert.match(message, /application\.move/);
      assert.equal((await row(id))["environmentId"], environmentId);
      faults.clear();
      faults.add({ endpoint: "application.move", cut: "after" });
      server.newRun();
      await update(id, olds, there);
      assert.equal((await row(id))["environmentId"], other.environmentId);
    });

    it("says what to do when it was deleted by hand", async () => {
      await server.byHand("application.delete", { applicationId: id });
      await assert.rejects(
        server.Application.update(id, olds, inputs({ env: { A: "2" } })),
        /deleted outside of this program.*pulumi refresh/s,
      );
      assert.ok(isGone(await server.Application.read(id, olds)));
      await server.Application.delete(id, olds);
    });
  });

  describe("when something fails half-way", () => {
    it("keeps what was created when saving fails, and finishes it with the next run", async () => {
      server.emulator.faults.add({ endpoint: "application.update", status: 500, times: 9 });
      const failed = await rejection(server.Application.create(inputs({ env: { A: "1" } })));
      assert.equal(typeof failed["id"], "string");
      const state = failed["properties"] as Values;
      assert.equal(state["pending"], "deploy");
      assert.equal(state["__provider"], inputs()["__provider"], "or no later run finds the handlers");
      server.emulator.faults.clear();
      server.newRun();
      const id = String(failed["id"]);
      assert.deepEqual(await server.Application.diff(id, state, inputs({ env: { A: "1" } })), {
        changes: true,
      });
      const { outs } = await server.Application.update(id, state, inputs({ env: { A: "1" } }));
      assert.equal(outs["status"], "done");
      assert.deepEqual(server.emulator.containerEnv(id), { A: "1" });
    });

    it("keeps the service when its deployment fails, and deploys again with the next run", async () => {
      const failed = await rejection(
        server.Application.create(inputs({ source: { type: "docker", image: "acme/api:missing" } })),
      );
      assert.match(String(failed["message"]), /Deployment of application "api \d+" failed/);
      const id = String(failed["id"]);
      const state = failed["properties"] as Values;
      assert.equal((state["lastDeployment"] as Values)["status"], "error");
      server.newRun();
      const { outs } = await server.Application.update(id, state, inputs());
      assert.equal(outs["pending"], undefined);
      assert.equal((outs["lastDeployment"] as Values)["status"], "done");
    });

    it("deploys with the next run what was created without one of its parts", async () => {
      const news = inputs({ domains: { a: { host: `a${count}.acme.dev`, port: 80 } } });
      server.emulator.faults.add({ endpoint: "domain.create", status: 403 });
      const failed = await rejection(server.Application.create(news));
      const state = failed["properties"] as Values;
      assert.deepEqual([state["status"], state["pending"]], ["idle", "deploy"]);
      const id = String(failed["id"]);
      assert.deepEqual(await deployments(id), []);
      server.newRun();
      const { outs } = await server.Application.update(id, state, news);
      assert.equal(outs["pending"], undefined);
      assert.equal((await deployments(id)).length, 1);
    });

    it("finds the service that was created though the response was lost, and makes no second one", async () => {
      server.emulator.faults.add({ endpoint: "application.create", cut: "after" });
      const { id } = await server.Application.create(inputs());
      assert.equal(server.calls().filter((endpoint) => endpoint === "application.create").length, 1);
      const environment = await server.byHand<{ applications: { applicationId: string; name: string }[] }>(
        "environment.one",
        { environmentId },
      );
      assert.deepEqual(
        environment.applications
          .filter(({ name }) => name === `api ${count}`)
          .map(({ applicationId }) => applicationId),
        [id],
      );
    });
  });

  for (const [kind, its] of [
    ["variables", { env: "PASSWORD=theirs" }],
    ["nothing", { env: "" }],
  ] as const)
    it(`takes no application with ${kind} for the one whose creation had no response, though it has the name now`, async () => {
      const { applicationId: theirs } = await server.byHand<{ applicationId: string }>("application.create", {
        ...{ environmentId, name: "theirs", sourceType: "docker" },
      });
      await server.byHand("application.update", { applicationId: theirs, ...its });
      const former = await server.byHand<Values>("application.one", { applicationId: theirs });
      const news = inputs();
      server.emulator.faults.add({ endpoint: "application.create", cut: "before", delayMs: 300 });
      const creations = () => server.calls().filter((endpoint) => endpoint === "application.create").length;
      const before = creations();
      const failed = rejection(server.Application.create(news));
      await until(() => creations() > before);
      await server.byHand("application.update", { applicationId: theirs, name: news["name"] });
      assert.match(String((await failed)["message"]), /application\.create/);
      const present = await server.byHand<Values>("application.one", { applicationId: theirs });
      assert.deepEqual(present, { ...former, name: news["name"] });
      await server.byHand("application.delete", { applicationId: theirs });
    });

  it("is known by its name inside Docker when its creation has no response, which leaves nothing else behind", async () => {
    const news = inputs();
    server.emulator.faults.add({ endpoint: "application.create", cut: "after" });
    const { id, outs } = await server.Application.create(news);
    const row = await server.byHand<Values>("application.one", { applicationId: id });
    assert.deepEqual(
      [row["name"], row["description"], row["appName"]],
      [news["name"], null, outs["appName"]],
    );
    assert.match(String(outs["appName"]), /^app-[0-9a-f]{8}-\w{6}$/);
    server.emulator.faults.add({ endpoint: "application.create", cut: "after" });
    const started = await server.Application.create(inputs({ name: "started", appNamePrefix: "Mine" }));
    assert.match(String(started.outs["appName"]), /^mine-[0-9a-f]{8}-\w{6}$/);
  });

  it("is not known where its name inside Docker has no room for that", async () => {
    server.emulator.faults.add({ endpoint: "application.create", cut: "after" });
    const failed = await rejection(server.Application.create(inputs({ appNamePrefix: "a".repeat(48) })));
    assert.match(String(failed["message"]), /application\.create/);
    assert.equal(failed["id"], undefined);
  });

  describe("a deployment whose record cannot be distinguished from others", () => {
    let id: string;
    let olds: Values;
    const web = (env: Values, more: Values = {}) => inputs({ source: code, env, ...more });
    beforeEach(async () => {
      ({ id, outs: olds } = await server.Application.create(web({ A: "1", B: "2" })));
      server.newRun();
      // The response is lost, and the end of a deployment from git replaces the title by which it is known.
      server.emulator.faults.add({ endpoint: "application.deploy", cut: "after" });
    });
    const unknown = /cannot be distinguished from other deployments of the same service/;

    it("counts as done when the containers have the new variables", async () => {
      const { outs } = await server.Application.update(id, olds, web({ A: "new", B: "2" }));
      assert.equal(outs["pending"], undefined);
      const { status, deploymentId } = outs["lastDeployment"] as Values;
      assert.deepEqual([status, deploymentId], ["done", undefined]);
    });

    it("says that the new version does not run when the containers show it", async () => {
      server.emulator.setContainers(id, { kind: "crash-loop", exitCode: 3 });
      await assert.rejects(
        server.Application.update(id, olds, web({ A: "new", B: "2" })),
        (error: Values) => {
          assert.match(
            String(error["message"]),
            /its new version does not run: its container ended with exit code 3/,
          );
          const state = error["properties"] as Values;
          assert.equal((state["lastDeployment"] as Values)["status"], "ambiguous");
          assert.equal(state["pending"], "deploy");
          return true;
        },
      );
    });

    it("stays unknown where containers prove nothing: no variable got a value, or they were not replaced", async () => {
      await assert.rejects(server.Application.update(id, olds, web({ A: "1" })), { message: unknown });
      server.newRun();
      server.emulator.faults.add({ endpoint: "application.deploy", cut: "after" });
      const more = { deploy: { waitFor: "deployed" } };
      await assert.rejects(server.Application.update(id, olds, web({ A: "3" }, more)), { message: unknown });
    });
  });

  describe("waiting until the new version runs", () => {
    let id: string;
    let olds: Values;
    beforeEach(async () => {
      ({ id, outs: olds } = await server.Application.create(inputs({ env: { A: "1" } })));
      server.newRun();
    });
    const failing = (news: Values) =>
      server.Application.update(id, olds, news).then(
        () => assert.fail("it should have failed"),
        (error: Values & Error) => error,
      );

    it("fails when Swarm restores the old version silently, and is due again with the next run", async () => {
      server.emulator.setContainers(id, { kind: "rolled-back" });
      const error = await failing(inputs({ env: { A: "2" } }));
      assert.match(error.message, /Application "api \d+" is deployed, but its new version does not run/);
      const state = error["properties"] as Values;
      assert.equal(state["pending"], "deploy");
      assert.equal((state["lastDeployment"] as Values)["status"], "done");
      server.emulator.setContainers(id, undefined);
      server.newRun();
      const { outs } = await server.Application.update(id, state, inputs({ env: { A: "2" } }));
      assert.equal(outs["pending"], undefined);
      assert.deepEqual(server.emulator.containerEnv(id), { A: "2" });
    });

    it("fails when the containers crash, also after a reload, and shows what they printed without secrets", async () => {
      server.emulator.setContainers(id, {
        kind: "crash-loop",
        exitCode: 3,
        output: "cannot use canary-5b1\n",
      });
      const error = await failing(inputs({ env: { A: "canary-5b1" }, deploy: { method: "reload" } }));
      assert.match(error.message, /does not run/);
      assert.doesNotMatch(error.message, /canary-5b1/);
    });

    it("does not check containers with waitFor: deployed", async () => {
      server.emulator.setContainers(id, { kind: "crash-loop", exitCode: 3 });
      await update(id, olds, inputs({ env: { A: "2" }, deploy: { waitFor: "deployed" } }));
      assert.ok(!server.emulator.calls.some(({ endpoint }) => endpoint.startsWith("docker.")));
    });

    it("says which permission is missing, and how to do without", async () => {
      server.emulator.denyPermission("docker.getServiceContainersByAppName");
      try {
        const error = await failing(inputs({ env: { A: "2" } }));
        assert.match(error.message, /docker:read[\s\S]*deployed/);
      } finally {
        server.emulator.allowPermission("docker.getServiceContainersByAppName");
      }
    });

    it("leaves a version alone if its state is unknown, even with rollbackOnFailure", async () => {
      const deploy = { rollbackOnFailure: true, runningTimeoutSeconds: 60 };
      const updating = failing(inputs({ env: { A: "2" }, deploy }));
      while (!server.calls().includes("application.deploy"))
        await new Promise((resolve) => setTimeout(resolve, 1));
      server.emulator.faults.add({ endpoint: /^docker\./, html: true, times: Number.POSITIVE_INFINITY });
      try {
        const error = await updating;
        assert.match(error.message, /is not known whether it runs/);
        assert.doesNotMatch(error.message, /configuration was restored/);
        assert.equal((await row(id))["env"], "A=2");
        assert.equal(server.calls().filter((endpoint) => endpoint === "application.deploy").length, 1);
      } finally {
        server.emulator.faults.clear();
      }
    });

    it("leaves a running deployment alone when the time is over, even with rollbackOnFailure", async () => {
      const made = () => server.calls().filter((endpoint) => endpoint === "application.deploy").length;
      server.emulator.holdBuilds();
      const deploy = { rollbackOnFailure: true, timeoutSeconds: 2 };
      let isOver = false;
      const updating = failing(inputs({ env: { A: "2" }, deploy })).finally(() => {
        isOver = true;
      });
      while (!isOver && made() < 2) await new Promise((resolve) => setTimeout(resolve, 5));
      server.emulator.releaseBuilds();
      const error = await updating;
      assert.doesNotMatch(error.message, /configuration was restored/);
      assert.equal((error["properties"] as Values)["pending"], "deploy");
      assert.equal((await row(id))["env"], "A=2");
      assert.equal(made(), 1);
    });

    it("restores the previous configuration and deploys nothing if it was never deployed well", async () => {
      server.emulator.setOutcome(id, { status: "error", log: "boom" });
      const made = await server.byHand<Values>("application.create", { name: "never", environmentId });
      const never = String(made["applicationId"]);
      await server.byHand("application.update", {
        applicationId: never,
        sourceType: "docker",
        dockerImage: "acme/api:1",
        env: "A=1",
      });
      server.emulator.setOutcome(never, { status: "error", log: "boom" });
      await server.byHand("application.deploy", { applicationId: never });
      const records = async () => ((await row(never))["deployments"] as Values[]).map(({ status }) => status);
      while ((await records())[0] !== "error") await new Promise((resolve) => setTimeout(resolve, 1));
      const own = { name: "never", env: { A: "2" }, deploy: { rollbackOnFailure: true } };
      const error = await server.Application.update(
        never,
        { ...olds, ...inputs({ ...own, env: { A: "1" } }) },
        inputs(own),
      ).then(
        () => assert.fail("it should have failed"),
        (thrown: Error) => thrown,
      );
      assert.match(error.message, /was restored\. It was never deployed, so nothing was deployed now/);
      assert.deepEqual(await records(), ["error", "error"], "the one by hand, and the one that failed");
      assert.equal((await row(never))["env"], "A=1");
    });

    it("restores the previous configuration when the new version does not run, on request", async () => {
      server.emulator.setContainers(id, { kind: "crash-loop", exitCode: 1 });
      const error = await failing(inputs({ env: { A: "2" }, deploy: { rollbackOnFailure: true } }));
      assert.match(error.message, /does not run[\s\S]*previous configuration was restored/);
      assert.doesNotMatch(error.message, /stays saved/);
      assert.match(error.message, /\. Correct it and run the update again\./);
      assert.equal((await row(id))["env"], "A=1");
      server.emulator.setContainers(id, undefined);
    });
  });

  describe("names and adoption", () => {
    it("refuses a name that is taken, at preview and at creation, and says how to adopt", async () => {
      const { id } = await server.Application.create(inputs());
      server.newRun();
      const { failures } = await server.Application.check({}, inputs());
      assert.equal(failures[0]?.property, "name");
      assert.match(failures[0]?.reason ?? "", new RegExp(`import: "${id}"`));
      await assert.rejects(server.Application.create(inputs()), /already has an application named/);
    });

    it("names the file of adoptions for a part of a WebApp, which takes no options", async () => {
      const { id } = await server.Application.create(inputs());
      server.newRun();
      const urn =
        "urn:pulumi:dev::shop::dokploy:index:WebApp$pulumi-nodejs:dynamic/dokploy:Application::shop";
      const given = { ...inputs(), __urn: { identity: "shop", urn } };
      const reason = (await server.Application.check({}, given)).failures[0]?.reason ?? "";
      const file = JSON.stringify({ Application: { shop: id } });
      assert.ok(reason.includes(`name a file in dokploy:adopt that has ${file}; to keep both`), reason);
    });

    it("also names the other services that no resource of the stack has, so that one run can adopt all", async () => {
      const made = await server.byHand<{ environment: { environmentId: string } }>("project.create", {
        name: "interrupted",
      });
      const { environmentId } = made.environment;
      const given = inputs({ environmentId });
      const { id } = await server.Application.create(given);
      const left = await server.byHand<{ applicationId: string }>("application.create", {
        environmentId,
        name: "orphan",
      });
      const held = await server.byHand<{ applicationId: string }>("application.create", {
        environmentId,
        name: "held",
      });
      const refused = async () => {
        server.newRun();
        return (await server.Application.check({}, given)).failures[0]?.reason ?? "";
      };
      server.stack = undefined;
      assert.doesNotMatch(await refused(), /orphan/, "a state that cannot be read tells nothing");
      const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:Application::held";
      server.stack = [{ urn, kind: "Application", name: "held", id: held.applicationId, variables: {} }];
      const reason = await refused();
      assert.match(reason, new RegExp(`import: "${id}"`));
      assert.match(
        reason,
        new RegExp(
          `no resources for these services there either: .*application "orphan" \\(${left.applicationId}\\)\\. If ` +
            "they are in",
        ),
      );
      assert.doesNotMatch(reason, /"held"/);
    });

    it("refuses the second of two of one name in the same run", async () => {
      await server.Application.check({}, inputs());
      await server.Application.create(inputs());
      await assert.rejects(server.Application.create(inputs()), /another application of that name/);
    });

    it("frees the name when the service is deleted, as a replacement needs", async () => {
      const { id, outs } = await server.Application.create(inputs());
      await server.Application.delete(id, outs);
      assert.notEqual((await server.Application.create(inputs())).id, id);
    });

    it("adopts by id without touching what the program does not manage, and deploys nothing if nothing differs", async () => {
      const made = await server.Application.create(inputs({ env: { A: "1" }, replicas: 2 }));
      server.newRun();
      const adopted = await server.Application.create(inputs({ env: { A: "1" }, import: made.id }));
      assert.equal(adopted.id, made.id);
      assert.deepEqual(server.calls(), ["application.one"]);
      assert.equal((await row(made.id))["replicas"], 2);
    });

    it("of the adoption file deploys nothing if nothing differs, though it was never deployed", async () => {
      const source = { type: "docker", image: "ghcr.io/acme/api:1" };
      const made = await server.Application.create(inputs({ source, deploy: false }));
      const asked = async (adopting: Record<string, unknown>) => {
        server.newRun();
        server.notices.length = 0;
        server.warnings.length = 0;
        const { inputs: checked, failures } = await server.Application.check({}, adopting);
        assert.deepEqual(failures, []);
        const said = [...server.notices, ...server.warnings].join("\n");
        await server.Application.create(checked);
        return { said, deploys: server.calls().includes("application.deploy") };
      };
      const identity = { identity: "its-own", secrets: [], adopts: made.id };
      const byFile = await asked({ ...inputs({ source }), [identityKey]: identity });
      assert.match(byFile.said, /is adopted: nothing to change\.$/m);
      assert.equal(byFile.deploys, false);
      const byOption = await asked(inputs({ source, import: made.id }));
      assert.match(byOption.said, /is adopted: nothing to change; deploys, since it was never deployed/);
      assert.equal(byOption.deploys, true);
    });

    it("refuses to adopt what does not exist or is in another environment", async () => {
      const other = await makeProject(server, `other ${count}`);
      const made = await server.Application.create(inputs());
      server.newRun();
      const gone = await server.Application.check({}, inputs({ import: "nope00000000000000000" }));
      const early = await server.Application.check(
        {},
        { ...inputs({ import: "lost00000000000000000" }), environmentId: runtime.unknownValue },
      );
      const why = early.failures.map(({ reason }) => reason).join();
      assert.match(why, /Dokploy has no application lost/, "also while its project is still to be made");
      assert.equal(gone.failures[0]?.property, "import");
      const there = { ...inputs({ import: made.id }), environmentId: runtime.unknownValue };
      assert.deepEqual(
        (await server.Application.check({}, there)).failures,
        [],
        "its environment may be the one",
      );
      server.newRun();
      const elsewhere = await server.Application.check(
        {},
        { ...inputs({ import: made.id }), environmentId: other.environmentId },
      );
      assert.match(
        elsewhere.failures[0]?.reason ?? "",
        /is in the environment "production" of project "shop"/,
      );
    });
  });
});

async function rejection(promise: Promise<unknown>): Promise<Values> {
  try {
    await promise;
  } catch (error) {
    const { message } = error as Error;
    return { ...(error as Values), message };
  }
  return assert.fail("it should have failed");
}
