import * as assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
import { ServerTree } from "../../provider/dokploy";
import { referrersOf } from "../../provider/engine/shared-variable-users/find";
import { isMarked } from "../../provider/pulumi";
import { makeProject, plain, type Server, startServer, until, withProvider } from "./server";

type Values = Record<string, unknown>;

const image = (tag: string) => ({ type: "docker", image: `ghcr.io/acme/api:${tag}` });

describe("a release command of an application", () => {
  let server: Server;
  let emulator: Emulator;
  let environmentId: string;
  before(async () => {
    server = await startServer();
    ({ emulator } = server);
    ({ environmentId } = await makeProject(server));
  });
  after(() => server.close());
  let count = 0;
  let release: string;
  beforeEach(() => {
    count += 1;
    release = `npm run migrate ${count}`;
    emulator.faults.clear();
    emulator.startedCommands.length = 0;
    server.warnings.length = 0;
    server.notices.length = 0;
    server.newRun();
  });

  const inputs = (more: Values = {}) =>
    withProvider({ environmentId, name: `api ${count}`, source: image("1"), release, ...more });
  const row = (applicationId: string) => server.byHand<Values>("application.one", { applicationId });
  const create = async (news: Values) =>
    plain((await server.Application.create(news)) as { id: string; outs: Values });
  const update = async (id: string, olds: Values, news: Values) => {
    const { changes } = await server.Application.diff(id, olds, news);
    assert.notEqual(changes, false, "the plan must show the change");
    return plain((await server.Application.update(id, olds, news)).outs as Values);
  };
  const failure = async (work: Promise<unknown>) => {
    try {
      await work;
    } catch (error) {
      return error as Error & { properties?: Values };
    }
    throw new assert.AssertionError({ message: "it must fail" });
  };
  /** Names of all applications in the environment, as Dokploy shows them. */
  const names = async () => {
    const { applications } = await server.byHand<{ applications: { name: string }[] }>("environment.one", {
      environmentId,
    });
    return applications.map(({ name }) => name).filter((name) => name.includes(String(count)));
  };
  /** Images with which the command was to start. */
  const starts = () =>
    emulator.startedCommands.filter(({ command }) => command.includes(release)).map((start) => start.image);
  const runs = (id: string) =>
    emulator.instance.containers.get(id)?.tasks.find(({ desired }) => desired === "running")?.version.image;

  it("runs in the new image with the new variables, before the first deployment and before each new image", async () => {
    const first = inputs({ env: { LEVEL: "info" } });
    const { id, outs } = await create(first);
    assert.deepEqual(starts(), ["ghcr.io/acme/api:1"]);
    assert.equal(emulator.startedCommands[0]?.command, `sh -c ${release}`);
    assert.deepEqual(emulator.startedCommands[0]?.env, { LEVEL: "info" });
    assert.match(String(outs["released"]), /^[\w+/]{22}$/);
    server.newRun();
    const second = inputs({ env: { LEVEL: "debug" }, source: image("2") });
    const now = await update(id, outs, second);
    assert.deepEqual(starts(), ["ghcr.io/acme/api:1", "ghcr.io/acme/api:2"]);
    assert.deepEqual(emulator.startedCommands[1]?.env, { LEVEL: "debug" });
    assert.match(server.notices.join("\n"), /runs `npm run migrate \d+` in the new image before the switch/);
    assert.equal(now["status"], "done");
    assert.notEqual(now["released"], outs["released"]);
    assert.equal(runs(id), "ghcr.io/acme/api:2");
    assert.deepEqual(await names(), [`api ${count}`], "nothing is left");
  });

  it("does not run for variables alone, unless the program says so, and runs for a changed command", async () => {
    const { id, outs } = await create(inputs({ env: { A: "1" } }));
    const second = inputs({ env: { A: "2" } });
    server.newRun();
    const afterSecond = await update(id, outs, second);
    assert.equal(starts().length, 1);
    assert.deepEqual(server.notices, []);
    const third = inputs({ env: { A: "3" }, release: { command: release, onVariables: true } });
    server.newRun();
    const afterThird = await update(id, afterSecond, third);
    assert.deepEqual(emulator.startedCommands.at(-1)?.env, { A: "3" });
    const said = () => server.notices.splice(0).map((line) => line.replace(/^.* runs `[^`]*` /, ""));
    assert.deepEqual(said(), ["in the image that it has, before it gets the new variables."]);
    server.newRun();
    const before = (await server.byHand<Values[]>("deployment.all", { applicationId: id })).length;
    const fourth = await update(
      id,
      afterThird,
      inputs({ env: { A: "3" }, release: { command: ["/migrate", "--all"] } }),
    );
    assert.equal(emulator.startedCommands.at(-1)?.command, "/migrate --all");
    assert.deepEqual(said(), ["in the image that it has."]);
    assert.equal((await server.byHand<Values[]>("deployment.all", { applicationId: id })).length, before);
    server.newRun();
    const fifth = inputs({ env: { A: "3" } });
    const { release: _, ...without } = fifth;
    const last = await update(id, fourth, without);
    assert.equal("released" in last, false);
  });

  it("when it fails, nothing is saved, the old version runs on, and the next run repeats it", async () => {
    const { id, outs } = await create(inputs({ env: { TOKEN: "s3cret-canary" }, __secrets: ["env.TOKEN"] }));
    emulator.setCommand(release, {
      kind: "crash-loop",
      exitCode: 3,
      output: "migrating with s3cret-canary\nno such table",
    });
    server.newRun();
    const news = inputs({ env: { TOKEN: "s3cret-canary" }, source: image("2"), __secrets: ["env.TOKEN"] });
    const error = await failure(update(id, outs, news));
    assert.match(
      error.message,
      /The release command `npm run migrate \d+` of application "api \d+" exited with code 3\. The application stays as it was\. The next update runs the command again\.\nIts last output \(2 lines\):\n {4}migrating with .*\n {4}no such table$/,
    );
    assert.doesNotMatch(error.message, /s3cret-canary/);
    assert.equal(error.properties, undefined, "the state stays");
    assert.equal((await row(id))["dockerImage"], "ghcr.io/acme/api:1");
    assert.equal(runs(id), "ghcr.io/acme/api:1");
    assert.deepEqual(await names(), [`api ${count}`]);
    emulator.setCommand(release, undefined);
    server.newRun();
    const now = await update(id, outs, news);
    assert.equal(starts().length, 3);
    assert.equal(now["status"], "done");
    assert.equal(runs(id), "ghcr.io/acme/api:2");
  });

  it("a failure before the first deployment leaves a service that was never deployed", async () => {
    emulator.setCommand(release, { kind: "crash-loop", exitCode: 1 });
    const news = inputs();
    const error = (await failure(create(news))) as Error & { id: string; properties: Values };
    assert.match(error.message, /exited with code 1/);
    assert.equal(error.properties["pending"], "deploy");
    assert.equal(emulator.instance.containers.get(error.id), undefined);
    emulator.setCommand(release, undefined);
    server.newRun();
    const now = await update(error.id, error.properties, news);
    assert.equal(now["status"], "done");
    assert.equal(starts().length, 2);
  });

  it("hides secrets of the service in what Dokploy says while the command is prepared", async () => {
    const secret = { env: { TOKEN: "s3cret-canary" }, __secrets: ["env.TOKEN"] };
    const { id, outs } = await create(inputs(secret));
    const body = { message: "no place for s3cret-canary" };
    emulator.faults.add({ endpoint: "application.create", times: 99, status: 400, body });
    server.newRun();
    const { message } = await failure(update(id, outs, inputs({ ...secret, source: image("2") })));
    assert.match(message, /no place for /);
    assert.doesNotMatch(message, /canary/);
    emulator.faults.clear();
    emulator.faults.add({ endpoint: "application.update", times: 99, status: 400, body });
    server.newRun();
    await failure(update(id, outs, inputs({ ...secret, source: image("2") })));
    assert.deepEqual(await names(), [`api ${count}`], "what is half made is removed");
  });

  it("ends the update where somebody sets a variable meanwhile, which it would remove", async () => {
    const { id, outs } = await create(inputs({ env: { A: "1" } }));
    emulator.setCommand(release, { kind: "exits", afterSeconds: 20 });
    server.newRun();
    const failed = failure(update(id, outs, inputs({ env: { A: "2" }, source: image("2") })));
    await until(() => starts().length === 2);
    await server.byHand("application.update", { applicationId: id, env: "A=1\nHAND=canary" });
    assert.match((await failed).message, /would remove HAND: nothing is saved/);
    assert.equal((await row(id))["env"], "A=1\nHAND=canary");
    assert.equal(runs(id), "ghcr.io/acme/api:1");
  });

  it("an image that cannot be pulled leaves the old version, too", async () => {
    const { id, outs } = await create(inputs());
    server.newRun();
    const error = await failure(update(id, outs, inputs({ source: image("missing") })));
    assert.match(error.message, /could not be started.*\n[\s\S]*manifest unknown/);
    assert.equal((await row(id))["dockerImage"], "ghcr.io/acme/api:1");
    assert.deepEqual(await names(), [`api ${count}`]);
  });

  it("is not started with a key that cannot see how it ends, and nothing is left", async () => {
    emulator.denyPermission("docker.getServiceContainersByAppName");
    try {
      const { message } = await failure(create(inputs()));
      assert.match(
        message,
        /Only its container shows how a release command ends, .* the permission docker:read/,
      );
    } finally {
      emulator.allowPermission("docker.getServiceContainersByAppName");
    }
    assert.deepEqual(starts(), []);
    assert.ok(
      (await names()).every((name) => !name.startsWith("release of")),
      "nothing is left",
    );
  });

  it("has the mounts, networks and limits of the service, and neither its ports, labels nor aliases", async () => {
    const swarm = {
      ...{ networks: [{ Target: "net", Aliases: ["api"] }], labels: { a: "b" }, stopGracePeriodSeconds: 7 },
      ...{
        placement: { Constraints: ["node.role==worker"] },
        ulimits: [{ Name: "nofile", Soft: 9, Hard: 9 }],
      },
    };
    const mounts = {
      "/data": { type: "volume", mountPath: "/data", volumeName: "data" },
      "/host": { type: "bind", mountPath: "/host", hostPath: "/srv/host" },
    };
    emulator.setCommand(release, { kind: "healthy" });
    const options = {
      release: { command: release, timeoutSeconds: 5 },
      resources: { memoryLimit: "64MiB", memoryReservation: "32MiB", cpuLimit: 2, cpuReservation: 1 },
    };
    const error = await failure(create(inputs({ ...options, swarm, mounts, replicas: 3 })));
    assert.match(
      error.message,
      /Application "api \d+" was not deployed: its release command .* has not ended after 5 s\. It goes on in Dokploy as the application "release of api \d+" \([\w-]+\)\. The next update waits for it again, and starts no second one\./,
    );
    const [, id = ""] = /\(([\w-]+)\)\. The next/.exec(error.message) ?? [];
    const {
      dockerImage,
      replicas,
      memoryLimit,
      labelsSwarm,
      networkSwarm,
      autoDeploy,
      mounts: own,
    } = await row(id);
    assert.deepEqual(
      { dockerImage, replicas, memoryLimit, labelsSwarm, networkSwarm, autoDeploy },
      {
        ...{ dockerImage: "ghcr.io/acme/api:1", replicas: 1, memoryLimit: "67108864", labelsSwarm: null },
        ...{ networkSwarm: [{ Target: "net" }], autoDeploy: false },
      },
    );
    const {
      memoryReservation,
      cpuLimit,
      cpuReservation,
      placementSwarm,
      ulimitsSwarm,
      stopGracePeriodSwarm,
    } = await row(id);
    assert.deepEqual(
      [
        memoryReservation,
        cpuLimit,
        cpuReservation,
        placementSwarm,
        ulimitsSwarm,
        Number(stopGracePeriodSwarm),
      ],
      ["33554432", "2000000000", "1000000000", swarm.placement, swarm.ulimits, 7_000_000_000],
    );
    assert.deepEqual(
      (own as Values[]).map((mount) => [
        mount["type"],
        mount["mountPath"],
        mount["volumeName"],
        mount["hostPath"],
      ]),
      [
        ["volume", "/data", "data", null],
        ["bind", "/host", null, "/srv/host"],
      ],
    );
    assert.deepEqual((await row(id))["healthCheckSwarm"], { Test: ["NONE"] });
    await server.byHand("application.delete", { applicationId: id });
  });

  it("follows a command that an earlier run left, and never starts a second one", async () => {
    const { id, outs } = await create(inputs());
    emulator.setCommand(release, { kind: "exits", afterSeconds: 60 });
    server.newRun();
    const slow = { command: release, timeoutSeconds: 10 };
    await failure(update(id, outs, inputs({ source: image("2"), release: slow })));
    assert.equal(starts().length, 2);
    server.newRun();
    const now = await update(id, outs, inputs({ source: image("2") }));
    assert.equal(starts().length, 2, "the same command goes on");
    assert.equal(runs(id), "ghcr.io/acme/api:2");
    assert.deepEqual(await names(), [`api ${count}`]);
    server.newRun();
    await failure(update(id, now, inputs({ source: image("3"), release: slow })));
    server.newRun();
    const short = { command: release, timeoutSeconds: 5 };
    const { message } = await failure(update(id, now, inputs({ source: image("4"), release: short })));
    assert.match(
      message,
      /was not deployed: the release command of an earlier run has not ended after 5 s\. It goes on/,
    );
    server.newRun();
    const last = await update(id, now, inputs({ source: image("4") }));
    assert.deepEqual(starts().slice(2), ["ghcr.io/acme/api:3", "ghcr.io/acme/api:4"]);
    assert.equal(last["status"], "done");
    assert.deepEqual(await names(), [`api ${count}`]);
  });

  it("follows a command that an earlier run left in the environment from which the service moves", async () => {
    const { id, outs } = await create(inputs());
    const { environmentId: there } = await makeProject(server, `elsewhere ${count}`);
    emulator.setCommand(release, { kind: "exits", afterSeconds: 60 });
    server.newRun();
    const slow = { command: release, timeoutSeconds: 10 };
    await failure(update(id, outs, inputs({ source: image("2"), release: slow })));
    server.newRun();
    await update(id, outs, inputs({ source: image("2"), environmentId: there }));
    assert.equal(starts().length, 2, "the same command goes on");
    assert.equal(runs(id), "ghcr.io/acme/api:2");
    assert.deepEqual(await names(), [], "nothing is left where it was");
  });

  it("takes the success of a run that ended before its deployment", async () => {
    const { id, outs } = await create(inputs());
    server.newRun();
    const news = inputs({ source: image("2") });
    const ended = failure(update(id, outs, news));
    await until(() => starts().length === 2);
    emulator.faults.add({
      endpoint: "application.update",
      times: 99,
      status: 500,
      body: { message: "down" },
    });
    await ended;
    assert.deepEqual((await names()).sort(), [`api ${count}`, `release of api ${count}`]);
    assert.equal(runs(id), "ghcr.io/acme/api:1");
    emulator.faults.clear();
    server.newRun();
    const other = await failure(update(id, outs, inputs({ source: image("missing") })));
    assert.match(other.message, /could not be started/, "the success of another image counts for nothing");
    server.newRun();
    const again = failure(update(id, outs, news));
    await until(() => starts().length === 3);
    emulator.faults.add({
      endpoint: "application.update",
      times: 99,
      status: 500,
      body: { message: "down" },
    });
    await again;
    emulator.faults.clear();
    server.newRun();
    const now = await update(id, outs, news);
    assert.equal(starts().length, 3, "it does not run again");
    assert.equal(now["status"], "done");
    assert.equal(runs(id), "ghcr.io/acme/api:2");
    assert.deepEqual(await names(), [`api ${count}`]);
  });

  it("no list of services has it, nor is it deployed for a shared variable", async () => {
    await server.byHand("environment.update", { environmentId, env: "REGION=here" });
    const env = { REGION: "${{environment.REGION}}" };
    const { id, outs } = await create(inputs({ env }));
    emulator.setCommand(release, { kind: "healthy" });
    server.newRun();
    const slow = { command: release, timeoutSeconds: 5 };
    await failure(update(id, outs, inputs({ env, source: image("2"), release: slow })));
    assert.equal((await names()).length, 2);
    const users = await referrersOf({ kind: "environment", id: environmentId }, ["REGION"], server.context);
    assert.deepEqual(
      users.map(({ path }) => path),
      [`application/${id}`],
    );
    const tree = new ServerTree(server.context.api);
    const listed = (await tree.services(["application"])).map(({ row }) => String(row["name"]));
    assert.deepEqual(
      listed.filter((name) => name.includes(String(count))),
      [`api ${count}`],
    );
    await server.Application.delete(id, outs);
  });

  it("is removed with its service", async () => {
    const { id, outs } = await create(inputs());
    emulator.setCommand(release, { kind: "healthy" });
    server.newRun();
    const slow = { command: release, timeoutSeconds: 5 };
    await failure(update(id, outs, inputs({ source: image("2"), release: slow })));
    assert.deepEqual((await names()).sort(), [`api ${count}`, `release of api ${count}`]);
    server.newRun();
    await server.Application.delete(id, outs);
    assert.deepEqual(await names(), []);
  });

  it("is removed with a service whose state has no release command, since the first one was interrupted", async () => {
    const { release: _, ...without } = inputs();
    const { id, outs } = await create(without);
    const other = await create(inputs({ name: `other ${count}` }));
    emulator.setCommand(release, { kind: "healthy" });
    const slow = { command: release, timeoutSeconds: 5 };
    server.newRun();
    await failure(update(id, outs, inputs({ source: image("2"), release: slow })));
    await failure(
      update(other.id, other.outs, inputs({ name: `other ${count}`, source: image("2"), release: slow })),
    );
    assert.equal((await names()).length, 4);
    server.newRun();
    await server.Application.delete(id, outs);
    assert.deepEqual((await names()).sort(), [`other ${count}`, `release of other ${count}`]);
    await server.Application.delete(other.id, other.outs);
    assert.deepEqual(await names(), []);
  });

  it("is removed with the project of a service that somebody deleted", async () => {
    const project = withProvider({ name: `shop ${count}` });
    const made = (await server.Project.create(project)) as { id: string; outs: Values };
    emulator.setCommand(release, { kind: "healthy" });
    const slow = { command: release, timeoutSeconds: 5 };
    const within = { environmentId: made.outs["defaultEnvironmentId"] };
    const error = (await failure(create(inputs({ ...within, release: slow })))) as Error & { id: string };
    await server.byHand("application.delete", { applicationId: error.id });
    const [{ serviceId: companion = "" } = {}] = emulator.startedCommands;
    assert.ok(emulator.instance.containers.get(companion), "the command goes on");
    server.newRun();
    await server.Project.delete(made.id, made.outs);
    assert.equal(emulator.instance.containers.get(companion), undefined);
  });

  it("a command that has not succeeded yet is refused where the old version would be deleted first", async () => {
    const { id, outs } = await create(inputs());
    const replaced = { appNamePrefix: "other" };
    server.newRun();
    const error = await failure(
      server.Application.diff(id, outs, inputs({ ...replaced, source: image("2") })),
    );
    assert.match(
      error.message,
      /release: would run for its image only after this application is deleted, since appNamePrefix changes: if the command failed, no version would run\. Take two updates/,
    );
    server.newRun();
    const { replaces } = await server.Application.diff(id, outs, inputs(replaced));
    assert.deepEqual(replaces, ["appNamePrefix"]);
    assert.match(
      server.warnings.join("\n"),
      /appNamePrefix changes, so this application is deleted, and its release command then runs again before the first deployment of another one\. If it fails, no version runs\./,
    );
  });

  describe("among applications of others that copy its description", () => {
    let id: string;
    let outs: Values;
    let project: { id: string; outs: Values };
    let within: { environmentId: string };
    let copied: string;
    beforeEach(async () => {
      project = (await server.Project.create(withProvider({ name: `copies ${count}` }))) as typeof project;
      within = { environmentId: String(project.outs["defaultEnvironmentId"]) };
      ({ id, outs } = await create(inputs(within)));
      emulator.setCommand(release, { kind: "healthy" });
      server.newRun();
      const slow = { command: release, timeoutSeconds: 5 };
      await failure(update(id, outs, inputs({ ...within, source: image("2"), release: slow })));
      const [left] = (await applications()).filter(({ name }) => String(name).startsWith("release of"));
      copied = String((await row(String(left?.["applicationId"])))["description"]);
      await server.byHand("application.delete", { applicationId: left?.["applicationId"] });
      emulator.setCommand(release, undefined);
    });
    const applications = async () =>
      (await server.byHand<{ applications: Values[] }>("environment.one", within)).applications;
    /** Makes an application by hand that says what a release command's says, and has what that has. */
    const copy = async (columns: Values) => {
      const { applicationId } = await server.byHand<{ applicationId: string }>("application.create", {
        ...{ ...within, name: `release of api ${count}`, appName: "release", sourceType: "docker" },
        description: copied,
      });
      await server.byHand("application.update", { applicationId, ...columns });
      await server.byHand("application.deploy", { applicationId });
      await until(() => emulator.instance.containers.get(applicationId) !== undefined);
      return applicationId;
    };

    it("deletes, hides and believes none of them", async () => {
      const theirs = await copy({ dockerImage: "postgres:17", env: "PASSWORD=theirs" });
      const same = await copy({
        ...{ dockerImage: "ghcr.io/acme/api:2", command: "sh -c", args: [release] },
        restartPolicySwarm: { Condition: "none" },
      });
      const before = starts().length;
      server.newRun();
      const now = await update(id, outs, inputs({ ...within, source: image("2") }));
      assert.equal(
        starts().length,
        before + 1,
        "the success of another application is not that of the command",
      );
      const ids = (await applications()).map(({ applicationId }) => applicationId);
      assert.deepEqual(new Set(ids), new Set([id, theirs, same]), "their applications stay");
      const tree = new ServerTree(server.context.api);
      const listed = (await tree.services(["application"])).map((service) => service.id);
      assert.ok(listed.includes(theirs) && listed.includes(same), "coverage and export have them");
      server.newRun();
      await server.Application.delete(id, now);
      const refused = await failure(server.Project.delete(project.id, project.outs));
      assert.match(refused.message, /still contains services: application "release of api \d+"/);
      assert.equal((await row(theirs))["env"], "PASSWORD=theirs");
    });
  });

  it("is not offered for adoption where the state of the stack lacks its application", async () => {
    const { environment: within } = await server.byHand<{ environment: { environmentId: string } }>(
      "project.create",
      { name: `lost ${count}` },
    );
    const { environmentId } = within;
    await create(inputs({ environmentId }));
    await server.byHand("application.create", { environmentId, name: `orphan ${count}` });
    emulator.setCommand(release, { kind: "healthy" });
    server.newRun();
    const slow = { command: release, timeoutSeconds: 5 };
    await failure(
      server.Application.create(inputs({ environmentId, name: `other ${count}`, release: slow })),
    );
    const left = emulator.services().some(({ name }) => name === `release of other ${count}`);
    assert.ok(left);
    emulator.setCommand(release, undefined);
    server.newRun();
    const { stack } = server;
    server.stack = [];
    const { failures } = await server.Application.check({}, inputs({ environmentId }));
    server.stack = stack;
    const reason = failures[0]?.reason ?? "";
    assert.match(reason, /no resources for these services there either: .*"orphan \d+"/);
    assert.doesNotMatch(reason, /release of/);
  });

  it("is known to a run with another API key by the word in the state, which is secret", async () => {
    const made = (await server.Application.create(inputs())) as { id: string; outs: Values };
    const [{ id, outs }, word] = [plain(made), made.outs["releaseWord"]];
    assert.ok(isMarked(word), "the state has it as a secret");
    emulator.setCommand(release, { kind: "healthy" });
    server.newRun();
    const slow = { command: release, timeoutSeconds: 5 };
    await failure(update(id, outs, inputs({ source: image("2"), release: slow })));
    const { organizationId } = await server.byHand<Values>("user.get", {});
    const { key } = await server.byHand<{ key: string }>("user.createApiKey", {
      ...{ name: `laptop ${count}`, metadata: { organizationId }, rateLimitEnabled: false },
    });
    const later = async () => {
      server.newRun({ apiKey: key });
      return await update(id, outs, inputs({ source: image("2"), release: slow }));
    };
    assert.match((await failure(later())).message, /was not deployed: its release command .* has not ended/);
    assert.equal(starts().length, 2, "no second one is started");
    const read = await server.Application.read(id, outs);
    assert.ok(isMarked((read.props as Values)["releaseWord"]), "a refresh keeps it");
    server.newRun({ apiKey: key });
    await server.Application.delete(id, outs);
    assert.deepEqual(await names(), []);
  });

  it("is removed where a run ended right after its creation, and a copy of it with anything in it stays", async () => {
    const { id, outs } = await create(inputs());
    server.newRun();
    for (const endpoint of ["application.update", "application.delete"])
      emulator.faults.add({ endpoint, times: 99, status: 500, body: { message: "down" } });
    await failure(update(id, outs, inputs({ source: image("2") })));
    emulator.faults.clear();
    assert.deepEqual((await names()).sort(), [`api ${count}`, `release of api ${count}`]);
    const { applications } = await server.byHand<{ applications: Values[] }>("environment.one", {
      environmentId,
    });
    const left = applications.find(({ name }) => name === `release of api ${count}`);
    await server.byHand("application.create", {
      ...{ environmentId, name: `copy ${count}`, sourceType: "docker", description: left?.["description"] },
    });
    const { applicationId } = await server.byHand<{ applicationId: string }>("application.create", {
      ...{ environmentId, name: `theirs ${count}`, sourceType: "docker", description: left?.["description"] },
    });
    await server.byHand("application.update", { applicationId, env: "PASSWORD=theirs" });
    server.newRun();
    await update(id, outs, inputs({ source: image("2") }));
    assert.equal(starts().length, 2);
    assert.deepEqual((await names()).sort(), [`api ${count}`, `theirs ${count}`]);
  });

  it("is not an application to which somebody gave its description while its creation had no response", async () => {
    const { id, outs } = await create(inputs());
    const { applicationId: theirs } = await server.byHand<{ applicationId: string }>("application.create", {
      ...{ environmentId, name: `theirs ${count}`, sourceType: "docker" },
    });
    await server.byHand("application.update", { applicationId: theirs, env: "PASSWORD=theirs" });
    server.newRun();
    emulator.faults.add({ endpoint: "application.create", cut: "after" });
    emulator.faults.add({ endpoint: "environment.one", delayMs: 300, times: Number.POSITIVE_INFINITY });
    const failed = failure(update(id, outs, inputs({ source: image("2") })));
    const left = () => emulator.services().find(({ name }) => name === `release of api ${count}`);
    await until(() => left() !== undefined);
    const helper = { applicationId: left()?.id };
    const { description } = await server.byHand<Values>("application.one", helper);
    await server.byHand("application.update", { ...helper, description: "" });
    await server.byHand("application.update", { applicationId: theirs, description });
    assert.match((await failed).message, /application\.create/);
    emulator.faults.clear();
    const { env, dockerImage, command } = await row(theirs);
    assert.deepEqual(
      { env, dockerImage, command },
      { env: "PASSWORD=theirs", dockerImage: null, command: null },
    );
    await server.byHand("application.delete", helper);
  });

  it("two services with one image have their own commands", async () => {
    const api = await create(inputs());
    const worker = await create(inputs({ name: `worker ${count}` }));
    server.newRun();
    await Promise.all([
      update(api.id, api.outs, inputs({ source: image("2") })),
      update(worker.id, worker.outs, inputs({ name: `worker ${count}`, source: image("2") })),
    ]);
    assert.equal(starts().filter((start) => start === "ghcr.io/acme/api:2").length, 2);
    assert.deepEqual((await names()).sort(), [`api ${count}`, `worker ${count}`]);
  });

  it("an adopted service whose image runs already does not run it", async () => {
    const { id } = await create(inputs());
    assert.equal(starts().length, 1);
    server.newRun();
    const { outs } = await create(inputs({ import: id }));
    assert.equal(starts().length, 1);
    server.newRun();
    const now = await update(id, outs, inputs({ env: { A: "1" } }));
    assert.equal(starts().length, 1, "the state says that it has run");
    assert.equal(now["released"], outs["released"]);
  });

  it("is refused for code, without a deployment of its own, and with spaces in its first word", async () => {
    const code = { type: "git", url: "https://git.example/acme/api.git", branch: "main" };
    const problems = async (more: Values) =>
      (await server.Application.check({}, inputs(more))).failures.map(
        ({ property, reason }) => `${property} ${reason}`,
      );
    assert.match((await problems({ source: code })).join(), /release needs an image/);
    assert.match(
      (await problems({ deploy: false })).join(),
      /release runs before a deployment of this resource/,
    );
    assert.match(
      (await problems({ release: { command: ["npm run x"] } })).join(),
      /release starts with "npm run x"/,
    );
    assert.deepEqual(await problems({}), []);
  });
});
