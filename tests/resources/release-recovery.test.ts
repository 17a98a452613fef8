import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import type { Emulator } from "../../emulator";
import { makeProject, plain, type Server, startServer, until, withProvider } from "./server";

type Values = Record<string, unknown>;
const { unknownValue } = runtime;

const image = (tag: string) => ({ type: "docker", image: `ghcr.io/acme/api:${tag}` });

describe("what runs a release command", () => {
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
    release = `npm run migrate ${count} up`;
    emulator.faults.clear();
    emulator.startedCommands.length = 0;
    server.reported.length = 0;
    server.notices.length = 0;
    server.newRun();
  });

  const inputs = (more: Values = {}) =>
    withProvider({ environmentId, name: `api ${count}`, source: image("1"), release, ...more });
  const create = async (news: Values) =>
    plain((await server.Application.create(news)) as { id: string; outs: Values });
  const update = async (id: string, olds: Values, news: Values) => {
    server.newRun();
    await server.Application.diff(id, olds, news);
    return plain((await server.Application.update(id, olds, news)).outs as Values);
  };
  const failure = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => assert.fail("it must fail"),
      (reason: Error & { id: string; properties?: Values }) => reason,
    );
    return { id: error.id, message: error.message, properties: plain(error.properties ?? {}) };
  };
  const applications = async () => {
    const { applications: all } = await server.byHand<{ applications: Values[] }>("environment.one", {
      environmentId,
    });
    return all.filter(({ name }) => String(name).endsWith(` ${count}`));
  };
  /** Row of the application in which the command runs. */
  const helper = async () => {
    const found = (await applications()).find(({ name }) => name === `release of api ${count}`);
    return (
      found && (await server.byHand<Values>("application.one", { applicationId: found["applicationId"] }))
    );
  };
  const starts = () => emulator.startedCommands.map(({ command }) => command);
  /** Ends a run after the command has succeeded, and before anything of the service is saved. */
  const killed = async (id: string, olds: Values, news: Values) => {
    const before = starts().length;
    const ended = failure(update(id, olds, news));
    await until(() => starts().length > before);
    emulator.faults.add({
      endpoint: "application.update",
      times: 99,
      status: 500,
      body: { message: "down" },
    });
    await ended;
    emulator.faults.clear();
    assert.ok(await helper(), "the next run must find it");
  };

  it("has the login of the registry, the networks, the machine and the files of its service", async () => {
    const network = await server.byHand<{ networkId: string }>("network.create", { name: `net ${count}` });
    emulator.setCommand(release, { kind: "healthy" });
    const serverId = emulator.connect("server");
    const source = { ...image("1"), registryUrl: "ghcr.io", username: "robot", password: "canary-login" };
    const mounts = {
      "/etc/app.yaml": {
        type: "file",
        mountPath: "/etc/app.yaml",
        filePath: "app.yaml",
        content: "level: info\n",
      },
    };
    const more = { networkIds: [network.networkId], detachDokployNetwork: true, appNamePrefix: "shop" };
    const slow = { command: release, timeoutSeconds: 5 };
    const error = await failure(create(inputs({ ...more, source, mounts, serverId, release: slow })));
    const row = await helper();
    assert.ok(row, error.message);
    const { registryUrl, username, password, networkIds, detachDokployNetwork, restartPolicySwarm } = row;
    assert.deepEqual(
      { registryUrl, username, password, networkIds, detachDokployNetwork, restartPolicySwarm },
      {
        ...{ registryUrl: "ghcr.io", username: "robot", password: "canary-login" },
        ...{ networkIds: [network.networkId], detachDokployNetwork: true },
        restartPolicySwarm: { Condition: "none" },
      },
    );
    assert.equal(row["serverId"], serverId);
    assert.match(String(row["appName"]), /^release-/, "Dokploy finds containers by beginnings of names");
    assert.deepEqual(
      (row["mounts"] as Values[]).map(({ type, mountPath, filePath, content }) => [
        type,
        mountPath,
        filePath,
        content,
      ]),
      [["file", "/etc/app.yaml", "app.yaml", "level: info\n"]],
    );
    const records = await server.byHand<Values[]>("deployment.all", { applicationId: row["applicationId"] });
    assert.match(String(records[0]?.["title"]), /^Pulumi: release command/);
    await server.byHand("application.delete", { applicationId: row["applicationId"] });
  });

  it("has the mounts of the program as they will be, and those that others made", async () => {
    const mount = (volumeName: string) => ({ type: "volume", mountPath: "/data", volumeName });
    const first = inputs({ mounts: { data: mount("before") } });
    const { id, outs } = await create(first);
    await server.byHand("mounts.create", {
      ...{ type: "bind", hostPath: "/srv/theirs", mountPath: "/theirs" },
      ...{ serviceType: "application", serviceId: id },
    });
    emulator.setCommand(release, { kind: "healthy" });
    const slow = { command: release, timeoutSeconds: 5 };
    const next = { source: image("2"), release: slow };
    const mountsOf = async () => {
      const rows = (await helper())?.["mounts"] as Values[];
      const shown = rows.map(({ mountPath, volumeName, hostPath }) => [mountPath, volumeName ?? hostPath]);
      await server.byHand("application.delete", { applicationId: (await helper())?.["applicationId"] });
      return shown.sort();
    };
    await failure(
      update(id, outs, inputs({ ...next, mounts: { data: { ...mount("after"), mountPath: "/moved" } } })),
    );
    assert.deepEqual(await mountsOf(), [
      ["/moved", "after"],
      ["/theirs", "/srv/theirs"],
    ]);
    await failure(
      update(
        id,
        outs,
        inputs({
          ...next,
          mounts: {
            "/theirs": { ...mount("own"), mountPath: "/theirs" },
            "/more": { ...mount("more"), mountPath: "/more" },
          },
        }),
      ),
    );
    assert.deepEqual(await mountsOf(), [
      ["/more", "more"],
      ["/theirs", "own"],
    ]);
    await failure(update(id, outs, inputs(next)));
    assert.deepEqual(await mountsOf(), [
      ["/data", "before"],
      ["/theirs", "/srv/theirs"],
    ]);
  });

  it("counts only with the command that succeeded, word by word", async () => {
    const { id, outs } = await create(inputs());
    const words = (tag: string, ...command: string[]) => inputs({ source: image(tag), release: { command } });
    await killed(id, outs, words("2", "/migrate", "--to", "5"));
    const second = await update(id, outs, words("2", "/migrate", "--to", "6"));
    assert.deepEqual(starts().slice(1), ["/migrate --to 5", "/migrate --to 6"]);
    await killed(id, second, words("3", "/migrate", "--to", "7"));
    await update(id, second, words("3", "/seed", "--to", "7"));
    assert.deepEqual(starts().slice(3), ["/migrate --to 7", "/seed --to 7"]);
  });

  it("with onVariables, counts for the same variables alone", async () => {
    const { id, outs } = await create(inputs({ env: { A: "1" } }));
    const withA = (A: string) => inputs({ env: { A }, release: { command: release, onVariables: true } });
    await killed(id, outs, withA("2"));
    assert.equal(starts().length, 2);
    const second = await update(id, outs, withA("2"));
    assert.equal(starts().length, 2, "an interrupted update does not run it again");
    assert.deepEqual(
      (await applications()).map(({ name }) => name),
      [`api ${count}`],
    );
    await killed(id, second, withA("3"));
    await update(id, second, withA("4"));
    assert.deepEqual(
      emulator.startedCommands.map(({ env }) => env["A"]),
      ["1", "2", "3", "4"],
    );
  });

  it("without onVariables, counts for other variables too", async () => {
    const { id, outs } = await create(inputs({ env: { A: "1" } }));
    await killed(id, outs, inputs({ env: { A: "2" }, source: image("2") }));
    await update(id, outs, inputs({ env: { A: "3" }, source: image("2") }));
    assert.equal(starts().length, 2);
  });

  it("is in the environment that its service will have, and one that was left in the former one counts", async () => {
    const project = (await server.Project.create(withProvider({ name: `moves ${count}` }))) as {
      outs: Values;
    };
    const to = { environmentId: String(project.outs["defaultEnvironmentId"]) };
    const { id, outs } = await create(inputs());
    const news = inputs({ source: image("2") });
    await killed(id, outs, news);
    const moved = await update(id, outs, { ...news, ...to });
    assert.equal(starts().length, 2);
    assert.deepEqual(await applications(), []);
    emulator.setCommand(release, { kind: "healthy" });
    const back = inputs({ source: image("3"), release: { command: release, timeoutSeconds: 5 } });
    await failure(update(id, moved, back));
    assert.ok(await helper(), "it waits where the service will be");
    await server.byHand("application.delete", { applicationId: (await helper())?.["applicationId"] });
  });

  it("is reported while it takes time, also where an earlier run started it", async () => {
    emulator.setCommand(release, { kind: "exits", afterSeconds: 60 });
    const { id, outs } = await create(inputs());
    assert.match(server.reported.join("\n"), new RegExp(`^api ${count}: runs its release command, \\d`, "m"));
    const slow = { command: release, timeoutSeconds: 5 };
    await failure(update(id, outs, inputs({ source: image("2"), release: slow })));
    server.reported.length = 0;
    await update(id, outs, inputs({ source: image("2") }));
    assert.match(
      server.reported.join("\n"),
      new RegExp(`^api ${count}: waits for the release command that an earlier run started, \\d`, "m"),
    );
  });

  it("is said by the plan when neither command nor image is known yet, and nothing where `release` is not", async () => {
    const { id, outs } = await create(inputs());
    const said = async (more: Values) => {
      server.newRun();
      server.notices.length = 0;
      await server.Application.diff(id, outs, inputs(more));
      return server.notices.splice(0).map((line) => line.replace(/^.*: runs /, ""));
    };
    const maybe = "in the new image before the switch, if the image or the command changes.";
    assert.deepEqual(await said({ release: unknownValue }), []);
    assert.deepEqual(await said({ release: { command: unknownValue } }), [`its release command ${maybe}`]);
    assert.deepEqual(await said({ release: { command: ["/m", unknownValue] } }), [
      `its release command ${maybe}`,
    ]);
    assert.deepEqual(await said({ source: { type: "docker", image: unknownValue } }), [
      `\`${release}\` ${maybe}`,
    ]);
  });

  it("is said of an adopted application that no deployment has started yet", async () => {
    const made = await server.byHand<{ applicationId: string }>("application.create", {
      ...{ environmentId, name: `api ${count}`, sourceType: "docker" },
    });
    await server.byHand("application.update", { ...made, dockerImage: "ghcr.io/acme/api:1", replicas: 1 });
    const adopt = async (more: Values = {}) => {
      server.newRun();
      server.notices.length = 0;
      await server.Application.check({}, inputs({ import: made.applicationId, ...more }));
      return server.notices
        .filter((line) => / runs /.test(line))
        .map((line) => line.replace(/^.*: runs `[^`]*` /, ""));
    };
    assert.deepEqual(await adopt(), ["in its image before the deployment."]);
    assert.deepEqual(await adopt({ source: image("2") }), ["in the new image before the switch."]);
    await create(inputs({ import: made.applicationId }));
    assert.equal(starts().length, 1, "it does what the plan says");
    assert.deepEqual(await adopt(), []);
    await create(inputs({ import: made.applicationId }));
    assert.equal(starts().length, 1);
  });

  it("runs before the image of an adopted application whose last deployment failed", async () => {
    const made = await server.byHand<{ applicationId: string }>("application.create", {
      ...{ environmentId, name: `api ${count}`, sourceType: "docker" },
    });
    const { applicationId: id } = made;
    const within = { applicationId: id };
    const deployed = async (tag: string, outcome?: Parameters<typeof emulator.setOutcome>[1]) => {
      emulator.setOutcome(id, outcome);
      await server.byHand("application.update", {
        ...within,
        dockerImage: `ghcr.io/acme/api:${tag}`,
        replicas: 1,
      });
      await server.byHand("application.deploy", within);
      const end = outcome?.status ?? "done";
      const ended = async () =>
        (await server.byHand<Values>("application.one", within))["applicationStatus"] === end;
      while (!(await ended()));
    };
    await deployed("1");
    await deployed("2", { status: "error", log: "no space left on device" });
    emulator.setOutcome(id, undefined);
    server.newRun();
    await create(inputs({ import: id, source: image("2") }));
    assert.deepEqual(
      emulator.startedCommands.map((start) => start.image),
      ["ghcr.io/acme/api:2"],
      "it has run before the new version is there",
    );
  });

  it("starts again where an earlier run did not see it fail, and says the failure even if it cannot be removed", async () => {
    const { id, outs } = await create(inputs());
    emulator.setCommand(release, { kind: "exits", afterSeconds: 30, exitCode: 4 });
    const news = (timeoutSeconds: number) =>
      inputs({ source: image("2"), release: { command: release, timeoutSeconds } });
    assert.match((await failure(update(id, outs, news(5)))).message, /has not ended after 5 s/);
    const row = await helper();
    const container = () => emulator.instance.containers.get(String(row?.["applicationId"]));
    await until(() => container()?.tasks.every(({ current }) => current === "Failed") === true);
    emulator.setCommand(release, { kind: "exits", exitCode: 5 });
    const silent = await failure(update(id, outs, news(60)));
    assert.match(silent.message, /exited with code 5\..*\nIt printed nothing that could be read\.$/s);
    assert.equal(starts().length, 3);
    assert.equal(await helper(), undefined);
    const failed = `api ${count} failed: The release command \`${release}\` of application "api ${count}" exited with code 5.`;
    assert.ok(
      server.reported.some((line) => line.startsWith(failed)),
      server.reported.join("\n"),
    );
    emulator.faults.add({
      endpoint: "application.delete",
      times: 99,
      status: 500,
      body: { message: "down" },
    });
    assert.match((await failure(update(id, outs, news(60)))).message, /exited with code 5/);
    emulator.faults.clear();
    emulator.setCommand(release, undefined);
    assert.equal((await update(id, outs, news(60)))["status"], "done");
    assert.equal(await helper(), undefined);
  });

  it("that no node takes goes on, with Docker's reason", async () => {
    emulator.setCommand(release, { kind: "never-placed", error: "no suitable node (insufficient memory)" });
    const slow = { command: release, timeoutSeconds: 5 };
    const { message } = await failure(create(inputs({ release: slow })));
    assert.match(
      message,
      /has not ended after 5 s: .*no suitable node \(insufficient memory\)\. It goes on in Dokploy/,
    );
    await server.byHand("application.delete", { applicationId: (await helper())?.["applicationId"] });
  });

  it("waits in Dokploy's queue no longer than its time limit, and is followed later", async () => {
    const { id, outs } = await create(inputs());
    const news = (timeoutSeconds: number) =>
      inputs({ source: image("2"), release: { command: release, timeoutSeconds } });
    emulator.holdBuilds();
    try {
      const { message } = await failure(update(id, outs, news(5)));
      assert.match(message, /5 s/);
    } finally {
      emulator.releaseBuilds();
    }
    assert.ok(await helper(), "it may still start");
    assert.equal((await update(id, outs, news(60)))["status"], "done");
    assert.equal(starts().length, 2, "no second one is started");
    assert.equal(await helper(), undefined);
  });

  it("is removed without an error where somebody removes it at the same moment, also without a command by then", async () => {
    const { id, outs } = await create(inputs());
    emulator.faults.add({
      endpoint: "application.delete",
      status: 404,
      body: { message: "Application not found", code: "NOT_FOUND" },
    });
    const second = await update(id, outs, inputs({ source: image("2") }));
    assert.equal(second["status"], "done");
    await killed(id, second, inputs({ source: image("3") }));
    const { release: _, ...without } = inputs({ source: image("3") });
    await update(id, second, without);
    assert.equal(await helper(), undefined, "a program without the command leaves nothing of it");
    assert.equal(starts().length, 3);
  });

  it("is not an application with an image or with code, though it has the description of a new one", async () => {
    const { id, outs } = await create(inputs());
    for (const endpoint of ["application.update", "application.delete"])
      emulator.faults.add({ endpoint, times: 99, status: 500, body: { message: "down" } });
    await failure(update(id, outs, inputs({ source: image("2") })));
    emulator.faults.clear();
    const { description } = (await helper()) ?? {};
    const copy = async (name: string, sourceType: string) =>
      await server.byHand<{ applicationId: string }>("application.create", {
        ...{ environmentId, name: `${name} ${count}`, sourceType, description },
      });
    const { applicationId } = await copy("image", "docker");
    await server.byHand("application.update", { applicationId, dockerImage: "postgres:17" });
    await copy("code", "github");
    await update(id, outs, inputs({ source: image("2") }));
    assert.deepEqual((await applications()).map(({ name }) => name).sort(), [
      `api ${count}`,
      `code ${count}`,
      `image ${count}`,
    ]);
  });

  it("is looked for once in an environment from which a run deletes services, if the key may see it", async () => {
    const { id, outs } = await create(inputs());
    const other = await create(inputs({ name: `other ${count}` }));
    server.newRun();
    await server.Application.delete(id, outs);
    await server.Application.delete(other.id, other.outs);
    assert.equal(server.calls().filter((endpoint) => endpoint === "environment.one").length, 1);
    const third = await create(inputs());
    server.newRun();
    emulator.faults.add({ endpoint: "environment.one", times: 99, status: 500, body: { message: "down" } });
    assert.match(
      (await failure(server.Application.delete(third.id, third.outs))).message,
      /environment\.one/,
    );
    emulator.faults.clear();
    server.newRun();
    emulator.denyPermission("environment.one");
    try {
      await server.Application.delete(third.id, third.outs);
    } finally {
      emulator.allowPermission("environment.one");
    }
    assert.deepEqual(await applications(), []);
    const gone = (await server.Project.create(withProvider({ name: `gone ${count}` }))) as { outs: Values };
    const within = { environmentId: String(gone.outs["defaultEnvironmentId"]) };
    const fourth = await create(inputs(within));
    await server.byHand("project.remove", {
      projectId: gone.outs["projectId"] ?? (gone as { id?: string }).id,
    });
    server.newRun();
    await server.Application.delete(fourth.id, { ...fourth.outs, ...within });
  });

  it("is no longer among what waits once it has ended, and a refresh keeps what it is known by", async () => {
    const { id, outs } = await create(inputs());
    const read = await server.Application.read(id, outs);
    assert.equal((read.props as Values)["released"], outs["released"]);
    server.newRun();
    emulator.setCommand("/other", { kind: "exits", afterSeconds: 30 });
    const changed = inputs({ release: { command: ["/other", release] } });
    await server.Application.diff(id, outs, changed);
    await server.Application.update(id, outs, changed);
    assert.ok(server.reported.some((line) => line.startsWith(`api ${count}: runs its release command`)));
    server.reported.length = 0;
    await server.Application.create(inputs({ name: `other ${count}` }));
    assert.ok(server.reported.some((line) => line.startsWith(`other ${count}: `)));
    assert.ok(!server.reported.some((line) => line.includes(`api ${count}:`)), server.reported.join("\n"));
  });

  it("is refused without words, and with a time limit that no run waits for", async () => {
    const reasons = async (more: Values) =>
      (await server.Application.check({}, inputs(more))).failures.map(({ property }) => property);
    for (const wrong of ["", [], [""], ["a", ""]]) {
      assert.deepEqual((await reasons({ release: { command: wrong } })).length, 1, JSON.stringify(wrong));
    }
    assert.equal((await reasons({ release: "" })).length, 1);
    for (const timeoutSeconds of [0, -1, 1.5, 86_401])
      assert.deepEqual(
        (await reasons({ release: { command: "x", timeoutSeconds } })).length,
        1,
        `${timeoutSeconds}`,
      );
    for (const more of [{ timeout: 5 }, { onVariables: "yes" }, { timeoutSeconds: "5" }])
      assert.equal((await reasons({ release: { command: "x", ...more } })).length, 1, JSON.stringify(more));
    for (const fine of [
      { release: { command: "x", timeoutSeconds: 1, onVariables: false } },
      { release: { command: "x", timeoutSeconds: 86_400 } },
      { release: { command: [unknownValue, "a b"] } },
      { release: { command: ["/m", "a b"] }, deploy: { timeoutSeconds: 60 } },
      { release: unknownValue, deploy: false },
      { source: { type: unknownValue, image: "acme/api:1" } },
    ])
      assert.deepEqual(await reasons(fine), [], JSON.stringify(fine));
  });

  it("is said before the first deployment, and lets a service that never ran be replaced", async () => {
    await server.Application.check({}, inputs());
    assert.match(
      server.notices.join("\n"),
      /Application "api \d+": runs `npm run migrate \d+ up` in its image before the first deployment\./,
    );
    emulator.setCommand(release, { kind: "exits", exitCode: 1 });
    const { id, properties } = await failure(create(inputs()));
    server.newRun();
    server.warnings.length = 0;
    const { replaces } = await server.Application.diff(id, properties, inputs({ appNamePrefix: "other" }));
    assert.deepEqual(replaces, ["appNamePrefix"]);
    assert.doesNotMatch(server.warnings.join("\n"), /release command/);
  });

  it("that fails leaves the parts of a new service in the state, and the next run makes none a second time", async () => {
    const domains = { main: { host: `api-${count}.example.com`, port: 80 } };
    emulator.setCommand(release, { kind: "exits", exitCode: 1 });
    const { id, properties } = await failure(create(inputs({ domains })));
    const ids = properties["partIds"] as { domains?: Values } | undefined;
    const own = async () =>
      (await server.byHand<{ domains: Values[] }>("application.one", { applicationId: id })).domains;
    assert.deepEqual(
      Object.values(ids?.domains ?? {}),
      (await own()).map(({ domainId }) => domainId),
    );
    emulator.setCommand(release, undefined);
    const now = await update(id, properties, inputs({ domains }));
    assert.deepEqual([now["status"], now["partIds"]], ["done", ids]);
    assert.equal((await own()).length, 1);
  });

  it("that cannot be removed after a deployment is no reason to deploy again", async () => {
    const { id, outs } = await create(inputs());
    emulator.faults.add({
      endpoint: "application.delete",
      times: 99,
      status: 500,
      body: { message: "down" },
    });
    const news = inputs({ source: image("2") });
    const { message, properties } = await failure(update(id, outs, news));
    assert.match(message, /application\.delete/);
    assert.deepEqual([properties["status"], properties["pending"]], ["done", "none"]);
    assert.notEqual(properties["released"], outs["released"]);
    emulator.faults.clear();
    const before = (await server.byHand<Values[]>("deployment.all", { applicationId: id })).length;
    const now = await update(id, properties, news);
    assert.equal("pending" in now, false);
    assert.equal(starts().length, 2);
    assert.equal((await server.byHand<Values[]>("deployment.all", { applicationId: id })).length, before);
    assert.equal(await helper(), undefined);
  });

  it("is removed though its service cannot be deployed, and does not run again", async () => {
    const { id, outs } = await create(inputs());
    emulator.setOutcome(id, { status: "error", log: "no space left on device" });
    const news = inputs({ source: image("2") });
    const { properties } = await failure(update(id, outs, news));
    emulator.setOutcome(id, undefined);
    assert.equal(properties["pending"], "deploy");
    assert.equal(await helper(), undefined);
    assert.equal((await update(id, properties, news))["status"], "done");
    assert.equal(starts().length, 2);
  });
});
