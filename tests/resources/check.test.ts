import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import type { Handlers } from "../../provider/lifecycle/pipeline";
import { makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;
const unknown = runtime.unknownValue;
const docker = { type: "docker", image: "acme/api:1" };

describe("checking inputs at preview", () => {
  let server: Server;
  let environmentId: string;
  before(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
  });
  after(() => server.close());

  /** Checked as an update, so that only the inputs count. */
  const problems = async (handlers: Handlers, inputs: Values) => {
    const { failures } = await handlers.check({ name: "old" }, withProvider(inputs));
    return failures.map(({ property, reason }) => `${property}: ${reason}`);
  };
  const application = (more: Values) =>
    problems(server.Application, { environmentId, name: "api", source: docker, ...more });

  const bad: [what: string, inputs: Values, property: string, reason: RegExp][] = [
    ["a number for a text", { name: 5 }, "name", /must be a string, not a number/],
    [
      "a number for an image",
      { source: { type: "docker", image: 5 } },
      "source.image",
      /must be a string, not a number/,
    ],
    ["a list for a release", { release: ["npm"] }, "release", /: must be a string or an object, not a list$/],
    ["a text for a number", { replicas: "3" }, "replicas", /must be a number, not a string/],
    ["a fraction of a replica", { replicas: 2.5 }, "replicas", /whole number/],
    ["no finite number", { replicas: Number.POSITIVE_INFINITY }, "replicas", /must be a finite number$/],
    ["what is not a number", { resources: { cpuLimit: Number.NaN } }, "resources.cpuLimit", /finite number$/],
    ["far too many replicas", { replicas: 1e29 }, "replicas", /must be at most 10000$/],
    ["far too few replicas", { replicas: -1e29 }, "replicas", /must be at least 0$/],
    ["null for a number", { replicas: null }, "replicas", /leave it out/],
    ["an empty name", { name: "" }, "name", /./],
    ["an unknown input", { replica: 3 }, "replica", /is not an input of an Application/],
    [
      "an unknown input inside",
      { resources: { memory: "1GiB" } },
      "resources.memory",
      /is not an input of resources/,
    ],
    [
      "10 nanoseconds",
      { swarm: { healthCheck: { Interval: 10 } } },
      "swarm.healthCheck.Interval",
      /less than 1 ms.*10s/,
    ],
    [
      "a duration without a unit",
      { healthCheck: { path: "/", port: 80, interval: "10" } },
      "healthCheck.interval",
      /10s/,
    ],
    [
      "nanoseconds in words",
      { healthCheck: { path: "/", port: 80, interval: 1e9 } },
      "healthCheck.interval",
      /a string/,
    ],
    [
      "half a millisecond",
      { healthCheck: { command: "true", timeout: "0.5ms" } },
      "healthCheck.timeout",
      /less than 1 ms/,
    ],
    [
      "a fraction of a nanosecond",
      { swarm: { restartPolicy: { Delay: 0.5 } } },
      "swarm.restartPolicy.Delay",
      /nanoseconds, and must be whole/,
    ],
    [
      "a duration of another unit",
      { swarm: { restartPolicy: { Delay: "1d" } } },
      "swarm.restartPolicy.Delay",
      /10s, 500ms, 1m30s/,
    ],
    [
      "no duration",
      { swarm: { restartPolicy: { Delay: true } } },
      "swarm.restartPolicy.Delay",
      /must be a duration such as 10s/,
    ],
    [
      "a test without its kind",
      { swarm: { healthCheck: { Test: ["curl", "-f"] } } },
      "swarm.healthCheck.Test",
      /begin with "CMD" or "CMD-SHELL"/,
    ],
    [
      "a test without a command",
      { swarm: { healthCheck: { Test: ["CMD"] } } },
      "swarm.healthCheck.Test",
      /and a command/,
    ],
    [
      "two health checks",
      { healthCheck: { command: "true" }, swarm: { healthCheck: { Test: ["CMD", "true"] } } },
      "swarm.healthCheck",
      /remove one of the two/,
    ],
    ["a health check without a port", { healthCheck: { path: "/health" } }, "healthCheck.port", /is missing/],
    [
      "a path that ends the quotes",
      { healthCheck: { path: "/a'$(id)", port: 80 } },
      "healthCheck.path",
      /is not a path such as/,
    ],
    [
      "a path and a command",
      { healthCheck: { path: "/", port: 80, command: "true" } },
      "healthCheck.command",
      /is not an input of healthCheck/,
    ],
    ["no words of a command", { healthCheck: { command: [] } }, "healthCheck.command", /./],
    ["a size without a unit", { resources: { memoryLimit: "512" } }, "resources.memoryLimit", /512MiB/],
    [
      "a field of another source",
      { source: { ...docker, branch: "main" } },
      "source.branch",
      /of type "docker"/,
    ],
    [
      "a field of another build",
      {
        source: { type: "git", url: "https://x/y.git", branch: "main" },
        build: { type: "paketo", dockerfile: "x" },
      },
      "build.dockerfile",
      /of type "paketo"/,
    ],
    [
      "an image with a blank",
      { source: { type: "docker", image: "ngi nx:" } },
      "source.image",
      /is not an image/,
    ],
    ["a list for an object", { resources: [] }, "resources", /must be an object, not a list/],
    ["a source of no kind", { source: { type: "zip" } }, "source.type", /docker.*git/],
    ["a source without its image", { source: { type: "docker" } }, "source.image", /is missing/],
    [
      "a branch that would break a shell",
      { source: { type: "git", url: "https://x/y.git", branch: "a b" } },
      "source.branch",
      /branch/,
    ],
    ["a build of an image that is pulled", { build: { type: "nixpacks" } }, "build", /source of type docker/],
    ["a number in env", { env: { PORT: 3000 } }, "env.PORT", /must be a string, not a number/],
    ["a bad name in env", { env: { "A B": "1" } }, "env.A B", /./],
    ["a value that dotenv cannot carry", { env: { BAD: "'`\"\n\\n" } }, "env.BAD", /./],
    ["a reference to a name that is not there", { env: { A: "${{NOPE}}" } }, "env.A", /NOPE/],
    ["a bad name in buildArgs", { buildArgs: { "A B": "1" } }, "buildArgs.A B", /./],
    ["a wrong method", { deploy: { method: "fast" } }, "deploy.method", /deploy.*redeploy.*reload/],
    ["a wrong deploy", { deploy: "no" }, "deploy", /./],
    ["an unknown deploy option", { deploy: { timeout: 5 } }, "deploy.timeout", /is not an input of/],
    [
      "a wrong swarm key",
      { swarm: { healthCheck: { test: [] } } },
      "swarm.healthCheck.test",
      /is not an input of/,
    ],
  ];
  for (const [what, inputs, property, reason] of bad) {
    it(`refuses ${what}, at ${property}`, async () => {
      const found = await application(inputs);
      assert.equal(found.length, 1, found.join("\n"));
      assert.ok(found[0]?.startsWith(`${property}: `), found[0]);
      assert.match(found[0] ?? "", reason);
    });
  }

  it("says that a target names exactly one object", async () => {
    for (const target of [
      {},
      { applicationId: "a00000000000000000000", composeId: "c00000000000000000000" },
      "a",
      5,
    ]) {
      assert.deepEqual(await problems(server.EnvironmentBlock, { target, env: {} }), [
        "target: needs exactly one of applicationId, composeId, projectId, environmentId, postgresId, mysqlId, " +
          "mariadbId, mongoId, redisId, libsqlId",
      ]);
      assert.deepEqual(await problems(server.Deployment, { target }), [
        "target: needs exactly one of applicationId and composeId",
      ]);
    }
    assert.deepEqual(await problems(server.Deployment, { target: { postgresId: "p00000000000000000000" } }), [
      "target.applicationId: is missing",
      "target.postgresId: is not an input of target",
    ]);
    const [bad] = await problems(server.EnvironmentBlock, { target: { applicationId: "no id!" }, env: {} });
    assert.match(bad ?? "", /^target\.applicationId: is not an id/);
  });

  it("names every problem at once", async () => {
    const found = await application({ replicas: "3", env: { "A B": "1", C: "${{D}}" }, foo: 1 });
    assert.equal(found.length, 4, found.join("\n"));
  });

  it("never shows a value", async () => {
    const canary = "canary-7f3a'`\"\n\\n";
    const found = await application({
      env: { BAD: canary, "A B": canary, C: `\${{${"canary-ref"}}}` },
      command: 5,
    });
    assert.doesNotMatch(found.join("\n"), /canary-7f3a/);
  });

  it("names the missing inputs", async () => {
    assert.deepEqual(await problems(server.Application, {}), [
      "environmentId: is missing",
      "name: is missing",
      "source: is missing",
    ]);
  });

  it("refuses an address of ssh without a key, in every kind of service that is built from git", async () => {
    const from = (more: Values) => ({ type: "git", branch: "main", ...more });
    const ssh = "git@git.acme.dev:acme/api.git";
    for (const [source, expected] of [
      [from({ url: ssh }), 1],
      [from({ url: "ssh://git@git.acme.dev/acme/api.git" }), 1],
      [from({ url: ssh, sshKeyId: "PQqzqTGCVtx0St2SA3vCi" }), 0],
      [from({ url: ssh, sshKeyId: unknown }), 0],
      [from({ url: unknown }), 0],
      [from({ url: "https://git.acme.dev/acme/api.git" }), 0],
    ] as const) {
      for (const handlers of [server.Application, server.Compose]) {
        const found = await problems(handlers, { environmentId, name: "api", source });
        assert.equal(found.length, expected, found.join("\n"));
        if (expected > 0)
          assert.match(found[0] ?? "", /^source\.sshKeyId: is missing: source\.url is an SSH address/);
      }
    }
  });

  it("names the setting that gives the tag of an image", async () => {
    const settings = (service: string) =>
      `set dokploy:imageTags.${service} or dokploy:imageTag, or DOKPLOY_IMAGE_TAG for this run`;
    const places = [
      ["${IMAGE_TAG}", "<service>"],
      ["${dokploy:imageTags.api-2.x}", "api-2.x"],
    ] as const;
    for (const [tag, service] of places)
      assert.deepEqual(await application({ source: { type: "docker", image: `acme/api:${tag}` } }), [
        `source.image: contains \${IMAGE_TAG}, which has no value: ${settings(service)}`,
      ]);
    for (const [tag, service] of places) {
      const source = { type: "raw", composeFile: "services: { a: { image: 'acme/api:${IMAGE_TAG}' } }\n" };
      assert.deepEqual(
        await problems(server.Compose, { environmentId, name: "c", source, env: { IMAGE_TAG: tag } }),
        [`env.IMAGE_TAG: has no value: ${settings(service)}`],
      );
    }
    assert.deepEqual(await application({ source: { type: "docker", image: "acme/api:${TAG}" } }), [
      "source.image: contains ${TAG}, which has no value",
    ]);
  });

  it("refuses the image of another database", async () => {
    const postgres = (image: unknown) =>
      problems(server.of("Postgres"), { environmentId, name: "db", database: "shop", user: "shop", image });
    assert.deepEqual(await postgres("docker.io/library/mysql:8"), [
      "image: is an image for a MySQL database, and this is a Postgres database",
    ]);
    for (const image of ["postgres:17", "postgis/postgis:17-3.5", "acme/mysql-to-postgres:1", unknown])
      assert.deepEqual(await postgres(image), [], String(image));
    const mysql = { environmentId, name: "db", database: "shop", user: "shop", image: "mariadb:11" };
    assert.deepEqual(await problems(server.of("MySql"), mysql), []);
  });

  it("warns of a port that Traefik has", async () => {
    const fresh = async (kind: "Application", inputs: Values) => {
      server.newRun();
      const before = server.warnings.length;
      await server.of(kind).check({ name: "old" }, withProvider({ environmentId, name: "api", ...inputs }));
      return server.warnings.slice(before);
    };
    const source = (image: unknown) => ({ source: { type: "docker", image } });
    const ports = (publishedPort: unknown) => ({
      ...source("nginx:1"),
      ports: { p: { publishedPort, targetPort: 80 } },
    });
    assert.deepEqual(await fresh("Application", ports(25)), []);
    assert.match(
      (await fresh("Application", ports(443))).join("\n"),
      /^Port 443\/tcp is a port that Traefik uses/,
    );
  });

  it("warns of one port that two services publish", async () => {
    const ports = { p: { publishedPort: 2525, targetPort: 25 } };
    const plan = (name: string, more: Values = {}) =>
      server.Application.check(
        {},
        { ...withProvider({ environmentId, name, source: docker, ports, ...more }), __urn: name },
      );
    server.newRun();
    const before = server.warnings.length;
    await plan("blue");
    await plan("far", { serverId: unknown });
    assert.equal(server.warnings.length, before);
    await plan("green");
    assert.deepEqual(server.warnings.slice(before), [
      'Port 2525/tcp of Application "green" is the same as that of Application "blue": if both run on one server, ' +
        "only one of them can have it.",
    ]);
  });

  describe("of which some are not known yet", () => {
    const fine: [what: string, inputs: Values][] = [
      ["a name", { name: unknown }],
      ["the environment", { environmentId: unknown }],
      ["the whole source", { source: unknown }],
      ["the type of the source", { source: { type: unknown, image: "x" } }],
      ["the image", { source: { type: "docker", image: unknown } }],
      ["a number", { replicas: unknown }],
      ["a size", { resources: { memoryLimit: unknown } }],
      ["a value in env", { env: { A: unknown, B: "${{A}}" } }],
      ["all of env", { env: unknown }],
      ["the whole of deploy", { deploy: unknown }],
      ["an option of deploy", { deploy: { timeoutSeconds: unknown } }],
      ["an item of a list", { args: ["a", unknown] }],
      ["a key of swarm", { swarm: { healthCheck: { Retries: unknown } } }],
      [
        "a duration of swarm",
        {
          swarm: {
            healthCheck: { Interval: unknown },
            updateConfig: { Parallelism: 1, Order: "start-first", Delay: unknown },
          },
        },
      ],
      ["a port of the health check", { healthCheck: { path: "/health", port: unknown } }],
      ["the words of the health check", { healthCheck: { command: unknown, interval: "10s" } }],
      ["Docker's empty test", { swarm: { healthCheck: { Test: [] } } }],
      ["no health check", { swarm: { healthCheck: { Test: ["NONE"] } } }],
      ["zero, which is the image's own", { swarm: { healthCheck: { Interval: 0, Timeout: "0s" } } }],
    ];
    for (const [what, inputs] of fine) {
      it(`accepts ${what}`, async () => {
        assert.deepEqual(await application(inputs), []);
      });
    }

    it("refuses a target with any two ids", async () => {
      const target = { applicationId: unknown, environmentId: unknown };
      const [problem] = await problems(server.EnvironmentBlock, { target, env: {} });
      assert.match(problem ?? "", /^target: needs exactly one of applicationId, composeId/);
      const other = { applicationId: unknown, name: "api" };
      assert.match(
        (await problems(server.Deployment, { target: other }))[0] ?? "",
        /^target.*name|^target: needs/,
      );
    });

    it("refuses unknown kinds of sources and methods", async () => {
      assert.match(
        (await application({ source: { type: "dokcer", image: unknown } }))[0] ?? "",
        /^source\.type: must be one of "docker"/,
      );
      const deploy = { method: "fast", timeoutSeconds: unknown };
      assert.match((await application({ deploy }))[0] ?? "", /^deploy\.method: must be one of/);
    });

    it("still finds the other mistakes", async () => {
      assert.equal(
        (await application({ env: { A: unknown, "B C": "1" }, replicas: unknown, foo: 1 })).length,
        2,
      );
      const block = await problems(server.EnvironmentBlock, { target: unknown, env: { "A B": "1" } });
      assert.equal(block.length, 1, block.join("\n"));
    });
  });

  describe("warns of inputs that do nothing", () => {
    const global = { mode: { Global: {} } };
    const ports = { "8080/tcp": { publishedPort: 8080, targetPort: 80 } };
    const cases: [
      what: string,
      kind: "Application" | "Postgres" | "Mongo" | "LibSql" | "Compose",
      inputs: Values,
      RegExp | undefined,
    ][] = [
      [
        "replicas beside a mode",
        "Application",
        { replicas: 2, swarm: global },
        /: replicas has no effect, since swarm\.mode/,
      ],
      [
        "replicas beside a mode that is not known",
        "Application",
        { replicas: 2, swarm: { mode: unknown } },
        /replicas has no effect/,
      ],
      ["replicas alone", "Application", { replicas: 2, swarm: { stopGracePeriodSeconds: 5 } }, undefined],
      ["a mode alone", "Application", { swarm: global }, undefined],
      [
        "ports beside an endpoint",
        "Application",
        { ports, swarm: { endpointSpec: { Mode: "vip" } } },
        /: ports has no effect, since swarm\.endpointSpec/,
      ],
      [
        "no ports beside an endpoint",
        "Application",
        { ports: {}, swarm: { endpointSpec: { Mode: "vip" } } },
        undefined,
      ],
      [
        "a port beside an endpoint",
        "Postgres",
        { externalPort: 5432, swarm: { endpointSpec: { Mode: "vip" } } },
        /: externalPort has no effect/,
      ],
      [
        "an endpoint of libSQL",
        "LibSql",
        { swarm: { endpointSpec: { Mode: "vip" } } },
        /: swarm\.endpointSpec has no effect/,
      ],
      [
        "quotes in a command",
        "Application",
        { command: "sh -c 'npm start'" },
        /: Dokploy splits command .* no quotes: .* args\.$/,
      ],
      [
        "quotes in a command of a database",
        "Postgres",
        { command: 'postgres -c "a=b"' },
        /: Dokploy splits command .* words\.$/,
      ],
      ["two spaces in a command", "Application", { command: "npm  start" }, /two spaces make an empty word/],
      ["a command without quotes", "Application", { command: "npm run start" }, undefined],
      ["a command that is not known", "Application", { command: unknown }, undefined],
      ["a command for a shell", "LibSql", { command: "sqld 'a'" }, undefined],
      [
        "a command for a shell of a replica set",
        "Mongo",
        { command: "wait '$A'", replicaSets: true },
        undefined,
      ],
      ["a suffix", "Compose", { suffix: "blue" }, /: suffix has no effect without randomize: true\./],
      ["a suffix that is used", "Compose", { suffix: "blue", randomize: true }, undefined],
      [
        "a suffix of an isolated deployment",
        "Compose",
        { suffix: "blue", isolatedDeployment: true },
        undefined,
      ],
      ["a suffix that may be used", "Compose", { suffix: "blue", randomize: unknown }, undefined],
      [
        "a resolver of previews",
        "Application",
        { preview: { customCertResolver: "dns" } },
        /: preview\.customCertResolver has no effect/,
      ],
      [
        "no resolver of previews",
        "Application",
        { preview: { certificateType: "custom", https: true } },
        /: preview\.customCertResolver is missing/,
      ],
      [
        "a certificate of previews without https",
        "Application",
        { preview: { certificateType: "letsencrypt" } },
        /: preview\.certificateType has no effect/,
      ],
      [
        "a resolver that previews use",
        "Application",
        { preview: { certificateType: "custom", https: true, customCertResolver: "dns" } },
        undefined,
      ],
    ];
    const own: Record<string, Values> = {
      Application: { source: docker },
      Compose: { source: { type: "raw", composeFile: "services: { a: { image: 'a:1' } }\n" } },
      Postgres: { database: "shop", user: "shop", image: "postgres:18" },
      Mongo: { user: "shop", image: "mongo:8" },
      LibSql: { user: "shop" },
    };
    for (const [what, kind, inputs, text] of cases)
      it(`${text === undefined ? "not of" : "such as"} ${what}`, async () => {
        server.newRun();
        server.warnings.length = 0;
        const given = { environmentId, name: "api", ...own[kind], ...inputs };
        assert.deepEqual(await problems(server.of(kind), given), []);
        assert.equal(server.warnings.length, text === undefined ? 0 : 1, server.warnings.join("\n"));
        if (text !== undefined) assert.match(server.warnings[0] ?? "", text);
      });
  });

  it("refuses one port for two purposes of libSQL", async () => {
    const given = { environmentId, name: "api", user: "shop", externalPort: 8080, externalAdminPort: 8080 };
    assert.deepEqual(await problems(server.of("LibSql"), given), [
      "externalAdminPort: is 8080, and so is externalPort: a port of the server can be published only once",
    ]);
    assert.deepEqual(await problems(server.of("LibSql"), { ...given, externalAdminPort: unknown }), []);
  });

  describe("with Dokploy's variables for a service that does not exist yet", () => {
    const created = (inputs: Values) =>
      server.Application.check({}, withProvider({ environmentId, name: "new", source: docker, ...inputs }));

    it("refuses an environment that does not exist", async () => {
      const { failures } = await created({ environmentId: "nope00000000000000000" });
      assert.deepEqual(
        failures.map(({ property }) => property),
        ["environmentId"],
      );
    });

    it("makes no call for an existing service, or while an input is not known", async () => {
      server.newRun();
      await application({});
      await created({ environmentId: unknown });
      assert.deepEqual(server.calls(), []);
    });

    for (const [what, prepare, reason] of [
      [
        "a key without permission",
        () => server.emulator.denyPermission("environment.one"),
        /permission|access/i,
      ],
    ] as const) {
      it(`refuses ${what}`, async () => {
        server.newRun();
        prepare();
        const { failures } = await created({});
        assert.equal(failures.length, 1);
        assert.match(failures[0]?.reason ?? "", reason);
      });
    }
  });
});
