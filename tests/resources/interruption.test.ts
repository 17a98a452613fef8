import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;
const docker = (tag: string) => ({ type: "docker", image: `acme/api:${tag}` });
const domains = { web: { host: "api.acme.dev", port: 8080 } };
const stopFirst = (Parallelism = 1) => ({ swarm: { updateConfig: { Parallelism, Order: "stop-first" } } });
const check = { healthCheck: { path: "/health", port: 8080 } };
const none = { swarm: { healthCheck: { Test: ["NONE"] } } };
const ofImage = { swarm: { healthCheck: { Test: [] } } };

describe("a change that interrupts an application", () => {
  let server: Server;
  let environmentId: string;
  before(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
  });
  after(() => server.close());

  let count = 0;
  const inputs = (more: Values) =>
    withProvider({ environmentId, name: `api ${count}`, source: docker("1"), ...more });

  /** Returns what the plan says of a change of an application with these inputs. */
  const said = async (before: Values, change: Values) => {
    count += 1;
    server.newRun();
    const { id, outs } = await server.Application.create(inputs(before));
    server.newRun();
    server.warnings.length = 0;
    server.notices.length = 0;
    const news = inputs({ ...before, ...change });
    const { failures } = await server.Application.check(outs, news);
    assert.deepEqual(failures, []);
    await server.Application.diff(id, outs, news);
    return lines();
  };
  const newImage = { source: docker("2") };

  it("is named once, with the health check to give", async () => {
    const [warning, ...more] = await said({ domains }, newImage);
    assert.match(
      warning ?? "",
      /as soon as the new one starts, so requests fail until the new one is ready: it has no health check\. Give it one, such as healthCheck: \{ path: "\/health", port: 8080 \}/,
    );
    assert.deepEqual(more, []);
  });

  const cases: [what: string, before: Values, change: Values, expected: RegExp | undefined][] = [
    ["a port", { ports: { a: { publishedPort: 2500, targetPort: 25 } } }, newImage, /port: 25 \}/],
    [
      "a name that is not known yet",
      { domains },
      { ...newImage, name: runtime.unknownValue },
      /Application: this/,
    ],
    ["a domain that the plan adds", {}, { ...newImage, domains }, /port: 8080 \}/],
    [
      "a port that the plan adds",
      {},
      { ...newImage, ports: { a: { publishedPort: 2500, targetPort: 25 } } },
      /port: 25 \}/,
    ],
    ["changed variables", { domains, env: { A: "1" } }, { env: { A: "2" } }, /no health check/],
    ["no health check of the image", { domains, ...none }, newImage, /no health check/],
    [
      "a health check that the change takes away",
      { domains, ...check },
      { healthCheck: undefined },
      /no health check/,
    ],
    [
      "a container that stops first",
      { domains, ...check, ...stopFirst() },
      newImage,
      /stops its container before.*stop-first/,
    ],
    [
      "containers that all stop first",
      { domains, ...check, replicas: 3, ...stopFirst(0) },
      newImage,
      /stop-first/,
    ],
  ];
  for (const [what, before, change, expected] of cases) {
    it(`is named with ${what}`, async () => {
      const [warning, ...more] = await said(before, change);
      assert.match(warning ?? "", expected ?? /./);
      assert.deepEqual(more, []);
    });
  }

  const quiet: [what: string, before: Values, change: Values][] = [
    ["a health check", { domains, ...check }, newImage],
    ["a health check that the change gives", { domains }, { ...newImage, ...check }],
    [
      "a health check in Docker's words",
      { domains, swarm: { healthCheck: { Test: ["CMD", "true"] } } },
      newImage,
    ],
    ["the health check of its image", { domains, ...ofImage }, newImage],
    ["a health check that is not known yet", { domains }, { ...newImage, healthCheck: runtime.unknownValue }],
    ["neither a domain nor a port", {}, newImage],
    [
      "one of several containers that stop first",
      { domains, ...check, replicas: 3, ...stopFirst() },
      newImage,
    ],
    ["no change", { domains }, {}],
    ["a change that needs no new container", { domains }, { description: "The API" }],
    ["a change that is only saved", { domains }, { ...newImage, deploy: false }],
  ];
  for (const [what, before, change] of quiet) {
    it(`does not happen with ${what}`, async () => assert.deepEqual(await said(before, change), []));
  }

  /** Returns what is said of the plan of a resource: a new one, or one with former inputs. */
  const saidOf = async (kind: string, news: Values, former?: Values) => {
    const made = former && (await server.of(kind).create(withProvider(former)));
    server.newRun();
    server.warnings.length = 0;
    server.notices.length = 0;
    await planOf(kind, news, made);
    return lines();
  };
  const lines = () =>
    [...server.warnings, ...server.notices].filter((line) => /(requests|connections) .*fail/.test(line));
  const planOf = async (kind: string, news: Values, made?: { id: string; outs: Values }) => {
    const { failures } = await server.of(kind).check(made?.outs ?? {}, withProvider(news));
    assert.deepEqual(failures, []);
    if (made) await server.of(kind).diff(made.id, made.outs, withProvider(news));
  };
  const application = async (more: Values) => {
    count += 1;
    server.newRun();
    return (await server.Application.create(inputs(more))).id;
  };
  const byHand = { volumeName: "up", type: "volume" };

  const parts: [kind: string, former: Values, change: Values][] = [
    ["EnvironmentBlock", { env: { A: "1" } }, { env: { A: "2" } }],
    ["Port", { publishedPort: 2525, targetPort: 25 }, { targetPort: 26 }],
    ["Mount", { ...byHand, mountPath: "/a" }, { mountPath: "/b" }],
    ["Deployment", { triggers: { commit: "1" } }, { triggers: { commit: "2" } }],
  ];
  for (const [kind, former, change] of parts) {
    const of = (applicationId: string): Values =>
      kind === "Port" || kind === "Mount" ? { applicationId } : { target: { applicationId } };

    it(`is named for a changed ${kind} of it`, async () => {
      const id = await application({ domains });
      const [warning, ...more] = await saidOf(
        kind,
        { ...former, ...change, ...of(id) },
        { ...former, ...of(id) },
      );
      assert.match(warning ?? "", new RegExp(`^Application "api ${count}": this change .*no health check`));
      assert.deepEqual(more, []);
    });

    it(`is named for a new ${kind} of it`, async () => {
      const id = await application({ domains, ...check, ...stopFirst() });
      const [notice, ...more] = await saidOf(kind, { ...former, ...of(id) });
      assert.match(notice ?? "", /stops its container before.*stop-first/);
      assert.deepEqual(more, []);
    });

    it(`does not happen with a ${kind} where the application has a health check, or nothing changes`, async () => {
      const id = await application({ domains, ...check });
      assert.deepEqual(await saidOf(kind, { ...former, ...change, ...of(id) }, { ...former, ...of(id) }), []);
      const bare = await application({ domains });
      const same = { ...former, ...of(bare) };
      const made = await server.of(kind).create(withProvider(same));
      server.newRun();
      const before = server.calls().length;
      await planOf(kind, same, made);
      assert.equal(server.calls().length, before, "a plan without changes calls nothing");
      assert.deepEqual(lines(), []);
    });
  }

  it("is named for a new Deployment without triggers, and not for a change of options, which deploys nothing", async () => {
    const [warning, ...more] = await saidOf("Deployment", {
      target: { applicationId: await application({ domains }) },
    });
    assert.match(warning ?? "", /no health check/);
    assert.deepEqual(more, []);
    const former = { target: { applicationId: await application({ domains }) }, triggers: { commit: "1" } };
    assert.deepEqual(await saidOf("Deployment", { ...former, deploy: { timeoutSeconds: 60 } }, former), []);
  });

  it("is named for a port and a mount among the inputs of an application", async () => {
    const former = { publishedPort: 2600, targetPort: 25 };
    const port = { domains, ports: { a: former } };
    const [one, ...more] = await said(port, { ports: { a: { ...former, targetPort: 26 } } });
    assert.match(one ?? "", /no health check/);
    assert.deepEqual(more, []);
    const [other] = await said({ domains }, { mounts: { a: { ...byHand, mountPath: "/a" } } });
    assert.match(other ?? "", /no health check/);
  });

  it("is named for a domain or a port that others gave to the application", async () => {
    const parts: [endpoint: string, part: Values][] = [
      ["domain.create", { ...domains.web, path: "/", certificateType: "none", domainType: "application" }],
      ["port.create", { publishedPort: 2800, targetPort: 25, protocol: "tcp", publishMode: "ingress" }],
    ];
    for (const [endpoint, part] of parts) {
      count += 1;
      server.newRun();
      const { id, outs } = await server.Application.create(inputs({}));
      await server.byHand(endpoint, { applicationId: id, ...part });
      server.newRun();
      server.warnings.length = 0;
      assert.deepEqual((await server.Application.check(outs, inputs(newImage))).failures, []);
      await server.Application.diff(id, outs, inputs(newImage));
      assert.match(lines()[0] ?? "", /no health check/, endpoint);
    }
  });

  it("is named once for several resources of one application, by the settings that the plan gives it", async () => {
    const before = { domains, env: { A: "1" } };
    count += 1;
    server.newRun();
    const { id, outs } = await server.Application.create(inputs(before));
    const port = { applicationId: id, publishedPort: 2700, targetPort: 25 };
    server.newRun();
    server.warnings.length = 0;
    await server.Application.check(outs, inputs({ ...before, ...newImage }));
    await server.Application.diff(id, outs, inputs({ ...before, ...newImage }));
    await planOf("Port", port);
    assert.equal(lines().length, 1);

    server.newRun();
    server.warnings.length = 0;
    const healthy = inputs({ ...before, ...check });
    await server.Application.check(outs, healthy);
    await server.Application.diff(id, outs, healthy);
    await planOf("Port", port);
    assert.deepEqual(lines(), []);
  });

  it("is named for services that are deployed for shared variables", async () => {
    await application({ domains, env: { REGION: "${{environment.REGION}}" } }).catch(() => undefined);
    const of = { target: { environmentId }, mode: "additive", redeployReferrers: true };
    const block = await server.EnvironmentBlock.create(withProvider({ ...of, env: { REGION: "eu" } }));
    await application({ domains, env: { REGION: "${{environment.REGION}}" } });
    server.newRun();
    server.warnings.length = 0;
    await planOf("EnvironmentBlock", { ...of, env: { REGION: "us" } }, block);
    assert.ok(
      lines().some((line) => line.startsWith(`Application "api ${count}": this change`)),
      lines().join(),
    );
  });

  it("is named for a compose service and a database", async () => {
    count += 1;
    const compose = {
      environmentId,
      name: `files ${count}`,
      source: { type: "raw", composeFile: "services: { a: { image: a } }\n" },
    };
    const env = { env: { A: "1" } };
    assert.match(
      (await saidOf("Compose", { ...compose, env: { A: "2" } }, { ...compose, ...env })).join(),
      /^Compose service "files \d+": .*Docker Compose stops/,
    );
    const redis = { environmentId, name: `cache ${count}`, password: "secretofredis" };
    assert.match(
      (await saidOf("Redis", { ...redis, env: { A: "2" } }, { ...redis, ...env })).join(),
      /^Redis database "cache \d+": .*connections/,
    );
  });

  describe("of a stack", () => {
    const api = (more: string, tag = "1") => `services: { api: { image: "api:${tag}"${more} } }\n`;
    const deploys = (text: string) => `, deploy: { ${text} }`;
    const startFirst = "update_config: { order: start-first }";
    const two = (tag: string) =>
      `services: { api: { image: "api:${tag}" }, web: { image: "web:\${WEB}" }, all: { image: a, env_file: .env } }\n`;
    const oneHostPort = ", ports: [{ target: 80, published: 80, mode: host }]";

    /** Returns what the plan says of a change of a stack. */
    const saidOfStack = (before: string, change: Values, env = { WEB: "1" }) => {
      count += 1;
      const former = {
        ...{ environmentId, name: `stack ${count}`, composeType: "stack", env },
        source: { type: "raw", composeFile: before },
      };
      return saidOf("Compose", { ...former, ...change }, former);
    };
    const file = (composeFile: string) => ({ source: { type: "raw", composeFile } });

    const named: [what: string, before: string, change: Values, services: string][] = [
      ["no order", api(""), file(api("", "2")), "api"],
      [
        "the order stop-first",
        api(""),
        file(api(deploys("update_config: { order: stop-first }"), "2")),
        "api",
      ],
      [
        "a number of containers that all stop",
        api(""),
        file(api(deploys("replicas: 2, update_config: { parallelism: 0 }"), "2")),
        "api",
      ],
      ["a container on each machine", api(""), file(api(deploys("mode: global"), "2")), "api"],
      ["a port of the machine", api(""), file(api(`${oneHostPort}${deploys("replicas: 2")}`)), "api"],
      ["one changed service of several", two("1"), file(two("2")), "api"],
      ["a variable, for services that get it", two("1"), { env: { WEB: "2" } }, "all, web"],
      ["a variable that is not known yet", two("1"), { env: { WEB: runtime.unknownValue } }, "all, web"],
    ];
    for (const [what, before, change, services] of named) {
      it(`is named with ${what}`, async () => {
        const [notice, ...more] = await saidOfStack(before, change);
        const begins = `Compose service "stack ${count}": this change stops containers before the new ones start, so requests fail`;
        assert.ok(notice?.startsWith(begins), notice);
        assert.ok(notice?.endsWith(`order: start-first, here for ${services}.`), notice);
        assert.deepEqual(more, []);
      });
    }

    it("is named for a Deployment, which can replace all containers", async () => {
      count += 1;
      server.newRun();
      const made = await server.Compose.create(
        withProvider({ environmentId, name: `stack ${count}`, composeType: "stack", ...file(two("1")) }),
      );
      const [notice = ""] = await saidOf("Deployment", { target: { composeId: made.id } });
      assert.match(notice, /here for all, api, web\.$/);
    });

    const silent: [what: string, before: string, change: Values][] = [
      ["the order start-first", api(""), file(api(deploys(startFirst), "2"))],
      [
        "an order that a variable gives",
        api(""),
        file(api(deploys("update_config: { order: '${ORDER:-start-first}' }"), "2")),
      ],
      ["several containers, one of which stops", api(""), file(api(deploys("replicas: 2"), "2"))],
      ["fewer containers", api(deploys("replicas: 3")), file(api(deploys("replicas: 1")))],
      [
        "another way to update",
        api(deploys("labels: [a], update_config: { delay: 1s }, rollback_config: { delay: 1s }")),
        file(api("")),
      ],
      ["a new service", api(""), file(api(` }, web: { image: "web:1"`))],
      ["a service that is removed", api(` }, web: { image: "web:1"`), file(api(""))],
    ];
    for (const [what, before, change] of silent) {
      it(`does not happen with ${what}`, async () => assert.deepEqual(await saidOfStack(before, change), []));
    }
  });

  it("is not named for an adoption that changes nothing", async () => {
    const id = await application({ domains });
    server.newRun();
    server.warnings.length = 0;
    server.notices.length = 0;
    await planOf("Application", { ...inputs({ domains }), import: id });
    assert.deepEqual(lines(), []);
  });

  it("does not happen to a new application", async () => {
    count += 1;
    server.newRun();
    server.warnings.length = 0;
    await server.Application.check({}, inputs({ domains }));
    assert.deepEqual(
      server.warnings.filter((line) => /requests fail/.test(line)),
      [],
    );
  });
});
