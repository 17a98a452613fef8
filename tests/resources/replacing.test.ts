import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { inState, makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("a service that is replaced", () => {
  let server: Server;
  let environmentId: string;
  let count = 0;
  before(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
  });
  after(() => server.close());
  beforeEach(() => {
    count += 1;
    server.newRun();
    server.warnings.length = 0;
    server.stack = undefined;
  });

  const application = (more: Values = {}): Values =>
    withProvider({
      name: `api ${count}`,
      environmentId,
      source: { type: "docker", image: "acme/api:1" },
      deploy: false,
      ...more,
    });
  const postgres = (more: Values = {}): Values =>
    withProvider({
      name: `db ${count}`,
      environmentId,
      database: "d",
      user: "u",
      password: "p4ssw0rd",
      deploy: false,
      ...more,
    });
  const compose = (more: Values = {}): Values =>
    withProvider({
      name: `jobs ${count}`,
      environmentId,
      source: { type: "raw", composeFile: "services:\n  web:\n    image: nginx:1\n" },
      deploy: false,
      ...more,
    });
  const kinds: Readonly<Record<string, (more: Values) => Values>> = {
    Application: application,
    Compose: compose,
    Postgres: postgres,
  };

  /** Checks a replacement as Pulumi does: the change, its difference, and the new object. */
  async function replaced(kind: string, olds: Values, id: string, news: Values): Promise<string[]> {
    server.newRun();
    server.warnings.length = 0;
    const reported = { ...news, __secrets: [] };
    await server.of(kind).check(olds, reported);
    const { replaces = [] } = await server.of(kind).diff(id, olds, news);
    assert.deepEqual(replaces, ["appNamePrefix"]);
    return (await server.of(kind).check({}, reported)).failures.map(({ reason }) => reason);
  }

  for (const [kind, inputsOf] of Object.entries(kinds)) {
    it(`is refused with the variables that others set, and the option that agrees: ${kind}`, async () => {
      const router = kind.toLowerCase();
      const { id, outs } = await server.of(kind).create(inputsOf({ env: { MINE: "1" } }));
      const env = "MINE=1\n# canary\nHAND=canary\nSAME=canary";
      await server.byHand(`${router}.${kind === "Postgres" ? "saveEnvironment" : "update"}`, {
        [`${router}Id`]: id,
        env,
      });
      const news = { env: { MINE: "1", SAME: "x" }, appNamePrefix: "other" };
      const reasons = await replaced(kind, outs, id, inputsOf(news));
      const option = kind === "Postgres" ? `allowReplacementOf: "db ${count}"` : "allowReplacement: true";
      const [own = ""] = reasons;
      assert.match(
        own,
        /^this change deletes the .* and creates a new one\. The new .* lacks what others gave the former one: the variables HAND, SAME; the comments or other text in line 2\. Undo the change; /,
      );
      assert.ok(own.endsWith(`set ${option}`), own);
      assert.equal(reasons.length, kind === "Postgres" ? 2 : 1, "the loss of data is named too");
      assert.doesNotMatch(reasons.join(), /canary/);
      if (kind === "Postgres") {
        const forAnother = inputsOf({ ...news, allowReplacementOf: `db ${count + 1}` });
        assert.deepEqual(await replaced(kind, outs, id, forAnother), reasons);
      }
      const agreed = kind === "Postgres" ? { allowReplacementOf: `db ${count}` } : { allowReplacement: true };
      assert.deepEqual(await replaced(kind, outs, id, inputsOf({ ...news, ...agreed })), []);
      assert.match(
        server.warnings.join("\n"),
        /is replaced\. .*: the variables HAND, SAME; .* in line 2\.$/m,
      );
      assert.doesNotMatch(server.warnings.join("\n"), /canary/);
    });

    it(`is fine if it has no part of others: ${kind}`, async () => {
      const { id, outs } = await server.of(kind).create(inputsOf({ env: { MINE: "1" } }));
      const agreed = kind === "Postgres" ? { allowReplacementOf: `db ${count}` } : {};
      const news = inputsOf({ env: { MINE: "2" }, appNamePrefix: "other", ...agreed });
      assert.deepEqual(await replaced(kind, outs, id, news), []);
    });
  }

  it("is refused with each part that others made, and not with those of the stack", async () => {
    const listed = { "mine.example.com/": { host: "mine.example.com", port: 80 } };
    const { id, outs } = await server.Application.create(application({ domains: listed }));
    const applicationId = id;
    const made = async (endpoint: string, input: Values) =>
      await server.byHand<Values>(endpoint, { applicationId, ...input });
    const domain = { port: 80, path: "/", https: false, certificateType: "none", domainType: "application" };
    await made("domain.create", { host: "theirs.example.com", ...domain });
    const own = await made("domain.create", { host: "own.example.com", ...domain });
    await made("port.create", {
      publishedPort: 8080,
      targetPort: 80,
      protocol: "tcp",
      publishMode: "ingress",
    });
    await server.byHand("mounts.create", {
      serviceId: id,
      serviceType: "application",
      type: "volume",
      volumeName: "data",
      mountPath: "/data",
    });
    await server.byHand("application.update", { applicationId, env: "BLOCK=1\nHAND=1", buildArgs: "ARG=1" });
    server.stack = [
      inState("Application", "api", id),
      inState("Domain", "own", String(own["domainId"])),
      inState("EnvironmentBlock", "block", `application/${id}`, { variables: { env: ["BLOCK"] } }),
    ];
    const news = application({ domains: listed, appNamePrefix: "other" });
    const [reason = "", ...others] = await replaced("Application", outs, id, news);
    assert.deepEqual(others, []);
    assert.match(
      reason,
      /: the variable HAND; the variable buildArgs ARG; the Domain theirs\.example\.com\/; the Mount \/data; the Port 8080\/tcp\. Undo the change; or add these to the program, or make sure that nobody needs them, and set allowReplacement: true$/,
    );
    assert.deepEqual(await replaced("Application", outs, id, { ...news, allowReplacement: true }), []);
  });

  it("is fine if a block of the stack has the whole text, which refuses changes of others itself", async () => {
    const { id, outs } = await server.Application.create(application());
    await server.byHand("application.update", {
      applicationId: id,
      env: "# canary\nBLOCK=1",
      buildArgs: "ARG=1",
    });
    const news = application({ appNamePrefix: "other" });
    const lost = async (
      variables: Readonly<Record<string, "all" | string[]>>,
      target = `application/${id}`,
    ) => {
      server.stack = [
        inState("Application", "api", id),
        inState("EnvironmentBlock", "block", target, { variables }),
      ];
      return (await replaced("Application", outs, id, news)).map(
        (reason) => /former one: (.*?)\. Undo/.exec(reason)?.[1],
      );
    };
    assert.deepEqual(await lost({ env: "all", buildArgs: "all" }), []);
    assert.deepEqual(await lost({ env: "all" }), ["the variable buildArgs ARG"]);
    const text = "the comments or other text in line 1";
    assert.deepEqual(await lost({ env: ["BLOCK"], buildArgs: ["ARG"] }), [text]);
    assert.deepEqual(await lost({ env: "all", buildArgs: "all" }, "application/another"), [
      `the variable BLOCK; ${text}; the variable buildArgs ARG`,
    ]);
  });

  it("has the parts that Pulumi counts as deleted with it, until it is deleted", async () => {
    const { id, outs } = await server.Application.create(application({ env: { MINE: "1" } }));
    const port = (more: Values = {}) =>
      withProvider({ applicationId: id, publishedPort: 8080, targetPort: 80, deploy: false, ...more });
    const ports = server.of("Port");
    const { id: former } = await ports.create(port());
    await server.byHand("application.update", { applicationId: id, env: "MINE=1\nBLOCK=1" });
    const waits = { isWaiting: true };
    const block = { variables: { env: ["BLOCK"] }, ...waits };
    server.stack = [
      inState("Application", "api", id),
      inState("Port", "web", former, waits),
      inState("EnvironmentBlock", "block", `application/${id}`, block),
    ];
    const news = application({ env: { MINE: "1" }, appNamePrefix: "other" });
    assert.deepEqual(await replaced("Application", outs, id, news), []);

    server.newRun();
    const again = port({ targetPort: 81 });
    assert.deepEqual((await ports.check({}, again)).failures, []);
    const { id: next } = await ports.create(again);
    const { ports: rows } = await server.byHand<{ ports: Values[] }>("application.one", {
      applicationId: id,
    });
    assert.deepEqual(
      rows.map(({ portId, targetPort }) => [portId, targetPort]),
      [[next, 81]],
    );
  });

  it("is refused with each schedule and backup that others made", async () => {
    const { id: postgresId, outs } = await server.of("Postgres").create(postgres());
    const { id: applicationId, outs: others } = await server.Application.create(application());
    const { destinationId } = await server.byHand<{ destinationId: string }>("destination.create", {
      ...{ name: "bucket", provider: "AWS", accessKey: "a", secretAccessKey: "s", bucket: "b" },
      ...{ region: "eu", endpoint: "https://s3.example.com", additionalFlags: [] },
    });
    const timetable = { cronExpression: "0 3 * * *", command: "date", scheduleType: "application" };
    const made = await server.byHand<Values>("schedule.create", {
      ...{ applicationId, name: "own", ...timetable },
    });
    await server.byHand("schedule.create", { applicationId, name: "theirs", ...timetable });
    await server.byHand("backup.create", {
      ...{ postgresId, destinationId, databaseType: "postgres", database: "shop", prefix: "/" },
      ...{ schedule: "0 4 * * *", enabled: true, backupType: "database" },
    });
    await server.byHand("volumeBackups.create", {
      ...{ postgresId, destinationId, name: "weekly", volumeName: "data", prefix: "/" },
      ...{ cronExpression: "0 5 * * SUN", serviceType: "postgres", enabled: true },
    });
    server.stack = [
      inState("Application", "api", applicationId),
      inState("Schedule", "own", String(made["scheduleId"])),
    ];
    const [ofApplication = ""] = await replaced(
      "Application",
      others,
      applicationId,
      application({ appNamePrefix: "other" }),
    );
    assert.match(ofApplication, /the former one: the Schedule theirs\. Undo the change/);
    const { id: composeId, outs: ofJobs } = await server.of("Compose").create(compose());
    await server.byHand("schedule.create", {
      ...{ composeId, serviceName: "web", name: "clean", ...timetable, scheduleType: "compose" },
    });
    const [ofCompose = ""] = await replaced(
      "Compose",
      ofJobs,
      composeId,
      compose({ appNamePrefix: "other" }),
    );
    assert.match(ofCompose, /the former one: the Schedule clean\. Undo the change/);
    const news = postgres({ appNamePrefix: "other" });
    const [ofPostgres = ""] = await replaced("Postgres", outs, postgresId, news);
    assert.match(ofPostgres, /the former one: the Backup of shop; the VolumeBackup weekly\. Undo the change/);
  });

  it("has the plans of its Schedule and Deployment replace them too", async () => {
    const { id, outs } = await server.Application.create(application());
    const parts: Readonly<Record<string, (applicationId: unknown) => Values>> = {
      Schedule: (applicationId) => ({
        applicationId,
        name: "nightly",
        cronExpression: "0 3 * * *",
        command: "date",
      }),
      Deployment: (applicationId) => ({ target: { applicationId }, triggers: ["1"] }),
    };
    for (const isReplaced of [true, false]) {
      await replaced(
        "Application",
        outs,
        id,
        application(isReplaced ? { appNamePrefix: "other" } : {}),
      ).catch((error) => {
        if (isReplaced) throw error;
      });
      for (const [kind, inputs] of Object.entries(parts)) {
        const news = withProvider(inputs(runtime.unknownValue));
        await server.of(kind).check(withProvider(inputs(id)), { ...news, __secrets: [] });
        const { replaces } = await server.of(kind).diff("part", withProvider(inputs(id)), news);
        const by = kind === "Schedule" ? "applicationId" : "target";
        assert.deepEqual(replaces, isReplaced ? [by] : undefined, kind);
      }
    }
  });
});
