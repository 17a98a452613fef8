import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Secret } from "@pulumi/policy";
import { unknownValue } from "../../../../packages/values";
import { policies } from "../../../../sdk/policies";
import { pem } from "../../../resources/pem";
import { analyze, type Given } from "./analysis";

const docker = (image: string) => ({ source: { type: "docker", image } });
const domain = { host: "api.acme.dev", https: true, certificateType: "letsencrypt" };
const api: Given = {
  kind: "Application",
  name: "api",
  inputs: {
    ...{ name: "api", ...docker("acme/api:1.4.2"), resources: { memoryLimit: "512MiB" } },
    ...{ healthCheck: { path: "/health", port: 3000 }, domains: { "api.acme.dev/": domain } },
  },
};
const database: Given = {
  kind: "Postgres",
  name: "db",
  inputs: { name: "db", image: "postgres:18", resources: { memoryLimit: "1GiB" } },
  protect: true,
};
const backup: Given = {
  kind: "Backup",
  name: "nightly",
  inputs: { postgresId: unknownValue, destinationId: "d", schedule: "0 3 * * *" },
  from: { postgresId: "db" },
};
const limit = "    deploy: { resources: { limits: { memory: 64M } } }\n";
const compose = (text: string, more = limit): Given => ({
  kind: "Compose",
  name: "cache",
  inputs: { name: "cache", source: { type: "raw", composeFile: `services:\n  cache:\n${text}${more}` } },
});
const redis = "    image: redis:8\n";
const served = (serviceName: string): Given => ({
  kind: "Domain",
  name: "cache",
  inputs: { ...domain, composeId: unknownValue, serviceName },
  from: { composeId: "cache" },
});
const key: Given = { kind: "ApiKey", name: "ci", inputs: { name: "ci", expiresInDays: 90 } };
const with_ = (given: Given, inputs: object): Given => ({ ...given, inputs: { ...given.inputs, ...inputs } });
const without = (given: Given, input: string): Given => ({
  ...given,
  inputs: Object.fromEntries(Object.entries(given.inputs).filter(([name]) => name !== input)),
});

/** Programs with one mistake each, and what its policy says. */
const planted: readonly (readonly [
  policy: string,
  program: readonly Given[],
  says: RegExp,
  more?: { stack: string },
])[] = [
  ["latest-tag", [with_(api, docker("acme/api"))], /No version of the image.*Application "api"/],
  ["latest-tag", [with_(api, docker("acme/api:latest"))], /Application "api"/],
  ["latest-tag", [with_(database, { image: "postgres" }), backup], /Postgres "db"/],
  ["latest-tag", [compose("    image: redis:latest\n")], /Compose "cache": 3:12: .*latest/],
  ["no-health-check", [without(api, "healthCheck")], /Application "api" has a domain and no health check/],
  [
    "no-health-check",
    [
      without(without(api, "healthCheck"), "domains"),
      {
        kind: "Domain",
        name: "api",
        inputs: { ...domain, applicationId: unknownValue },
        from: { applicationId: "api" },
      },
    ],
    /Application "api" has a domain/,
  ],
  [
    "no-health-check",
    [with_(api, { swarm: { healthCheck: { Test: ["NONE"] } }, healthCheck: undefined })],
    /Application "api" has a domain/,
  ],
  [
    "no-health-check",
    [compose(`${redis}    ports: ["6379:6379"]\n`)],
    /Compose "cache": 2:3: service "cache" has a port and no health check/,
  ],
  [
    "no-health-check",
    [compose(redis), served("cache")],
    /Compose "cache": 2:3: service "cache" has a domain/,
  ],
  [
    "no-health-check",
    [with_(compose(redis), { domains: { x: { ...domain, serviceName: "cache" } } })],
    /service "cache" has a domain/,
  ],
  [
    "no-health-check",
    [with_(compose(redis), { randomize: true, suffix: "eu" }), served("cache-eu")],
    /service "cache" has a domain/,
  ],
  [
    "no-health-check",
    [
      {
        ...compose(redis),
        inputs: {
          ...{ name: "cache", randomize: true, suffix: "eu" },
          source: { type: "raw", composeFile: `services:\n  cache-eu:\n${redis}${limit}` },
        },
      },
      served("cache-eu"),
    ],
    /service "cache-eu" has a domain/,
  ],
  ["no-memory-limit", [compose(redis, "")], /Compose "cache": 2:3: service "cache" has no memory limit/],
  ["no-memory-limit", [with_(api, { resources: { cpuLimit: 1 } })], /No memory limit.*Application "api"/],
  ["no-memory-limit", [without(database, "resources"), backup], /Postgres "db"/],
  ["unprotected-database", [{ ...database, protect: false }, backup], /Postgres "db" is not protected/],
  ["no-backup", [database], /A database without a backup.*Postgres "db"/],
  ["no-backup", [database, { ...backup, from: {} }], /Postgres "db"/],
  ["no-https", [with_(api, { domains: { x: { host: "api.acme.dev" } } })], /without https.*api\.acme\.dev\//],
  [
    "no-https",
    [{ kind: "Domain", name: "wiki", inputs: { host: "wiki.acme.dev", path: "/w" } }],
    /wiki\.acme\.dev\/w/,
  ],
  ["no-certificate", [with_(api, { domains: { x: { host: "a.acme.dev", https: true } } })], /a\.acme\.dev/],
  [
    "plain-secret",
    [compose("    image: redis:8\n    environment:\n      REDIS_PASSWORD: canary-hunter2\n")],
    /Compose "cache" source\.composeFile: services\.cache\.environment\.REDIS_PASSWORD/,
  ],
  [
    "plain-secret",
    [compose("    image: redis:8\n    command: redis-server --requirepass canary-hunter2\n")],
    /services\.cache\.command/,
  ],
  ["plain-secret", [with_(api, { command: "serve --password canary-hunter2" })], /Application "api" command/],
  ["plain-secret", [with_(api, { args: ["serve", "--password=canary-hunter2"] })], /Application "api" args/],
  [
    "plain-secret",
    [with_(api, { mounts: { "/app.env": { type: "file", content: "DB_PASSWORD=canary-hunter2\n" } } })],
    /Application "api" mounts\["\/app\.env"\]\.content/,
  ],
  [
    "plain-secret",
    [{ ...with_(api, { env: { DB_PASSWORD: new Secret("canary-hunter2") } }), plain: ["env.DB_PASSWORD"] }],
    /Application "api" env\.DB_PASSWORD\. Everybody/,
  ],
  [
    "preview-on-production",
    [with_(api, { preview: { enabled: true } })],
    /preview\.enabled in a stack of production/,
  ],
  ["preview-on-production", [with_(api, { serverId: "srv-1" })], /on srv-1/, { stack: "pr-12" }],
  ["preview-on-production", [api], /on dokploy/, { stack: "pr-12" }],
  [
    "preview-on-production",
    [{ ...with_(api, { serverId: "s" }), provider: "https://prod.acme.dev" }],
    /on https:\/\/prod\.acme\.dev/,
    { stack: "pr-12" },
  ],
  [
    "preview-on-production",
    [with_(api, { serverId: "s", buildServerId: "srv-1" })],
    /on srv-1/,
    { stack: "pr-12" },
  ],
  ["broad-key", [without(key, "expiresInDays")], /ApiKey "ci" never expires/],
  ...(["Organization", "Registry", "Certificate", "Destination", "Notification", "Server"] as const).map(
    (kind) =>
      [
        "broad-key",
        [key, { kind, name: "theirs", inputs: {} }],
        new RegExp(`owner or admin.*${kind} "theirs"`),
      ] as const,
  ),
  [
    "broad-key",
    [key, { kind: "Member", name: "ana", inputs: { email: "ana@acme.dev" } }],
    /owner or admin.*Member "ana"/,
  ],
];
const servers = ["srv-1", "dokploy", "https://prod.acme.dev"];
const config = { "preview-on-production": { productionServers: servers } };

describe("the policies", () => {
  for (const door of ["dynamic", "plugin"] as const) {
    it(`find one planted mistake of each kind, and no other (${door})`, async () => {
      for (const [policy, program, says, { stack } = { stack: "prod" }] of planted) {
        const said = await analyze(program, { door, stack, config });
        assert.equal(said.length, 1, `${policy}: ${said.join("\n")}`);
        assert.ok(said[0]?.startsWith(`${policy}: `), said[0]);
        assert.match(String(said[0]), says);
        assert.doesNotMatch(String(said[0]), /canary/);
      }
      const tried = new Set(planted.map(([policy]) => policy));
      const names = policies().map(({ name }) => name);
      assert.deepEqual(
        names.filter((name) => !tried.has(name)),
        ["secret-marks", "exceptions"],
      );
    });

    it(`are silent about a program without mistakes (${door})`, async () => {
      const program = [
        ...[api, database, backup, key],
        ...[compose(redis), served("worker")],
        with_(api, { swarm: { healthCheck: { Test: [] } }, healthCheck: undefined }),
        { ...database, name: "saved" },
        {
          kind: "VolumeBackup",
          name: "saved",
          inputs: { postgresId: unknownValue },
          from: { postgresId: "saved" },
        } as const,
      ];
      const said = await analyze(program, {
        door,
        config,
      });
      assert.deepEqual(said, []);
    });
  }

  it("are silent about a domain with a certificate of one's own", async () => {
    const secured: Given = { kind: "Domain", name: "own", inputs: { host: "shop.example.com", https: true } };
    const own: Given = { kind: "Certificate", name: "own", inputs: { certificateData: pem.certificate } };
    assert.deepEqual(await analyze([with_(secured, { certificateType: "none" })]), []);
    assert.deepEqual(await analyze([secured, own]), []);
    assert.match(
      (await analyze([with_(secured, { host: "a.acme.dev" }), own])).join(),
      /a\.acme\.dev\/\. Give/,
    );
  });

  it("are silent about what only the update knows", async () => {
    const unknown = {
      source: { type: "docker", image: unknownValue },
      resources: unknownValue,
      healthCheck: unknownValue,
    };
    const domains = { x: { host: unknownValue }, y: unknownValue };
    for (const swarm of [
      unknownValue,
      ...[unknownValue, {}, { Test: unknownValue }].map((healthCheck) => ({ healthCheck })),
    ])
      assert.deepEqual(await analyze([with_(without(api, "healthCheck"), { swarm })]), []);
    const file = { type: "raw", composeFile: unknownValue };
    assert.deepEqual(
      await analyze([with_(api, { ...unknown, domains }), with_(compose(""), { source: file })]),
      [],
    );
  });

  it("count a secret as a secret, wherever a program gives it", async () => {
    const content = new Secret("DB_PASSWORD=canary-hunter2\n");
    const given = with_(api, {
      command: new Secret("serve --password canary-hunter2"),
      mounts: { "/app.env": { type: "file", content } },
      env: { API_TOKEN: new Secret("canary-hunter2") },
      security: { staff: { username: "staff", password: new Secret("canary-hunter2") } },
    });
    assert.deepEqual(await analyze([given]), []);
    assert.match(
      String(await analyze([given], { marks: false })),
      /^exceptions: plain-secret finds nothing unless/,
    );
  });

  it("quote no part of a compose file that is a secret", async () => {
    const composeFile = new Secret(
      "services:\n  canary-name: { image: acme/canary-image, ports: ['80:80'] }\n",
    );
    const found = await analyze([with_(compose(""), { source: { type: "raw", composeFile } })], {
      stack: "prod",
    });
    assert.equal(found.length, 3, found.join("\n"));
    assert.doesNotMatch(found.join("\n"), /canary/);
    assert.match(found.join("\n"), /Compose "cache": 2:3: a service has no memory limit/);
    assert.match(found.join("\n"), /2:\d+: the image of a service has no version \[latest-tag\]/);
  });

  it("ask for versions and protection in production only, by the names of stacks", async () => {
    const program = [with_(api, docker("acme/api")), { ...database, protect: false }, backup];
    assert.deepEqual(await analyze(program, { stack: "test" }), []);
    assert.equal((await analyze(program, { stack: "eu-live" })).length, 2);
    const production = { production: ["main"] };
    const own = { "latest-tag": production, "unprotected-database": production };
    assert.equal((await analyze(program, { stack: "main", config: own })).length, 2);
    assert.deepEqual(await analyze(program, { stack: "prod", config: own }), []);
  });

  it("except a resource for a reason, which they show", async () => {
    const exceptions = (reasons: object) => ({
      "no-memory-limit": { exceptions: reasons },
      "no-backup": { exceptions: reasons },
    });
    const program = [without(database, "resources"), with_(api, { resources: {} })];
    const said = await analyze(program, {
      config: exceptions({ "Postgres db": "a cache, made again from the shop" }),
    });
    assert.deepEqual(
      said
        .map((text) => text.replace(/No memory limit.*?: (?=Application)/, ""))
        .map((text) => text.slice(0, 100)),
      [
        'no-memory-limit: Application "api". Give resources: { memoryLimit: "512MiB" }. [no-memory-limit]'.slice(
          0,
          100,
        ),
        "exceptions: no-memory-limit does not apply to Postgres db: a cache, made again from the shop",
        "exceptions: no-backup does not apply to Postgres db: a cache, made again from the shop",
      ],
    );
    const unreasoned = await analyze(program, { config: exceptions({ "Postgres db": " " }) });
    assert.deepEqual(
      unreasoned.map((text) => text.slice(0, text.indexOf(":"))),
      ["no-memory-limit", "no-memory-limit", "no-backup"],
    );
  });

  it("except no other resource that has the name", async () => {
    const reasons = {
      "Domain api": "in the company's network",
      api: "all",
      "no kind": "x",
      "Application ": "x",
      "a-Domain wiki": "x",
    };
    const config = { "no-memory-limit": { exceptions: reasons } };
    const said = await analyze([with_(api, { resources: {} })], { config });
    assert.match(said[0] ?? "", /^no-memory-limit: .*Application "api"/);
    const advice = 'which names no kind: write it before the name, as in "Domain wiki".';
    assert.deepEqual(
      said.slice(1),
      ["api", "no kind", "Application ", "a-Domain wiki"].map(
        (name) => `exceptions: no-memory-limit has an exception for "${name}", ${advice}`,
      ),
    );
  });

  it("name a setting that a policy does not have, which Pulumi ignores", async () => {
    const typed = { "latest-tag": { prodution: ["main"] }, "no-https": { production: ["main"] } };
    assert.deepEqual(await analyze([api], { config: typed }), [
      'exceptions: latest-tag has no setting "prodution": it has exceptions, production.',
      'exceptions: no-https has no setting "production": it has exceptions.',
    ]);
  });

  it("have the levels that their page gives", () => {
    const page = readFileSync("docs/everyday/policies.md", "utf8");
    const rows = [...page.matchAll(/^\| `([\w-]+)` +\| (\w+) \|/gm)].map(
      ([, name, level]) => `${name} ${level}`,
    );
    const levels = policies().map(({ name, enforcementLevel }) => `${name} ${enforcementLevel}`);
    assert.deepEqual(rows.sort(), levels.sort());
  });

  it("ask for the health check of what requests reach, and of nothing else", async () => {
    const schedule: Given = {
      kind: "Schedule",
      name: "nightly",
      inputs: { composeId: unknownValue, serviceName: "cache" },
      from: { composeId: "cache" },
    };
    const elsewhere = { ...served("cache"), from: { composeId: "nowhere" } };
    const unreached = with_(without(api, "healthCheck"), { domains: {}, ports: { a: { targetPort: 80 } } });
    assert.deepEqual(await analyze([compose(redis), schedule, elsewhere, unreached]), []);
  });

  it("take no setting but their own, and reasons of at least one character", () => {
    const schemas = policies().flatMap((policy) =>
      policy.configSchema ? [[policy.name, policy.configSchema.properties] as const] : [],
    );
    const texts = { type: "array", items: { type: "string" } };
    const own = { production: texts, productionServers: texts };
    for (const [name, { exceptions = {}, ...others }] of schemas) {
      assert.deepEqual(exceptions.additionalProperties, { type: "string", pattern: "\\S" }, name);
      assert.equal(exceptions.type, "object");
      if (name === "preview-on-production") assert.deepEqual(others, own);
    }
    assert.equal(schemas.length, policies().length - 2);
  });

  it("are silent about previews that are not enabled", async () => {
    assert.deepEqual(await analyze([with_(api, { preview: { enabled: false } })]), []);
  });

  it("count the limit of a stack, which Swarm reads from deploy alone", async () => {
    const limited = compose(redis, "    mem_limit: 64m\n");
    assert.deepEqual(await analyze([limited]), []);
    assert.match(
      (await analyze([with_(limited, { composeType: "stack" })])).join(),
      /^no-memory-limit: .*no memory limit/,
    );
  });

  it("do not speak of secrets where a program has no resources", async () => {
    assert.deepEqual(await analyze([], { marks: false }), []);
  });

  it("do not see what Pulumi adds to the inputs", async () => {
    assert.deepEqual(
      await analyze([
        with_(api, { __x: { "app.env": { type: "file", content: "DB_PASSWORD=canary-hunter2\n" } } }),
      ]),
      [],
    );
  });

  it("see any name that the program chooses below an input", async () => {
    const patched = with_(api, { patches: { "__conf__.py": { content: "DB_PASSWORD=canary-hunter2\n" } } });
    assert.match((await analyze([patched])).join(), /__conf__\.py/);
  });

  it("see nothing in resources of other packages", async () => {
    const other = { ...api, kind: "Bucket" } as unknown as Given;
    assert.deepEqual(await analyze([with_(other, docker("x"))]), []);
  });
});
